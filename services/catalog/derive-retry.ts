import type { ErrorClass, Retry } from '../contract/vocabulary.ts'
import { classOfStatus, retryOfStatus } from './status-default.ts'

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

interface Subject {
  /** The code in lower-case words: RATE_LIMIT_IP and rateLimitIp are both "rate limit ip". */
  name: string
  meaning: string
  /** 0 where unknown or where several disagree. */
  status: number
}

export const wordsOfCode = (code: string): string =>
  code
    .slice(0, 128)
    .replace(/(\p{Ll}|\d)(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1$2 ')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
    .toLowerCase()

function subjectOf({ code, http, words }: Described): Subject {
  const hundreds = new Set(http.map((status) => Math.floor(status / 100)))
  const status = hundreds.size === 1 ? http[0] : 0
  return { name: wordsOfCode(code), meaning: words.slice(0, 1000).toLowerCase(), status }
}

/** By the words of the code, then those of the meaning. A line holds for the statuses it names, or for all. */
interface Rule {
  class: ErrorClass
  name: RegExp
  meaning?: RegExp
  statuses?: (status: number) => boolean
}

const any =
  (...statuses: number[]) =>
  (status: number) =>
    status === 0 || status === 200 || statuses.includes(status)
const below500 = (status: number) => status < 500

const CLASSES: readonly Rule[] = [
  // Sent on in place of what the server itself does not know.
  { class: 'other', name: /^unknown(?: error)?$/ },
  {
    class: 'concurrency',
    name: /concurren(?:t|cy)(?! (?:modif|update|append|edit|write|change|transaction))|too many (?:active|running|open|simultaneous|parallel|jobs|connections|sessions)|(?:session|connection|job|parallel|simultaneous) limit|max(?:imum)? (?:connections|sessions)|in flight/,
    meaning:
      /\bconcurrent (?:requests|jobs|calls|connections|sessions|generation)|too many (?:active|running|open|simultaneous|parallel|jobs|queued)|at the same time|simultaneous(?:ly)?/,
    statuses: any(400, 403, 409, 429, 503),
  },
  {
    class: 'rate_limit',
    name: /rate ?limit(?!.*(?:config|rule|not found))|throttl|too many (?:requests|calls|attempts)|slow ?down|request limit|flood|too fast|frequency|bandwidth limit|requests? (?:per|rate)|throughput exceeded|enhance your calm|many requests|limited$|resource exhausted/,
    meaning:
      /\brate[- ]?limit|\bthrottl|too many (?:requests|calls|attempts|messages)|requests? per (?:second|minute|hour)|too (?:quickly|fast|frequent)|zu viele anfragen|trop de requ|demasiadas (?:pet|solic)|troppe rich|слишком много запросов|リクエストが多|过于频繁/,
    statuses: any(400, 402, 403, 420, 429, 503, 509),
  },
  {
    class: 'upstream',
    name: /upstream|vendor|backend|gateway|bad gateway|third party|partner|dependency|origin|idp communication|processor (?:down|unavailable|timeout)|institution (?:down|not responding)|provider (?:error|down|unavailable|timeout)/,
    meaning:
      /\bupstream\b|third[- ]party (?:service|provider)|dependenc(?:y|ies)|did not respond|does not (?:answer|respond)/,
    statuses: any(400, 424, 429, 500, 502, 503, 504),
  },
  {
    class: 'quota',
    name: /quota|allowance|(?:daily|monthly|hourly|usage|credit|request|call|storage) ?(?:limit|cap)|credits? (?:exhausted|used)|limit exceeded (?:daily|monthly)/,
    meaning:
      /\bquota\b|allowance|monthly (?:limit|request|usage)|daily (?:limit|request|usage)|(?:credits|limit) (?:is |are |has been )?(?:used up|exhausted)|out of credits|call limit reached|spend limit/,
    statuses: any(400, 402, 403, 413, 429),
  },
  {
    class: 'billing',
    name: /credit(?!ential)|balance|billing|payment required|spending|spend limit|trial|subscription|plan required|pro required|upgrade|insufficient funds|wallet|overdue|unpaid|invoice|kyc/,
    meaning:
      /\bbalance\b|\btop up\b|upgrade (?:your|to)|\bcredits?\b|subscription|spend cap|requires the \w+ plan|overdue|unpaid/,
    statuses: any(400, 402, 403, 429),
  },
  {
    class: 'maintenance',
    name: /maintenance|platform disabled|endpoint disabled|read only|shut ?down|wartung|temporarily disabled/,
    meaning:
      /maintenance|wartung|メンテナンス|disabled by the operator|temporarily (?:disabled|switched off)|read-only mode/,
    statuses: any(403, 423, 500, 502, 503),
  },
  {
    class: 'not_found',
    name: /not ?found|no such|does ?n.?t exist|not exist|unknown (?:resource|object|id|user|channel)|gone|deleted|missing resource/,
    meaning: /does not exist|not found|could not be found|no longer exists/,
    statuses: any(400, 404, 410, 422),
  },
  {
    class: 'auth',
    name: /auth(?!or)(?!.*(?:permission|scope))|(?:api |access |secret )?key (?:invalid|expired|revoked|missing|disabled)|(?:invalid|missing|expired|bad|malformed|revoked|wrong|disabled) (?:\w+ )?(?:key|token|credentials?|signature|jwt|login|password|client|session)|token|credential|signature|unrecognized client|login required|not signed in|logged out|unauthori[sz]ed/,
    meaning:
      /(?:api key|access token|bearer token|credentials?|signature|jwt) (?:is |are |has |was )?(?:invalid|expired|revoked|missing|incorrect)|(?:invalid|missing|expired|malformed) (?:or \w+ )?(?:api key|token|credentials?|signature)/,
    statuses: any(401, 403, 400, 419, 440, 498),
  },
  {
    class: 'permission',
    name: /forbidden|permission|access denied|not allowed|not authori[sz]ed|denied|scope|suspended|blocked|banned|disabled|restricted|not permitted|privilege|opt in|ip not|inactive|archived/,
    meaning: /\bpermission|not allowed to|access (?:is )?denied|suspended|required scope|not authori[sz]ed/,
    statuses: any(401, 403, 405, 423, 451),
  },
  {
    class: 'conflict',
    name: /conflict|already|duplicate|exists|idempoten(?!.*(?:required|missing))|in use|in progress|locked|lock|stale|version mismatch|precondition|modified|aborted|concurrent (?:modif|update|append|edit|write|change|transaction)|collision|being (?:deleted|created|modified)|not ready|not complete|out of stock/,
    meaning:
      /already (?:exists|in use|been)|\bconflict|another (?:request|operation|process|transaction)|in progress|idempotency/,
    statuses: any(400, 409, 412, 422, 423, 428),
  },
  {
    class: 'internal',
    name: /internal|server error|unavailable|overload|unexpected|temporary|timeout|timed out|service (?:error|failure|busy)|server (?:busy|down)|deadline|capacity|fatal|unknown server|system error|not available|crash|busy|api error/,
    meaning:
      /internal (?:server )?error|temporar(?:y|ily)|unexpected error|overloaded|unavailable|on our (?:end|side)|timed out/,
    statuses: (status) => status === 0 || status === 200 || status === 400 || status >= 500,
  },
  {
    class: 'validation',
    name: /invalid|missing|malformed|required|bad|unsupported|too (?:large|long|big|small|short|many)|validation|mismatch|parse|format|illegal|unprocessable|out of range|param|argument|field|unknown|wrong|empty|not supported|limit/,
    meaning: /\binvalid\b|\bmissing\b|\brequired\b|malformed|must be|not valid|too (?:large|long)/,
    statuses: below500,
  },
]

/** Statuses whose meaning is so plain that only the narrower classes may win over them. */
const PLAIN = new Map<number, readonly ErrorClass[]>([
  [401, ['auth', 'billing']],
  [402, ['billing', 'quota']],
  [404, ['not_found']],
  [410, ['not_found']],
  [422, ['validation', 'conflict', 'not_found']],
  [429, ['concurrency', 'quota', 'upstream', 'rate_limit', 'billing']],
  [502, ['upstream', 'maintenance']],
  [504, ['upstream', 'maintenance']],
])

function classOf({ name, meaning, status }: Subject): ErrorClass {
  const allowed = PLAIN.get(status)
  const fits = (rule: Rule) =>
    (allowed?.includes(rule.class) ?? true) && (rule.statuses === undefined || rule.statuses(status))
  const rules = CLASSES.filter(fits)
  const named = rules.find((rule) => rule.name.test(name))
  // "limit exceeded" alone leaves it to the meaning which limit.
  if (named && !(named.class === 'rate_limit' && meansAllowance(meaning, name))) return named.class
  if (named) return 'quota'
  return rules.find((rule) => rule.meaning?.test(meaning))?.class ?? classOfStatus(status)
}

const meansAllowance = (meaning: string, name: string) =>
  /\b(?:month(?:ly)?|billing period|daily|per day|allowance|plan)\b/.test(meaning) &&
  !/\b(?:per[- ](?:second|minute|hour)|retry-after|too many requests)\b/.test(meaning) &&
  !/rate ?limit|throttl/.test(name)

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
const ofAKey = says(/key/, /\bapi key\b/)
const idempotencyReuse = ({ name, meaning }: Subject) =>
  /idempot/.test(`${name} ${meaning}`) &&
  !/in (?:use|progress)|concurrent|not finished|required|missing|still being|in flight|must include/.test(
    `${name} ${meaning}`,
  )
const passing = says(
  /in progress|locked|lock timeout|lock\b|busy|aborted|abort|concurrent|optimistic|try again|not ready|key in use|being (?:deleted|created|modified|updated)|serialization|deadlock|stale|pending|raced?\b|prior request|transaction conflict|unsettled|temporar/,
  /in progress|another (?:request|operation|transaction|process|client|worker)|\blocked\b|concurrenc?|read-modify-write|has not finished|still (?:being )?process|at once|temporar/,
)
const passingFault = says(
  /throttl|slow ?down|timeout|timed out|unavailable|temporar|transient|overload|busy|deadline|capacity|communication|internal|server error|service (?:error|failure)|not available$|leader|rebalanc|connection|network|disconnect|try again/,
  /temporar(?:y|ily)|timed out|overloaded|try again|internal (?:server )?error|transient/,
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
    fits: (subject, errorClass) => errorClass === 'auth' && expired(subject) && !ofAKey(subject),
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
      (subject.status === 0 || subject.status === 200 || subject.status === 400 || subject.status === 424) &&
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
