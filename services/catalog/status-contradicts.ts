import type { ErrorClass } from '../contract/vocabulary.ts'

// Where a status and a class cannot both be right, whoever the publisher is. Only the plain cases: APIs take liberties,
// and a 404 for what one may not see, or a 400 for anything at all, are among them.

const CLASSES_OF = new Map<number, readonly ErrorClass[]>([
  [401, ['auth', 'permission', 'billing', 'other']],
  [402, ['billing', 'quota', 'permission', 'rate_limit', 'other']],
  [404, ['not_found', 'permission', 'validation', 'conflict', 'maintenance', 'other']],
  [410, ['not_found', 'permission', 'validation', 'conflict', 'maintenance', 'other']],
  [429, ['rate_limit', 'quota', 'concurrency', 'upstream', 'billing', 'other']],
])

/** Faults of the request or its sender, which a 5xx denies. */
const CALLERS_FAULT: ReadonlySet<ErrorClass> = new Set([
  'auth',
  'permission',
  'validation',
  'not_found',
  'conflict',
  'billing',
])
/** The server failed before it knew whose fault it was; these are about the server in spite of their hundred. */
const ABOUT_THE_SERVER = new Set([400, 408, 421, 423, 424, 425, 429])
/** 501 and 505 say that the request asks for what is not there. */
const NEVER_SERVED = new Set([501, 505])

export function statusContradicts(status: number, errorClass: ErrorClass): boolean {
  if (CLASSES_OF.get(status)?.includes(errorClass) === false) return true
  if (status >= 500) return CALLERS_FAULT.has(errorClass) && !NEVER_SERVED.has(status)
  return status >= 400 && errorClass === 'internal' && !ABOUT_THE_SERVER.has(status)
}
