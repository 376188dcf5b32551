import { rowsOf, type SpannedCell } from './spanned-rows.ts'
import { type Find, isBlank, isHeader, MOST_COLUMNS, makeTable } from './table-lines.ts'

// `|===` tables of AsciiDoc: a row on one line, or each cell on its own.

const FENCE = /^\s*(?:\||!)===\s*$/
/** `|`, `2+|` over two columns, `.3+|` over three rows, `2*|` twice. */
const CELL = /(?:^|\s)(?:(\d+)\*)?(?:(\d*)(?:\.(\d+))?\+)?[<^>]?(?:\.[<^>])?[aehlmsdv]?\|/g

export const asciidocTable: Find = (lines, at) => {
  if (!FENCE.test(lines[at])) return null
  const options = lines[at - 1] ?? ''
  let next = at + 1
  while (next < lines.length && !FENCE.test(lines[next])) next++
  const all: SpannedCell[] = []
  for (let line = at + 1; line < next; line++) {
    const found = cellsOf(lines[line], line)
    // Words that go on in the cell above.
    const above = all.at(-1)
    if (found.before !== '' && above) above.text += ` ${found.before}`
    all.push(...found.cells)
  }
  const inFirstLine = all.filter(({ line }) => line === all[0].line)
  const columns = columnsIn(options) ?? inFirstLine.length
  if (columns < 2 || columns > MOST_COLUMNS || all.length < columns * 2) return null
  const rows = rowsOf(all, columns)
  const [[, first]] = rows
  const header = /header/.test(options) || isHeader(first) || isBlank(lines[all[0].line + 1]) ? first : []
  return { table: makeTable(at, header, header.length > 0 ? rows.slice(1) : rows), next: next + 1 }
}

function cellsOf(text: string, line: number): { before: string; cells: SpannedCell[] } {
  const marks = [...text.matchAll(CELL)]
  const cells = marks.flatMap(({ 0: mark, index, 1: copies, 2: columns, 3: rows }, at) => {
    const words = text.slice(index + mark.length, marks[at + 1]?.index).trim()
    const cell = { line, text: words, columns: Number(columns) || 1, rows: Number(rows) || 1 }
    return Array.from({ length: Math.min(Number(copies) || 1, MOST_COLUMNS) }, () => ({ ...cell }))
  })
  return { before: text.slice(0, marks[0]?.index).trim(), cells }
}

/** [cols="1,1,3"], [cols=4*], [cols="2*,4"]. */
function columnsIn(options: string): number | null {
  const list = /\bcols\s*=\s*"?([^"\]]{1,100})"?/.exec(options)?.[1]
  if (list === undefined) return null
  return list
    .split(/[,;](?!\s*header)/)
    .reduce((sum, column) => sum + (Number(/^\s*(\d+)\*/.exec(column)?.[1]) || 1), 0)
}
