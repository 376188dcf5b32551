import type { Block, Inline } from '../page.ts'
import type { Statement } from '../statement.ts'
import { codesOfCell } from '../words/code-cell.ts'
import { headOf } from '../words/head.ts'
import { retryOfText } from '../words/retry-words.ts'
import { labelledStatuses } from '../words/status-text.ts'

// "`lock_held`[^2]" and "[^2]: Retry with backoff.": what a footnote says of retrying or of the status it says of the
// codes that refer to it.

export function footnoteStatements(blocks: readonly Block[], known: ReadonlySet<string>): Statement[] {
  return footnoteReferences(blocks, known).flatMap(({ note, codes }): Statement[] => {
    const words = retryOfText(note.inline.text)
    if (!words) return []
    const { line, inline } = note
    const basis = words.explicit ? 'named' : 'implied'
    return [{ about: 'retry', line, codes, retry: { said: words.said, basis }, action: inline.text }]
  })
}

/** "[#e401] Sent with HTTP status 401." */
export const footnoteStatuses = (
  blocks: readonly Block[],
  known: ReadonlySet<string>,
): { codes: string[]; http: number[] }[] =>
  footnoteReferences(blocks, known).map(({ note, codes }) => ({
    codes,
    http: labelledStatuses(note.inline.text).exact,
  }))

type Footnote = Extract<Block, { kind: 'footnote' }>

function footnoteReferences(
  blocks: readonly Block[],
  known: ReadonlySet<string>,
): { note: Footnote; codes: string[] }[] {
  const texts = new Map(
    blocks.flatMap((block) => (block.kind === 'footnote' ? [[block.id, block] as const] : [])),
  )
  if (texts.size === 0) return []
  return blocks
    .flatMap((block) => referencesIn(block, known))
    .flatMap(({ id, codes }) => {
      const note = texts.get(id)
      return note && codes.length > 0 ? [{ note, codes }] : []
    })
}

interface Reference {
  id: string
  codes: string[]
}

function referencesIn(block: Block, known: ReadonlySet<string>): Reference[] {
  const codesIn = (cell: Inline) => codesOfCell(cell).filter((code) => known.has(code))
  if (block.kind === 'table')
    return block.rows.flatMap(({ cells }) => referencesOf(cells, [...new Set(cells.flatMap(codesIn))]))
  if (block.kind === 'definition') return referencesOf([block.term, block.body], headOf(block.term).codes)
  if (block.kind === 'heading' || block.kind === 'item')
    return referencesOf([block.inline], headOf(block.inline).codes)
  return []
}

/** A mark right behind a code is about that code; any other about all beside it. */
const referencesOf = (inlines: readonly Inline[], codes: string[]): Reference[] =>
  inlines
    .flatMap(({ notes = [] }) => notes)
    .map(({ id, after }) => ({ id, codes: codes.includes(after) ? [after] : codes }))
