import { hasPipe, pipeCells } from './pipe-table.ts'
import { type Find, isHeader, makeTable } from './table-lines.ts'

/** +----+ as reStructuredText and database shells draw them; a row may have several lines. */
export const drawnTable: Find = (lines, at) => {
  if (!/^\s*\+[-=+]{3,}\+\s*$/.test(lines[at])) return null
  const groups: [number, string[], boolean][] = []
  let next = at + 1
  let open: [number, string[]][] = []
  const close = (ruled: boolean) => {
    for (const [line, cells] of rowsOf(open)) groups.push([line, cells, ruled])
    open = []
  }
  for (; next < lines.length; next++) {
    const line = lines[next]
    if (/^\s*\+[-=+ |]{2,}\+?\s*$/.test(line)) close(line.includes('='))
    else if (hasPipe(line)) open.push([next, pipeCells(line)])
    else break
  }
  close(false)
  if (groups.length < 2) return null
  const [[, first, ruled]] = groups
  const header = ruled || isHeader(first) ? first : []
  const rows = (header.length > 0 ? groups.slice(1) : groups).map(([line, cells]): [number, string[]] => [
    line,
    cells,
  ])
  return { table: makeTable(at, header, rows), next }
}

const isFilled = (cell: string): boolean => cell !== ''

/** What stands between two rules is a row of several lines; or several rows, where empty lines part what has several
 * cells each. */
function rowsOf(lines: readonly [number, string[]][]): [number, string[]][] {
  const parts: [number, string[]][][] = [[]]
  for (const line of lines) {
    if (line[1].some(isFilled)) parts[parts.length - 1].push(line)
    else if (parts[parts.length - 1].length > 0) parts.push([])
  }
  const filled = parts.filter((part) => part.length > 0)
  const joined = filled.map((part): [number, string[]] => {
    const [[line, first], ...more] = part
    return [
      line,
      first.map((cell, at) => [cell, ...more.map(([, cells]) => cells[at] ?? '')].join(' ').trim()),
    ]
  })
  const areRows = joined.every(([, cells]) => cells.filter(isFilled).length > 1)
  if (areRows || joined.length < 2) return joined
  const [[line, first], ...more] = joined
  return [
    [line, first.map((cell, at) => [cell, ...more.map(([, cells]) => cells[at] ?? '')].join(' ').trim())],
  ]
}
