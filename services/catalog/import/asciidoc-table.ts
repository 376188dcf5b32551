import { type Find, isBlank, isHeader, MOST_COLUMNS, makeTable } from './table-lines.ts'

// `|===` tables of AsciiDoc: a row on one line, or each cell on its own.

const FENCE = /^\s*(?:\||!)===\s*$/
const CELL = /(?:^|\s)(?:\d+\*)?(?:\d*(?:\.\d+)?\+)?[<^>]?[aehlmsdv]?\|/g

export const asciidocTable: Find = (lines, at) => {
  if (!FENCE.test(lines[at])) return null
  const options = lines[at - 1] ?? ''
  let next = at + 1
  while (next < lines.length && !FENCE.test(lines[next])) next++
  const groups: [number, string[]][] = []
  for (let line = at + 1; line < next; line++) {
    const text = lines[line]
    if (isBlank(text)) continue
    const cells = text.split(CELL)
    const before = cells.shift()?.trim() ?? ''
    if (cells.length > 0) groups.push([line, cells.map((cell) => cell.trim())])
    // Words that go on in the cell above.
    const above = groups.at(-1)?.[1]
    if (before !== '' && above) above[above.length - 1] += ` ${before}`
  }
  const all = groups.flatMap(([line, cells]) => cells.map((cell): [number, string] => [line, cell]))
  const columns = columnsIn(options) ?? groups[0]?.[1].length ?? 0
  if (columns < 2 || columns > MOST_COLUMNS || all.length < columns * 2) return null
  const rows: [number, string[]][] = []
  for (let cell = 0; cell < all.length; cell += columns) {
    const row = all.slice(cell, cell + columns)
    rows.push([row[0][0], row.map(([, text]) => text)])
  }
  const [[, first]] = rows
  const header = /header/.test(options) || isHeader(first) || isBlank(lines[groups[0][0] + 1]) ? first : []
  return { table: makeTable(at, header, header.length > 0 ? rows.slice(1) : rows), next: next + 1 }
}

/** [cols="1,1,3"], [cols=4*], [cols="2*,4"]. */
function columnsIn(options: string): number | null {
  const list = /\bcols\s*=\s*"?([^"\]]{1,100})"?/.exec(options)?.[1]
  if (list === undefined) return null
  return list
    .split(/[,;](?!\s*header)/)
    .reduce((sum, column) => sum + (Number(/^\s*(\d+)\*/.exec(column)?.[1]) || 1), 0)
}
