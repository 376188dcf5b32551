import { bareToken } from '../words/code-shape.ts'
import { type Find, indentOf, isBlank, isHeader, MOST_COLUMNS, makeTable } from './table-lines.ts'

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
