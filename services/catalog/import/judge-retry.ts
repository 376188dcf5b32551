import { isRetryable, type Retry } from '../../contract/vocabulary.ts'
import { type Derived, deriveRetry } from '../../instrumentation/retry-policy/derive-retry.ts'
import { wordsOfCode } from '../../instrumentation/retry-policy/error-class.ts'
import type { Basis, Said, StatedRetry, StatusStatement } from './statement.ts'
import { retryOfText } from './words/retry-words.ts'

export interface Judgement {
  retry: Retry
  retry_is: 'stated' | 'derived' | 'unknown'
  derived: Derived
  /** The rule by status that decided, for its advice. */
  rule: StatusStatement | null
}

/** The strongest first: a column for the purpose, a sentence that names the code, the code's own text, what holds for
 * its status, an action that implies it. */
const ORDER: readonly Basis[] = ['column', 'named', 'text', 'category', 'scope', 'status', 'implied']

export interface Judged {
  code: string
  http: readonly number[]
  meaning: string
  action: string
  stated: readonly StatedRetry[]
}

export function judgeRetry(
  { code, http, meaning, action, stated }: Judged,
  rules: readonly StatusStatement[],
): Judgement {
  const derived = deriveRetry({ code, http, words: `${meaning} ${action}` })
  const candidates = [...stated]
  for (const text of [action, meaning]) {
    const words = retryOfText(text)
    if (words) candidates.push({ said: words.said, basis: words.explicit ? 'text' : 'implied' })
  }
  // What a section says of rates is not said of a used-up allowance in it.
  const isOfRates = http.includes(429) && derived.class === 'quota'
  const rule = ruleFor(rules, http, code, `${meaning} ${action}`, derived)
  if (rule?.retry) candidates.push(rule.retry)

  for (const basis of ORDER) {
    const found = candidates.find((candidate) => candidate.basis === basis)
    if (!found || (basis === 'scope' && isOfRates && found.said !== 'never')) continue
    return { retry: settle(found.said, derived, http), retry_is: 'stated', derived, rule }
  }
  return {
    retry: derived.retry,
    retry_is: derived.retry === 'unknown' ? 'unknown' : 'derived',
    derived,
    rule,
  }
}

/** "Yes" and "no" say whether; status and words say how. */
function settle(said: Said, derived: Derived, http: readonly number[]): Retry {
  if (said === 'never') return derived.retry === 'new_idempotency_key' ? derived.retry : 'never'
  if (said === 'conditional') return derived.retry
  if (said !== 'yes') return said
  if (isRetryable(derived.retry)) return derived.retry
  if (derived.class === 'rate_limit') return 'after_wait'
  if (derived.class === 'auth' && http.includes(401)) return 'after_reauth'
  return derived.class === 'conflict' ? 'later' : 'backoff'
}

const stem = (word: string) => word.toLowerCase().replace(/(?:ations?|ing|ed|es|s|e)$/, '')
const stems = (text: string): Set<string> => new Set((text.match(/[\p{L}\d]{3,}/gu) ?? []).map(stem))

/** Of several rules for a status, the one whose qualifier fits the code, else its words, else the unqualified one. */
function ruleFor(
  rules: readonly StatusStatement[],
  http: readonly number[],
  code: string,
  words: string,
  derived: Derived,
): StatusStatement | null {
  const own = rules.filter(
    ({ retry, statuses }) => retry !== null && statuses.some((status) => http.includes(status)),
  )
  const wide = rules.filter(
    ({ retry, statuses }) =>
      retry !== null &&
      statuses.some((hundred) => hundred < 10 && http.some((status) => Math.floor(status / 100) === hundred)),
  )
  // Statuses that disagree say nothing about the code.
  if (
    http.some((status) => !own.some(({ statuses }) => statuses.includes(status)) && http.length > 1) &&
    wide.length === 0
  )
    return null
  const name = stems(wordsOfCode(code))
  const text = stems(words)
  // What a page says of 429 it says of rates: a used-up allowance is another thing, and so is a limit on how many at a
  // time, unless the page speaks of several statuses alike.
  const isUnlike = ({ statuses, ofEvery }: StatusStatement) =>
    http.includes(429) &&
    ofEvery !== true &&
    (derived.class === 'quota' || (derived.class === 'concurrency' && statuses.length === 1))
  let best: StatusStatement | null = null
  let most = 0
  for (const rule of own.length > 0 ? own : wide) {
    const qualifier = [...stems(rule.qualifier)]
    const score =
      rule.qualifier === ''
        ? isUnlike(rule) && rule.retry?.said !== 'never'
          ? 0
          : 0.5
        : /^(?:other|else|otherwise|any other|all other|rest|default)/i.test(rule.qualifier)
          ? 0.4
          : qualifier.filter((each) => name.has(each)).length * 2 +
            qualifier.filter((each) => text.has(each)).length
    if (score > most) {
      most = score
      best = rule
    }
  }
  return best
}
