import { type Find, isBlank, isHeader, MOST_COLUMNS, makeTable } from './table-lines.ts'

// Tables with pipes, whole or with cells fallen onto lines of their own.

const RULE_CELL = /^\s*:?[-=–—_+]{1,200}:?\s*$/

export function pipeCells(line: string): string[] {
  const cells = line
    .trim()
    .replaceAll('\\|', '\u0000')
    .replace(/^[|│┃]/, '')
    .replace(/[|│┃]$/, '')
    .split(/[|│┃]/)
  return cells.slice(0, MOST_COLUMNS).map((cell) => cell.replaceAll('\u0000', '|').trim())
}

export const hasPipe = (line: string | undefined): line is string => line !== undefined && /[|│┃]/.test(line)

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
