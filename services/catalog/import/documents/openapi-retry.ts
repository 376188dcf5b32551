import { WORDS_KEYS } from '../bodies/code-field.ts'
import { isObject, type Json } from '../bodies/json-pointer.ts'
import type { StatedRetry } from '../statement.ts'
import { retryOfText } from '../words/retry-words.ts'

export const retryOfWords = (words: string): StatedRetry | null => {
  const found = retryOfText(words)
  return found ? { said: found.said, basis: found.explicit ? 'text' : 'implied' } : null
}

/** Extensions first, then the words, then a Retry-After that the response declares. */
export function retryOf(node: Json, description: string): StatedRetry | null {
  for (const key of ['x-retryable', 'x-retry', 'x-retriable', 'x-is-retryable', 'retryable']) {
    const value = node[key]
    if (value === undefined) continue
    const yes = value === true || /^(?:true|yes)$/i.test(String(value))
    const waits = yes && declaresRetryAfter(node)
    return { said: yes ? (waits ? 'after_wait' : 'yes') : 'never', basis: 'column' }
  }
  return (
    retryOfWords(description) ?? (declaresRetryAfter(node) ? { said: 'after_wait', basis: 'status' } : null)
  )
}

const declaresRetryAfter = (node: Json): boolean =>
  isObject(node.headers) && Object.keys(node.headers).some((name) => /^retry-after$/i.test(name))

/** `"description": {"enum": ["Retry later."]}` beside a field that has one code: the words that come with it. */
export function wordsBeside(properties: readonly [string, Json][]): string {
  for (const [name, { const: only, enum: values, example, default: usual }] of properties) {
    const [first, ...others] = Array.isArray(values) ? values : [only ?? example ?? usual]
    if (WORDS_KEYS.test(name) && others.length === 0 && typeof first === 'string' && /\s/.test(first))
      return first
  }
  return ''
}
