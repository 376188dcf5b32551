import type { Inline } from '../page.ts'
import { noteId, raisedDigits } from '../words/inline-text.ts'

// The text between tags as it comes in: what stands out in it, and the marks of footnotes.

const MARKING = new Set(['code', 'b', 'strong', 'tt', 'kbd'])
const LONGEST_MARK = 300
const RAISED_NOTE = /(?<=[\p{L}\d).])\s?([⁰¹²³⁴-⁹]{1,2}|[†‡])/gu

export const isMarking = (tag: string): boolean => MARKING.has(tag)

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim()

export interface OpenText {
  text: string
  marks: string[]
  /** How many elements that mark are open, and where the outermost began. */
  marking: number
  markFrom: number
  /** Where a raised text began. */
  raised: number
}

export const openText = (): OpenText => ({ text: '', marks: [], marking: 0, markFrom: 0, raised: -1 })

/** All that came in, squeezed; what comes next begins anew. */
export function take(open: OpenText): Inline {
  if (open.marking > 0) endOutermost(open)
  const inline = withoutNotes(squeezed(open.text), open.marks)
  clear(open)
  return inline
}

export function clear(open: OpenText): void {
  open.text = ''
  open.marks = []
  open.marking = 0
}

export function beginMark(open: OpenText): void {
  if (open.marking++ === 0) open.markFrom = open.text.length
}

export function endMark(open: OpenText): void {
  if (open.marking > 0 && --open.marking === 0) endOutermost(open)
}

function endOutermost(open: OpenText): void {
  const marked = squeezed(open.text.slice(open.markFrom))
  if (marked !== '' && marked.length <= LONGEST_MARK) open.marks.push(marked)
}

/** A footnote's mark must not become a part of the word before it. */
export function endRaised(open: OpenText): void {
  const note = open.raised >= 0 ? open.text.slice(open.raised).trim() : ''
  if (/^\[?\d{1,2}\]?$/.test(note))
    open.text = open.text.slice(0, open.raised) + raisedDigits(note.replace(/\D/g, ''))
  open.raised = -1
}

function withoutNotes(text: string, marked: string[]): Inline {
  if (!/[⁰¹²³⁴-⁹†‡]/.test(text)) return { text, marked }
  const notes = [...text.matchAll(RAISED_NOTE)].map(({ 1: mark, index }) => ({
    id: noteId(mark),
    after: text.slice(0, index).match(/\S+$/)?.[0] ?? '',
  }))
  return { text: text.replace(RAISED_NOTE, ''), marked, notes }
}
