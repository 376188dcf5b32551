import { type Context, type HrTime, propagation } from '@opentelemetry/api'
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace'
import { type Told, toldMs, toldOf } from '../told-time.ts'

/** Hands spans on with the times that they are told to have had. */
export function inToldTime(next: SpanProcessor): SpanProcessor {
  const times = new WeakMap<object, Told>()
  return {
    onStart(span: Span, context: Context) {
      const told = toldIn(context)
      if (told !== null) times.set(span, told)
      next.onStart(span, context)
    },
    onEnd(span: ReadableSpan) {
      const told = times.get(span)
      next.onEnd(told === undefined ? span : shifted(span, told))
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  }
}

/** What the request that a context belongs to came with. */
export function toldIn(context: Context): Told | null {
  const value = propagation.getBaggage(context)?.getEntry('shop')?.value
  return value === undefined ? null : toldOf(`shop=${value}`)
}

function shifted(span: ReadableSpan, told: Told): ReadableSpan {
  const time = (real: HrTime): HrTime => {
    const ms = toldMs(told, real[0] * 1000 + real[1] / 1e6)
    return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]
  }
  return Object.create(span, {
    startTime: { value: time(span.startTime) },
    endTime: { value: time(span.endTime) },
    events: { value: span.events.map((event) => ({ ...event, time: time(event.time) })) },
  })
}
