import type { CodeStatement, StatedRetry, Statement } from '../statement.ts'
import { statusesOfBody } from '../words/body-statuses.ts'
import { bareToken } from '../words/code-shape.ts'
import { roleOf } from '../words/header-words.ts'
import { labelsIn } from '../words/labels.ts'
import { retryOfText, retryUnder } from '../words/retry-words.ts'
import { statusAlone, statusesOfCell } from '../words/status-text.ts'

/** A heading that is a code, and what stands below it. */
export interface Entry {
  level: number
  line: number
  codes: string[]
  http: number[]
  /** HTTP's own words for the status, where the heading has them. */
  reason: string
  /** Of the heading above. */
  inherited: readonly number[]
  words: string[]
  labelled: { http: number[]; action: string; meaning: string; retry: StatedRetry | null }
}

export const emptyLabels = (): Entry['labelled'] => ({ http: [], action: '', meaning: '', retry: null })

/** "Retry: yes, with backoff" under a code. */
function takeLabelled(entry: Entry, text: string): boolean {
  const taken = labelsIn(text).filter(({ label, value }) => takeLabel(entry, label, value))
  return taken.length > 0
}

/** What describes a code, in paragraphs: some are labelled. */
export function describe(entry: Entry, text: string): void {
  for (const paragraph of text.split('\n'))
    if (paragraph !== '' && !takeLabelled(entry, paragraph)) entry.words.push(paragraph)
}

export function takeLabel(entry: Entry, label: string, value: string): boolean {
  const role = roleOf(label)
  if (role === 'status' || /^https?$/i.test(label.trim())) {
    const { exact } = statusesOfCell(value)
    if (exact.length === 0) return false
    entry.labelled.http.push(...exact)
    // A sentence may follow on the same line.
    const more = value
      .split(/[.;]\s+/)
      .slice(1)
      .join('. ')
    if (more !== '') entry.words.push(more)
    return true
  }
  if (role === 'retry') {
    const said = retryUnder(label, value)
    if (said !== null) entry.labelled.retry ??= { said, basis: 'column' }
    return said !== null
  }
  if (role === 'code' && entry.codes.includes(bareToken(value))) return true
  if (role === 'action' && value.length < 600) {
    entry.labelled.action ||= value
    return true
  }
  if (role === 'meaning' && value.length < 600) {
    entry.labelled.meaning ||= value
    return true
  }
  return false
}

export function entryStatements(entry: Entry): Statement[] {
  const body = entry.words.join(' ')
  const { labelled } = entry
  const alone = entry.words.flatMap(statusAlone)
  const said = [entry.http, labelled.http, alone, statusesOfBody(entry.words.join('. ')), entry.inherited]
  const http = said.find((statuses) => statuses.length > 0) ?? []
  const meaning = labelled.meaning || entry.words.find((words) => words !== '') || entry.reason
  const words = retryOfText(
    [body, labelled.meaning, labelled.action].filter((each) => each !== '').join('. '),
  )
  const retry: StatedRetry | null =
    labelled.retry ?? (words ? { said: words.said, basis: words.explicit ? 'text' : 'implied' } : null)
  return entry.codes.map(
    (code): CodeStatement => ({
      about: 'code',
      line: entry.line,
      code,
      http: [...new Set(http)],
      inherits: http === entry.inherited,
      meaning,
      action: labelled.action,
      retry,
      from: 'definition',
      context: '',
    }),
  )
}
