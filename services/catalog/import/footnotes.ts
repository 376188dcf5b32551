import { codesOfCell } from './code-cell.ts'
import type { Block, Inline } from './page.ts'
import { headOf } from './read-prose.ts'
import { retryOfText } from './retry-words.ts'
import type { Statement } from './statement.ts'

// "`lock_held`[^2]" and "[^2]: Retry with backoff.": what a footnote says of retrying it says of the codes that refer
// to it.

export function footnoteStatements(blocks: readonly Block[]): Statement[] {
  const texts = new Map(
    blocks.flatMap((block) => (block.kind === 'footnote' ? [[block.id, block] as const] : [])),
  )
  if (texts.size === 0) return []
  return blocks.flatMap(referencesIn).flatMap(({ id, codes }): Statement[] => {
    const note = texts.get(id)
    const words = note ? retryOfText(note.inline.text) : null
    if (!note || !words || codes.length === 0) return []
    const { line, inline } = note
    const basis = words.explicit ? 'named' : 'implied'
    return [{ about: 'retry', line, codes, retry: { said: words.said, basis }, action: inline.text }]
  })
}

interface Reference {
  id: string
  codes: string[]
}

function referencesIn(block: Block): Reference[] {
  if (block.kind === 'table')
    return block.rows.flatMap(({ cells }) => referencesOf(cells, [...new Set(cells.flatMap(codesOfCell))]))
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
