import {
  type Context,
  type Span,
  SpanKind,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api'
import { insideServerSpan, NEXT } from '../server/next-spans.ts'

// The official instrumentation of undici keeps its spans to itself, and they end with the last byte. To say something on
// them they have to be seen when they start: a tracer's class is told apart from a module's, so nothing is patched that
// is loaded, only the one method of the tracers there are.

export type OnClientSpan = (span: Span, tracer: string) => void

interface SdkTracer extends Tracer {
  instrumentationScope?: { name: string }
  instrumentationLibrary?: { name: string }
}

const watched = new Map<object, OnClientSpan | null>()

/** Tells of every CLIENT span that a provider's tracers start. The function it answers ends that. */
export function watchClientSpans(provider: TracerProvider, tell: OnClientSpan): (() => void) | null {
  const real =
    'getDelegate' in provider ? (provider as { getDelegate(): TracerProvider }).getDelegate() : provider
  const prototype = Object.getPrototypeOf(real.getTracer('@telltale/instrumentation')) as Tracer | null
  if (prototype === null || prototype === Object.prototype || !Object.hasOwn(prototype, 'startSpan'))
    return null
  if (prototype.constructor.name === 'NoopTracer') return null
  if (!watched.has(prototype)) wrap(prototype)
  watched.set(prototype, tell)
  return () => {
    if (watched.get(prototype) === tell) watched.set(prototype, null)
  }
}

function wrap(prototype: Tracer): void {
  const original = prototype.startSpan
  prototype.startSpan = function startSpan(
    this: SdkTracer,
    name: string,
    options?: SpanOptions,
    context?: Context,
  ) {
    const tell = watched.get(prototype) ?? null
    if (tell === null) return original.call(this, name, options, context)
    const tracer = (this.instrumentationScope ?? this.instrumentationLibrary)?.name ?? ''
    const asked = tracer === NEXT ? insideServerSpan(options) : options
    const span = original.call(this, name, asked, context)
    if (options?.kind === SpanKind.CLIENT) tell(span, tracer)
    return span
  }
}
