import type { ErrorClass, Retry } from './words.ts'

// What HTTP itself says about a status (RFC 9110), for errors whose catalog is silent. Used for errors without any
// code; a code that nobody documented is not guessed at.

/**
 * 408, 425: the server gave up on the request before acting on it. 429: wait. 5xx: the server failed, the request may
 * be fine — except 501 and 505, where it says it will never serve such a request. Everything else must change first.
 * 0 and statuses that are no errors say nothing: the connection broke, or HTTP carried a failure of another protocol.
 */
export function retryOfStatus(status: number): Retry {
  if (status < 400 || status > 599) return 'unknown'
  if (status === 429) return 'after_wait'
  if (status === 408 || status === 425) return 'backoff'
  if (status < 500 || status === 501 || status === 505) return 'never'
  return 'backoff'
}

const CLASS_BY_STATUS = new Map<number, ErrorClass>([
  [401, 'auth'],
  [402, 'billing'],
  [403, 'permission'],
  [404, 'not_found'],
  [407, 'auth'],
  [408, 'other'],
  [409, 'conflict'],
  [410, 'not_found'],
  [412, 'conflict'],
  [423, 'conflict'],
  [425, 'other'],
  [429, 'rate_limit'],
  [451, 'permission'],
  [502, 'upstream'],
  [504, 'upstream'],
])

/** The class of an error of which nothing but the status is known. */
export function classOfStatus(status: number): ErrorClass {
  const named = CLASS_BY_STATUS.get(status)
  if (named) return named
  if (status >= 400 && status <= 499) return 'validation'
  if (status >= 500 && status <= 599) return 'internal'
  return 'other'
}
