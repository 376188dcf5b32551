import { callIdOf } from './call-id.ts'

/** What the headers of a request say of the logical call it belongs to. */
export interface Announced {
  /** `api.call_id`; null where they name none. */
  id: string | null
  /** 0 for the first; null where they do not say. */
  attempt: number | null
  /** OpenTelemetry's own header: another instrumentation has a span for this request. */
  traceparent: string | null
}

/** The headers that are looked for, by the length of their names: most others are passed over by that alone. */
export const ANNOUNCING = [
  'idempotency-key',
  'x-stainless-retry-count',
  'amz-sdk-request',
  'amz-sdk-invocation-id',
  'x-goog-api-client',
  'traceparent',
] as const
const LENGTHS = new Set(ANNOUNCING.map(({ length }) => length))

export const mayAnnounce = (name: string): boolean => LENGTHS.has(name.length)

export const NOTHING_ANNOUNCED: Announced = { id: null, attempt: null, traceparent: null }

/** Reads one header more. SDKs that send a call again mostly say so in one of their own. */
export function readAnnouncing(name: string, value: string, into: Announced): void {
  switch (name.toLowerCase()) {
    case 'idempotency-key':
      into.id = callIdOf(value)
      break
    case 'x-stainless-retry-count':
      into.attempt = countOf(value)
      break
    case 'amz-sdk-invocation-id':
      into.id ??= callIdOf(value)
      break
    case 'amz-sdk-request':
      into.attempt = fromOne(/\battempt=(\d{1,6})/.exec(value)?.[1])
      break
    case 'x-goog-api-client':
      into.attempt ??= fromOne(/\bgccl-attempt-count\/(\d{1,6})/.exec(value)?.[1])
      break
    case 'traceparent':
      into.traceparent = value
  }
}

function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null
}

/** Those that call the first one 1. */
function fromOne(text: string | undefined): number | null {
  const count = countOf(text)
  return count === null || count === 0 ? null : count - 1
}
