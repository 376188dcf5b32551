// gRPC's canonical codes, and the statuses that gateways turn them into (google/rpc/code.proto says which).

const STATUSES = new Map<string, number>([
  ['INVALID_ARGUMENT', 400],
  ['FAILED_PRECONDITION', 400],
  ['OUT_OF_RANGE', 400],
  ['UNAUTHENTICATED', 401],
  ['PERMISSION_DENIED', 403],
  ['NOT_FOUND', 404],
  ['ABORTED', 409],
  ['ALREADY_EXISTS', 409],
  ['RESOURCE_EXHAUSTED', 429],
  ['CANCELLED', 499],
  ['DATA_LOSS', 500],
  ['INTERNAL', 500],
  ['UNKNOWN', 500],
  ['UNIMPLEMENTED', 501],
  ['UNAVAILABLE', 503],
  ['DEADLINE_EXCEEDED', 504],
])

/** "NOT_FOUND. There is no such book.": the status of the canonical code that opens a text. */
export function canonicalStatus(text: string): number | null {
  const [, name = ''] = /^\W{0,3}([A-Z_]{5,20})(?=[.:,)\s]|$)/.exec(text) ?? []
  return STATUSES.get(name) ?? null
}
