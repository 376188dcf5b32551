// The vocabulary of catalogs, as far as the policy speaks it. The server has the same, with what it stores; its compiler
// holds the two together where it uses the policy.

export type Retry =
  | 'never'
  | 'after_wait'
  | 'backoff'
  | 'once'
  | 'after_reauth'
  | 'new_idempotency_key'
  | 'later'
  | 'unknown'

export type ErrorClass =
  | 'auth'
  | 'permission'
  | 'validation'
  | 'not_found'
  | 'conflict'
  | 'rate_limit'
  | 'quota'
  | 'billing'
  | 'concurrency'
  | 'upstream'
  | 'maintenance'
  | 'internal'
  | 'other'
