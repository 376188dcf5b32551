import { classOfStatus } from './status-default.ts'
import type { ErrorClass } from './words.ts'

// The class of an error from the words of its code, then of its meaning, as far as the status allows it.

export interface Subject {
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
      /\bconcurrent (?:requests|jobs|calls|connections|sessions|generation)|too many (?:active|running|open|simultaneous|parallel|jobs|queued|concurrent)|at the same time|simultaneous(?:ly)?/,
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
    name: /upstream|vendor|backend|gateway|bad gateway|third party|partner|dependency|origin|idp communication|unreachable|not respond|issuer (?:not available|unavailable|down|timeout)|processor (?:down|unavailable|timeout)|institution (?:down|not responding)|provider (?:error|down|unavailable|timeout)/,
    meaning:
      /\bupstream\b|third[- ]party (?:service|provider)|dependenc(?:y|ies)|did not respond|does not (?:answer|respond)|not (?:currently )?responding|could(?:n['’]t| not) be reached|unreachable/,
    statuses: any(400, 402, 424, 429, 500, 502, 503, 504),
  },
  {
    class: 'quota',
    name: /quota|allowance|(?:daily|monthly|hourly|usage|credit|request|call|storage) ?(?:limit|cap)|credits? (?:exhausted|used)|limit exceeded (?:daily|monthly)/,
    meaning:
      /\bquota\b|allowance|monthly (?:limit|request|usage)|daily (?:limit|request|usage)|(?:credits|limit) (?:is |are |has been )?(?:used up|exhausted)|out of credits|call limit reached|spend limit/,
    statuses: any(400, 402, 403, 409, 413, 422, 429, 507),
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
    name: /(?:account|user|item|card|login|customer|member|tenant|wallet|profile)s? (?:is )?(?:temporarily )?locked|locked (?:account|user|out)|forbidden|permission|access denied|not allowed|not authori[sz]ed|denied|scope|suspended|blocked|banned|disabled|restricted|not permitted|privilege|opt in|ip not|inactive|archived/,
    meaning:
      /\bpermission|not allowed to|access (?:is )?denied|suspended|required scope|not authori[sz]ed|(?:account|user|card|item|login)s? (?:is|are|was|has been) locked|to unlock/,
    statuses: any(400, 401, 403, 405, 423, 451),
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
    name: /internal|server error|unavailable|overload|unexpected|temporary|timeout|timed out|service (?:error|failure|busy)|server (?:busy|down)|deadline|capacity|fatal|unknown server|system error|not available|crash|busy|api error|leader|coordinator|replica|primary|stepped down|recovering|rebalanc|network|connection (?:lost|reset|refused|closed|error|failed)|disconnect|try again/,
    meaning:
      /internal (?:server )?error|temporar(?:y|ily)|unexpected error|overloaded|unavailable|on our (?:end|side)|timed out|transient|server disconnected/,
    statuses: (status) => [0, 200, 400, 402].includes(status) || status >= 500,
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
  [402, ['upstream', 'internal', 'billing', 'quota']],
  [404, ['not_found']],
  [410, ['not_found']],
  [422, ['validation', 'conflict', 'not_found']],
  [429, ['concurrency', 'quota', 'upstream', 'rate_limit', 'billing']],
  [502, ['upstream', 'maintenance']],
  [504, ['upstream', 'maintenance']],
])

const NARROW: ReadonlySet<ErrorClass> = new Set(['concurrency', 'rate_limit', 'quota'])

export function classOf({ name, meaning, status }: Subject): ErrorClass {
  const allowed = PLAIN.get(status)
  const fits = (rule: Rule) =>
    (allowed?.includes(rule.class) ?? true) && (rule.statuses === undefined || rule.statuses(status))
  const rules = CLASSES.filter(fits)
  const byMeaning = rules.find((rule) => rule.meaning?.test(meaning))
  const byName = rules.find((rule) => rule.name.test(name))
  // "limit exceeded" and "invalid state" alone leave it to the meaning what they are about.
  const isVague = byName?.class === 'validation' && /limit|exceeded|too many/.test(name)
  const named = isVague && byMeaning && NARROW.has(byMeaning.class) ? byMeaning : byName
  // "limit exceeded" alone leaves it to the meaning which limit.
  if (named && !(named.class === 'rate_limit' && meansAllowance(meaning, name))) return named.class
  if (named) return 'quota'
  return byMeaning?.class ?? classOfStatus(status)
}

const meansAllowance = (meaning: string, name: string) =>
  /\b(?:month(?:ly)?|billing period|daily|per day|allowance|plan)\b/.test(meaning) &&
  !/\b(?:per[- ](?:second|minute|hour)|retry-after|too many requests)\b/.test(meaning) &&
  !/rate ?limit|throttl/.test(name)
