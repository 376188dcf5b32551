import { habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { isRegistered } from '../words/status-text.ts'
import { isCodeKey, OTHER_KEYS, STATUS_KEYS, statusOf, WORDS_KEYS } from './code-field.ts'
import { RETRY_KEY } from './json-retry.ts'

// JSON whose keys are the codes.

/** {"invalid_region": {"status": 400, "description": "…"}, …}: the keys are the codes. */
export function isMapOfCodes(object: Record<string, unknown>): boolean {
  const entries = Object.entries(object)
  if (entries.length < 2) return false
  return entries.every(([key, each]) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return false
    const keys = Object.keys(each)
    const describes = keys.some(
      (one) => WORDS_KEYS.test(one) || RETRY_KEY.test(one) || (STATUS_KEYS.test(one) && one !== 'code'),
    )
    const named = keys.some(
      (one) =>
        (isCodeKey(one) || OTHER_KEYS.includes(one)) &&
        typeof (each as Record<string, unknown>)[one] === 'string',
    )
    return (
      describes && !named && habitOf(key) !== null && notACode(key) === null && statusOf(key).length === 0
    )
  })
}

const LEAST_MESSAGES = 3

/** {"10": "Bad or missing token", "inactive_recipient": "…"}: the keys are the codes, unless they are HTTP's. */
export function isMapOfMessages(object: Record<string, unknown>): boolean {
  const entries = Object.entries(object)
  return (
    entries.length >= LEAST_MESSAGES &&
    entries.every(([key, words]) => isNamedKey(key) && typeof words === 'string') &&
    entries.some(([, words]) => /\S\s\S/.test(String(words))) &&
    !entries.every(([key]) => isRegistered(Number(key)))
  )
}

const isNamedKey = (key: string): boolean =>
  (isStrong(key) || habitOf(key) === 'numeric') && notACode(key) === null
