import { roleOf } from '../words/header-words.ts'
import { isStatusCell } from '../words/status-text.ts'
import { type Find, isBlank, isHeader, MOST_COLUMNS, makeTable } from './table-lines.ts'

export const tabTable: Find = (lines, at) => {
  const cellsOf = (line: string | undefined) =>
    (line ?? '').split('\t', MOST_COLUMNS).map((cell) => cell.trim().replace(/^"([^"]*)"$/, '$1'))
  if (!lines[at].trim().includes('\t')) return null
  const first = cellsOf(lines[at])
  const rows: [number, string[]][] = []
  let next = at
  while (next < lines.length) {
    const from = isBlank(lines[next]) && rows.length > 0 ? next + 1 : next
    const cells = cellsOf(lines[from])
    if (isBlank(lines[from]) || cells.length < 2 || cells.length > first.length) break
    if (cells.length < first.length - 1) break
    rows.push([from, cells])
    next = from + 1
    // The last cell may have fallen onto a line of its own.
    const fallen = lines[next] ?? ''
    if (from === at || cells.length !== first.length - 1 || cells.length < 2 || !isHeader(first)) continue
    if (isBlank(fallen) || fallen.includes('\t')) continue
    cells.push(fallen.trim())
    next++
  }
  if (rows.length < 2) return null
  const header = isHeader(first) || isNamedHeader(first) ? first : []
  return { table: makeTable(at, header, header.length > 0 ? rows.slice(1) : rows), next }
}

/** "Code", and words that nobody has for a column. */
const isNamedHeader = ([first, ...rest]: readonly string[]): boolean =>
  ['code', 'status', 'type'].includes(roleOf(first) ?? '') &&
  !isStatusCell(first) &&
  rest.every(
    (cell) => cell !== '' && cell.split(' ').length <= 5 && !/[.;]$/.test(cell) && !isStatusCell(cell),
  )
