import type { Inline } from '../page.ts'
import { roleOf } from './header-words.ts'

// "Retry: yes, with backoff": a label and what it says, in the words that headers of columns have too.

export interface Labelled {
  label: string
  value: string
}

/** "OK to retry? No" */
const QUESTION = /^([^:：?]{2,40}\?)\s+(\S.*)$/s
const LABEL = /^([^:：]{2,40})[:：][*_`]*\s*(.+)$/s
const LABEL_START = /^[*_`]{0,3}((?:[\p{L}-]+[ ]?){1,4})[*_`]{0,3}\??[:：]/u
/** Between labels on one line: "HTTP status: 409 · Retry: yes". */
const BETWEEN =
  /\s*(?:[·|•‖]|;|,|\s\/)\s+(?=(?:[\p{L}-]+ ?){1,3}\??[:：])|(?<=\S)\s+(?=\p{Lu}[\p{L}-]*(?: [\p{L}-]+){0,2}\??[:：]\s)/u

function labelOf(text: string): Labelled | null {
  const question = QUESTION.exec(text)
  const [, label, value] = question && roleOf(question[1]) === 'retry' ? question : (LABEL.exec(text) ?? [])
  return label === undefined ? null : { label: label.trim(), value: value.trim() }
}

const NAMES = new Set(['status', 'retry', 'meaning', 'action'])
export const isLabelName = (label: string): boolean => {
  const role = roleOf(label)
  return (role !== null && NAMES.has(role)) || /^https?$/i.test(label.trim())
}

/** Does a line begin with a label that says what follows it? */
export function startsWithLabel(line: string): boolean {
  const label = LABEL_START.exec(line)?.[1]
  return label !== undefined && isLabelName(label)
}

/** The labels a text consists of; one where it is a single one, none where it begins otherwise. */
export function labelsIn(text: string): Labelled[] {
  const whole = labelOf(text)
  if (!whole || text.length > 1000 || !startsWithLabel(text)) return whole ? [whole] : []
  const parts = text.split(BETWEEN).map(labelOf)
  const labels = parts.filter((part): part is Labelled => part !== null && isLabelName(part.label))
  return labels.length === parts.length && labels.length > 1 ? labels : [whole]
}

/** A small table of labels and what they say. */
export const isLabels = (rows: readonly Inline[][]) =>
  rows.length > 0 &&
  rows.length <= 12 &&
  rows.every((cells) => cells.length === 2) &&
  rows.some(([label]) => roleOf(label.text) !== null)
