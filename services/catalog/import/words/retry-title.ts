import type { Said, Statement } from '../statement.ts'
import type { Head } from './head.ts'
import { retryOfText } from './retry-words.ts'

const NEVER_TITLE =
  /^(?:.{0,40}\b)?(?:non-?\s?retr(?:y|i)able|not retr(?:y|i)able|do(?: not|n['’]t) (?:automatically )?retry|never retr(?:y|ied)|permanent (?:errors|failures)|terminal (?:errors|failures))/i
const RETRY_TITLE =
  /^(?:.{0,40}\b)?(?:retr(?:y|i)able|safe to retry|(?:automatically|can be) retr(?:ies|ied)|retry (?:these|on|with)|transient|temporary (?:errors|failures))/i

/** What a heading, or a line that ends with a colon, says about everything below it. */
export function retryOfTitle(title: string): Said | null {
  if (title.length > 120 || title.includes('?')) return null
  // "Retryable and non-retryable errors" says nothing about either.
  if (NEVER_TITLE.test(title))
    return /(?:^|[^-\w])(?:retr(?:y|i)able)\b.{1,30}\bnon-?/i.test(title) ? null : 'never'
  return RETRY_TITLE.test(title) ? (retryOfText(title)?.said ?? 'yes') : null
}

export function underTitle(said: Said, head: Head, line: number): Statement[] {
  const own = retryOfText(head.rest)
  if (own?.explicit) return []
  const statuses = [...head.statuses.filter((status) => status >= 400), ...head.hundreds]
  if (head.codes.length > 0)
    return [{ about: 'retry', line, codes: head.codes, retry: { said, basis: 'named' }, action: '' }]
  if (statuses.length === 0) return []
  return [
    {
      about: 'status',
      line,
      statuses,
      qualifier: '',
      meaning: '',
      action: '',
      retry: { said, basis: 'status' },
    },
  ]
}
