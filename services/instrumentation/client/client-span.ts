import {
  context,
  createContextKey,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapSetter,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ERROR_TYPE,
  METHOD,
  METHOD_ORIGINAL,
  SERVER_ADDRESS,
  SERVER_PORT,
  URL_FULL,
} from '../observe/names.ts'
import type { Origin } from './origins.ts'

/** The SDK's own key, for what its exporters send. */
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** What exporters send is nobody's call. */
export const isSuppressed = (): boolean => context.active().getValue(SUPPRESSED) === true

const METHODS = new Set('CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE'.split(' '))

/** A span by the semantic conventions of HTTP clients. What stands behind a ? is left out: keys travel there. */
export function startClientSpan(tracer: Tracer, method: string, origin: Origin, path: string): Span {
  const isUsual = METHODS.has(method)
  const query = path.indexOf('?')
  return tracer.startSpan(isUsual ? method : 'HTTP', {
    kind: SpanKind.CLIENT,
    attributes: {
      [METHOD]: isUsual ? method : '_OTHER',
      ...(!isUsual && { [METHOD_ORIGINAL]: method.slice(0, 64) }),
      [SERVER_ADDRESS]: origin.host,
      [SERVER_PORT]: origin.port,
      [URL_FULL]: origin.text + (query < 0 ? path : path.slice(0, query)),
    },
  })
}

/** Lets the server's span be a child of this one. */
export function propagate<Carrier>(span: Span, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
  propagation.inject(trace.setSpan(context.active(), span), carrier, setter)
}

/** As the semantic conventions have it: the status, for an answer that says that the call failed. */
export function markFailed(span: Span, type: string): void {
  span.setAttribute(ERROR_TYPE, type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** What OpenTelemetry calls an error that is no answer: a system's code, else the name of the class. */
export function errorType(error: unknown): string {
  const { code, name, cause } = (error ?? {}) as {
    code?: unknown
    name?: unknown
    cause?: { code?: unknown }
  }
  for (const word of [code, cause?.code, name])
    if (typeof word === 'string' && word !== '') return word.slice(0, 64)
  return '_OTHER'
}
