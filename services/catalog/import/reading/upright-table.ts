import type { Block, Inline, Row, Table } from '../page.ts'
import { codesOfCell } from '../words/code-cell.ts'
import { type Role, roleOf } from '../words/header-words.ts'

// A table that lies on its side: "Code | A | B | C" over "HTTP status | 400 | 404 | 409".

const FACTS: readonly (Role | null)[] = ['status', 'meaning', 'retry', 'action']
const MOST_ROWS = 12

export const upright = (block: Block): Block =>
  block.kind === 'table' && liesDown(block) ? turned(block) : block

function liesDown({ header, rows }: Table): boolean {
  const lines = linesOf(header, rows)
  if (lines.length < 2 || lines.length > MOST_ROWS) return false
  const roles = lines.map(([first]) => (first ? roleOf(first.text) : null))
  const code = roles.indexOf('code')
  if (code === -1 || !roles.some((role) => FACTS.includes(role)) || roles.includes(null)) return false
  const [, ...names] = lines[code]
  return (
    names.length > 0 && names.every((cell) => roleOf(cell.text) === null && codesOfCell(cell).length === 1)
  )
}

function turned({ line, header, rows }: Table): Table {
  const lines = linesOf(header, rows)
  const width = Math.max(...lines.map((cells) => cells.length))
  const column = (at: number): Inline[] => lines.map((cells) => cells[at] ?? { text: '', marked: [] })
  return {
    kind: 'table',
    line,
    header: column(0),
    rows: Array.from({ length: width - 1 }, (_, at) => ({ line, cells: column(at + 1) })),
  }
}

const linesOf = (header: readonly Inline[], rows: readonly Row[]): Inline[][] =>
  [...(header.length > 0 ? [[...header]] : []), ...rows.map(({ cells }) => cells)].filter(
    (cells) => cells.length > 0,
  )
