import type { Inline } from '../page.ts'
import type { StatedRetry, Statement } from '../statement.ts'
import { isStrong, notACode } from '../words/code-shape.ts'
import type { Head } from '../words/head.ts'
import { retryOfText } from '../words/retry-words.ts'
import { statusesIn } from '../words/status-text.ts'

/** "429: too many requests" in a list: what holds for the status. */
export function statusItem(head: Head, line: number): Statement[] {
  if (head.codes.length > 0) return []
  const statuses = [...head.statuses.filter((status) => status >= 400), ...head.hundreds]
  if (statuses.length === 0) return []
  const words = retryOfText(head.rest)
  const retry: StatedRetry | null = words?.explicit ? { said: words.said, basis: 'status' } : null
  return [{ about: 'status', line, statuses, qualifier: '', meaning: head.rest, action: '', retry }]
}

/** "Wait, then retry." under "429 Too Many Requests", naming nothing itself. */
export function sectionAdvice({ text, marked }: Inline, line: number, http: readonly number[]): Statement[] {
  const isOfOne = marked.some((mark) => isStrong(mark) && notACode(mark) === null)
  const words = http.length > 0 && !isOfOne ? retryOfText(text) : null
  const { exact, hundreds } = statusesIn(text)
  if (!words?.explicit || exact.length > 0 || hundreds.length > 0) return []
  const retry: StatedRetry = { said: words.said, basis: 'status' }
  return [{ about: 'status', line, statuses: [...http], qualifier: '', meaning: '', action: text, retry }]
}
