import { classOf, type Subject, wordsOfCode } from './error-class.ts'
import { retryOfStatus } from './status-default.ts'
import type { ErrorClass, Retry } from './words.ts'

// What a code most likely means and whether to send the call again, where its publisher does not say. One policy, read
// from top to bottom; the first line that fits decides. docs/catalogs.md has it as a table, the tests too.

export interface Described {
  code: string
  /** Empty where unknown. */
  http: readonly number[]
  /** Meaning and action, as published. */
  words: string
}

export interface Derived {
  retry: Retry
  class: ErrorClass
  /** What a client must know besides; empty if nothing. */
  advice: string
}

export const MAY_HAVE_HAPPENED =
  'The call may have been carried out: send it again only if it is idempotent or carries an idempotency key.'

export function deriveRetry(described: Described): Derived {
  const subject = subjectOf(described)
  const errorClass = classOf(subject)
  const retry = retryOf(subject, errorClass)
  return { retry, class: errorClass, advice: adviceOf(subject, errorClass, retry) }
}

function subjectOf({ code, http, words }: Described): Subject {
  const hundreds = new Set(http.map((status) => Math.floor(status / 100)))
  const status = hundreds.size === 1 ? http[0] : 0
  return { name: wordsOfCode(code), meaning: words.slice(0, 1000).toLowerCase(), status }
}

interface RetryRule {
  /** As docs/catalogs.md says it. */
  when: string
  retry: Retry
  fits: (subject: Subject, errorClass: ErrorClass) => boolean
}

const says =
  (name: RegExp, meaning: RegExp = name) =>
  (subject: Subject) =>
    name.test(subject.name) || meaning.test(subject.meaning)

const neverServed = says(
  /not implemented|insufficient storage|unsupported|not supported|version not|data loss|corrupt|permanent|fatal|unrecoverable/,
  /not implemented|not supported|unrecoverable|permanent(?:ly)?\b/,
)
const expired = says(
  /expired?\b(?!.*(?:key|card|session|trial|link|coupon))|expired token|token (?:has )?expired|stale token|token stale/,
  /token (?:has |is )?expired|(?:token|jwt|credentials?) (?:has |have )?(?:passed its expiry|expired)|session token .{0,20}expired/,
)
/** "Expired or invalid" of what a program gets anew by itself. */
const stale = ({ status, meaning }: Subject) =>
  status === 401 &&
  /\b(?:access token|token|session|session id|jwt)\b[^.]{0,40}\bexpired\b|refresh (?:the|your) (?:access )?token|\bre-?authenticate\b/.test(
    meaning,
  ) &&
  !/\brevoked\b|refresh token (?:is|has|was)/.test(meaning)
const ofAKey = says(/key/, /\bapi key\b/)
const idempotencyReuse = ({ name, meaning }: Subject) =>
  /idempot/.test(`${name} ${meaning}`) &&
  !/in (?:use|progress)|concurrent|not finished|required|missing|still being|in flight|must include/.test(
    `${name} ${meaning}`,
  )
const passing = says(
  /in progress|locked|lock timeout|lock\b|busy|aborted|abort|concurrent|optimistic|try again|not ready|key in use|being (?:deleted|created|modified|updated)|serialization|deadlock|stale|pending|raced?\b|prior request|transaction conflict|unsettled|temporar|collision|loading|starting|warming/,
  /in progress|collision|being (?:deleted|created|updated|modified|moved|migrated|processed)|currently (?:used|accessing|being)|try again (?:later|soon|in a)|another (?:request|operation|transaction|process|client|worker)|\blocked\b|concurrenc?|read-modify-write|has not finished|still (?:being )?process|at once|temporar/,
)
const passingFault = says(
  /throttl|slow ?down|timeout|timed out|unavailable|temporar|transient|overload|busy|deadline|capacity|communication|internal|server error|service (?:error|failure)|not available$|leader|rebalanc|connection|network|disconnect|try again|replica|primary|stepped down|recovering|api error|unreachable|not respond|not enough/,
  /temporar(?:y|ily)|intermittent|until (?:the )?(?:\w+ ){1,3}(?:is|are) complete|timed out|overloaded|try again|could(?:n['’]t| not) be reached|not (?:currently )?responding|unavailable|internal (?:server )?error|transient/,
)

export const RETRY_RULES: readonly RetryRule[] = [
  {
    when: 'the words say the server will never do it: not implemented, data lost',
    retry: 'never',
    fits: neverServed,
  },
  {
    when: 'the concurrency limit is reached: a place gets free',
    retry: 'backoff',
    fits: (_, errorClass) => errorClass === 'concurrency',
  },
  {
    when: 'an allowance is used up: next month is no retry',
    retry: 'never',
    fits: (_, errorClass) => errorClass === 'quota',
  },
  { when: 'a rate limit', retry: 'after_wait', fits: (_, errorClass) => errorClass === 'rate_limit' },
  {
    when: '429 because of a system behind the API',
    retry: 'backoff',
    fits: ({ status }, errorClass) => status === 429 && errorClass === 'upstream',
  },
  {
    when: 'an idempotency key was used for another request',
    retry: 'new_idempotency_key',
    fits: (subject) => subject.status < 500 && idempotencyReuse(subject),
  },
  {
    when: 'a token expired (not a key, which a person makes)',
    retry: 'after_reauth',
    fits: (subject, errorClass) =>
      errorClass === 'auth' && (expired(subject) || stale(subject)) && !ofAKey(subject),
  },
  {
    when: 'the credentials are wrong or lack a permission; money; a missing thing',
    retry: 'never',
    fits: (_, errorClass) => ['auth', 'permission', 'billing', 'not_found'].includes(errorClass),
  },
  {
    when: 'a conflict that passes: locked, in progress, aborted, changed at the same time',
    retry: 'backoff',
    fits: (subject, errorClass) => errorClass === 'conflict' && passing(subject),
  },
  {
    when: 'any other conflict: the state must change first',
    retry: 'never',
    fits: (_, errorClass) => errorClass === 'conflict',
  },
  {
    when: 'maintenance, or switched off for now',
    retry: 'later',
    fits: (_, errorClass) => errorClass === 'maintenance',
  },
  {
    when: 'a 4xx (or no status) whose words speak of a passing fault of the server',
    retry: 'backoff',
    fits: (subject, errorClass) =>
      [0, 200, 400, 402, 409, 424].includes(subject.status) &&
      (errorClass === 'internal' || errorClass === 'upstream') &&
      passingFault(subject),
  },
  {
    when: 'a fault in the request',
    retry: 'never',
    fits: ({ status }, errorClass) =>
      errorClass === 'validation' && status < 500 && status !== 408 && status !== 425,
  },
]

function retryOf(subject: Subject, errorClass: ErrorClass): Retry {
  const rule = RETRY_RULES.find(({ fits }) => fits(subject, errorClass))
  return rule?.retry ?? retryOfStatus(subject.status)
}

/** A failure of the server's side may come after the work was done. */
function adviceOf({ status }: Subject, errorClass: ErrorClass, retry: Retry): string {
  const unsure = status === 500 || status === 502 || status === 504 || status === 408
  if (retry !== 'backoff' && retry !== 'once') return ''
  return unsure || (status === 0 && (errorClass === 'internal' || errorClass === 'upstream'))
    ? MAY_HAVE_HAPPENED
    : ''
}
