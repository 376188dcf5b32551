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
