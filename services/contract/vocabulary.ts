// The words of the house. The order of a list is its stored form: the index is the Enum8 value in ClickHouse
// and the byte in a record, so entries are only ever appended.

export const RETRIES = [
  'unknown',
  'never',
  'after_wait',
  'backoff',
  'once',
  'after_reauth',
  'new_idempotency_key',
  'later',
] as const
export type Retry = (typeof RETRIES)[number]

/** May a program send the same request again by itself, after waiting or re-authenticating? */
export const isRetryable = (retry: Retry): boolean =>
  retry === 'after_wait' ||
  retry === 'backoff' ||
  retry === 'once' ||
  retry === 'after_reauth' ||
  retry === 'later'

export const STANDINGS = ['known', 'deprecated', 'unknown', 'mismatched', 'uncoded'] as const
export type Standing = (typeof STANDINGS)[number]

export const CLASSES = [
  'other',
  'auth',
  'permission',
  'validation',
  'not_found',
  'conflict',
  'rate_limit',
  'quota',
  'billing',
  'concurrency',
  'upstream',
  'maintenance',
  'internal',
] as const
export type ErrorClass = (typeof CLASSES)[number]

/** What the catalogs say about an observed (provider, code, status). Shared and frozen: compare it, never change it. */
export interface Verdict {
  readonly retry: Retry
  readonly retryable: boolean
  readonly standing: Standing
  readonly class: ErrorClass
}

/** Whose end of the call saw it. */
export const SIDES = ['server', 'client'] as const
export type Side = (typeof SIDES)[number]

/** OpenTelemetry's SpanKind, by its number. */
export const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const

/** The denominator's coarse status: HTTP by hundreds (0 = a status outside 100..599), RPC by success. */
export const STATUS_CLASSES = ['other', '1xx', '2xx', '3xx', '4xx', '5xx', 'rpc_ok', 'rpc_error'] as const

/** Stands in for a value that came after a column's cardinality limit was reached. */
export const OTHER = '_OTHER'
