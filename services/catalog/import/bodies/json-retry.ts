import type { StatedRetry } from '../statement.ts'
import { retryOfText, retryUnder } from '../words/retry-words.ts'
import { labelledStatuses } from '../words/status-text.ts'
import { STATUS_KEYS, statusOf, WORDS_KEYS } from './code-field.ts'

// What the fields of an error, or of what it refers to, say of sending again.

/** What an entry of a legend says: words, or fields as a code has them. */
export function retryOfEntry(entry: unknown): StatedRetry | null {
  if (typeof entry !== 'object' || entry === null) {
    const words = retryOfText(String(entry))
    return words?.explicit ? { said: words.said, basis: 'category' } : null
  }
  const words = Object.values(entry).filter((each) => typeof each === 'string')
  return retryOf(entry as Record<string, unknown>) ?? retryOfEntry(words.join('. '))
}

export const statusesOfEntry = (entry: unknown): number[] =>
  typeof entry === 'object' && entry !== null
    ? Object.entries(entry).flatMap(([key, each]) => (STATUS_KEYS.test(key) ? statusOf(each) : []))
    : labelledStatuses(String(entry)).exact

export const RETRY_KEY =
  /^(?:is_?|can_?|should_?|may_?|safe_?to_?)?(?:(?:be_?)?retr(?:y|ied|iable|yable)|repeat(?:ed|able)?|re_?send|try_?again|transient|permanent)$|^(?:[a-z]+_?){0,3}(?:retryable|retriable|again)$|^retry_?(?:policy|strategy|mode|advice|guidance|hint|behaviou?r)$/i

export function retryOf(object: Record<string, unknown>): StatedRetry | null {
  const [key, value] = Object.entries(object).find(([each]) => RETRY_KEY.test(each)) ?? ['', null]
  const isAnswer = typeof value === 'boolean' || typeof value === 'string'
  const said = isAnswer ? retryUnder(key, String(value)) : null
  return said === null ? null : { said, basis: 'column' }
}

/** "Please try again later." in whichever of a listing's words. */
export function retryOfWords(object: Record<string, unknown>): StatedRetry | null {
  const said = Object.entries(object).flatMap(([key, each]) =>
    WORDS_KEYS.test(key) && typeof each === 'string' ? (retryOfText(each) ?? []) : [],
  )
  const words = said.find(({ explicit }) => explicit)
  return words ? { said: words.said, basis: 'text' } : null
}
