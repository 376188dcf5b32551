import { bareToken } from './code-shape.ts'
import { roleOf } from './header-words.ts'
import { inlineOf } from './inline-text.ts'
import type { Row, Table } from './page.ts'
import { isStatusCell } from './status-text.ts'

// Tables as they stand in text: with pipes, whole or with cells fallen onto the next line; drawn; with tabs; aligned by
// spaces.

export interface FoundTable {
  table: Table
  /** The first line after it. */
  next: number
}

export type Find = (lines: readonly string[], at: number) => FoundTable | null

const RULE_CELL = /^\s*:?[-=–—_+]{1,200}:?\s*$/
export const MOST_COLUMNS = 24

export const makeTable = (
  line: number,
  header: readonly string[],
  rows: readonly (readonly [number, readonly string[]])[],
): Table => ({
  kind: 'table',
  line: line + 1,
  header: header.map(inlineOf),
  rows: rows.map(([at, cells]): Row => ({ line: at + 1, cells: cells.map(inlineOf) })),
})

export const indentOf = (line: string): number => line.length - line.trimStart().length

export const isBlank = (line: string | undefined) => line === undefined || line.trim() === ''

function pipeCells(line: string): string[] {
  const cells = line
    .trim()
    .replaceAll('\\|', '\u0000')
    .replace(/^[|│┃]/, '')
    .replace(/[|│┃]$/, '')
    .split(/[|│┃]/)
  return cells.slice(0, MOST_COLUMNS).map((cell) => cell.replaceAll('\u0000', '|').trim())
}

const hasPipe = (line: string | undefined): line is string => line !== undefined && /[|│┃]/.test(line)
export const isHeader = (cells: readonly string[]) =>
  cells.filter((cell) => roleOf(cell) !== null).length >= 2 && !cells.some((cell) => isStatusCell(cell))

/** A row whose every cell stands on its own line: "|", "401 |", "Unauthorized user. |". */
function fallenRow(lines: readonly string[], at: number): { cells: string[]; next: number } | null {
  if (lines[at]?.trim() !== '|') return null
  const cells: string[] = []
  let next = at + 1
  while (cells.length < MOST_COLUMNS && /[^|]\|\s*$/.test(lines[next] ?? '') && !/\|.*\|/.test(lines[next])) {
    cells.push(lines[next++].replace('|', '').trim())
  }
  return cells.length < 2 ? null : { cells, next }
}

export const fallenTable: Find = (lines, at) => {
  const first = fallenRow(lines, at)
  if (!first || !isHeader(first.cells)) return null
  const rows: [number, string[]][] = []
  let next = isRuleLine(lines[first.next]) ? first.next + 1 : first.next
  for (let row = fallenRow(lines, next); row; row = fallenRow(lines, next)) {
    rows.push([next, row.cells])
    next = row.next
  }
  return rows.length === 0 ? null : { table: makeTable(at, first.cells, rows), next }
}

/** |---|---|, and -----+------ as database shells draw it. */
const isRuleLine = (line: string | undefined): boolean =>
  line !== undefined &&
  (hasPipe(line)
    ? pipeCells(line).every((cell) => RULE_CELL.test(cell))
    : /^\s*-{2,200}(?:\+-{2,200}){1,24}\s*$/.test(line))

export const pipeTable: Find = (lines, at) => {
  if (!hasPipe(lines[at])) return null
  const first = pipeCells(lines[at])
  if (first.length < 2) return null
  let next = at + 1
  const ruled = isRuleLine(lines[next])
  const header = ruled || isHeader(first) ? first : []
  const wide = first.length
  if (header.length === 0) next = at
  else if (ruled) next++

  const rows: [number, string[]][] = []
  while (next < lines.length) {
    // Copies often put a blank line between rows.
    const from = isBlank(lines[next]) && rows.length > 0 && hasPipe(lines[next + 1]) ? next + 1 : next
    if (!hasPipe(lines[from])) break
    const cells = pipeCells(lines[from])
    if (from !== next && (cells.length < 2 || isHeader(cells))) break
    next = from + 1
    if (cells.every((cell) => RULE_CELL.test(cell))) continue
    // The rest of a row on lines of its own.
    while (header.length > 0 && cells.length < wide && /[|│┃]\s*$/.test(lines[next] ?? '')) {
      const more = pipeCells(lines[next])
      if (cells.length + more.length > wide) break
      cells.push(...more)
      next++
    }
    rows.push([from, cells])
  }
  if (header.length === 0 && rows.length < 2) return null
  return { table: makeTable(at, header, rows), next }
}

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

/** One line below all columns. */
const isWholeRule = (line: string | undefined) => line !== undefined && /^\s*[-=_~─━—]{5,400}\s*$/.test(line)

/** Columns held by spaces alone: where they start, a header or a line of rules says. */
export const alignedTable: Find = (lines, at) => {
  const line = lines[at]
  const startsOf = (text: string, start: RegExp) => [...text.matchAll(start)].map((match) => match.index)
  if (!/\S\s{2,}\S/.test(line) || line.length > 400) return null
  const next = lines[at + 1] ?? ''
  const isRule = (text: string) => /^\s*[-=~]{2,}(?:\s+[-=~]{2,}){1,20}\s*$/.test(text)
  const startsWithRule = isRule(line)
  const headerLine = startsWithRule ? next : line
  const rule = startsWithRule ? line : isRule(next) ? next : null
  const starts =
    rule === null ? startsOf(headerLine, /(?<=^\s{0,40}|\s{2})\S/g) : startsOf(rule, /(?<!\S)\S/g)
  const cut = (text: string): string[] => {
    let from = 0
    return starts.map((start, index) => {
      let to = index + 1 < starts.length ? starts[index + 1] : text.length
      // A cell that runs over its column ends at the next space.
      while (to < text.length && index + 1 < starts.length && text[to - 1]?.trim()) to++
      const cell = text.slice(Math.max(from, Math.min(start, text.length)), to).trim()
      from = to
      return cell
    })
  }
  const header = cut(headerLine)
  if (starts.length < 2 || starts.length > MOST_COLUMNS || !isHeader(header)) return null

  const rows: [number, string[]][] = []
  let row = at + 1 + (startsWithRule ? 1 : 0)
  if (isWholeRule(lines[row])) row++
  for (;;) {
    // Printed pages leave lines between header and rows, and between rows.
    let from = row
    while (from < row + 2 && from < lines.length && isBlank(lines[from])) from++
    if (isBlank(lines[from])) break
    const line = lines[from].slice(0, 2000)
    if (from > row && (indentOf(line) !== indentOf(headerLine) || !/\S\s{2,}\S/.test(line))) break
    const cells = cut(line)
    if (
      from > row &&
      rows.length > 0 &&
      ((isHeader(cells) && !/^-?\d+$/.test(cells[0])) || bareToken(cells[0]).includes(' '))
    )
      break
    row = from + 1
    if (isRule(line) || isWholeRule(line)) continue
    if (cells[0] === '' && rows.length > 0) {
      const last = rows[rows.length - 1][1]
      rows[rows.length - 1][1] = last.map((cell, index) => `${cell} ${cells[index]}`.trim())
    } else if (/\S\s{2,}\S|\S \d{3}\s/.test(line)) rows.push([from, cells])
    else {
      row = from
      break
    }
  }
  return rows.length === 0 ? null : { table: makeTable(at, header, rows), next: row }
}
