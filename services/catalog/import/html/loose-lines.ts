import { lineBlocks } from '../lines/line-blocks.ts'
import type { Block, Inline } from '../page.ts'

// Text that stands in no table, list or definition: its lines are read as those of a page without tags, where together they
// may be a table of one cell a line.

/** As in page-text.ts: longer lines are data. */
const LONGEST_LINE = 20_000

export interface LooseLine {
  line: number
  text: string
}

/** `paragraph`: an empty line follows. */
export function addLoose(loose: LooseLine[], line: number, inline: Inline, paragraph: boolean): void {
  let source = inline.text
  for (const mark of new Set(inline.marked))
    if (!mark.includes('`')) source = source.replace(mark, () => `\`${mark}\``)
  loose.push({ line, text: source.slice(0, LONGEST_LINE) })
  if (paragraph) loose.push({ line, text: '' })
}

/** The blocks of loose lines that ended. */
export function settled(lines: readonly LooseLine[]): Block[] {
  if (lines.length === 0) return []
  const at = (number: number) => lines[Math.min(number, lines.length) - 1].line
  return lineBlocks(lines.map(({ text }) => text)).map((block): Block => {
    if (block.kind !== 'table') return { ...block, line: at(block.line) }
    return {
      ...block,
      line: at(block.line),
      rows: block.rows.map((row) => ({ ...row, line: at(row.line) })),
    }
  })
}
