import { type Find, isBlank, isHeader, MOST_COLUMNS, makeTable } from './table-lines.ts'

// Comma-separated values, pasted as they are; semicolons where the comma is a decimal point.

/** The cells of a line, or null if it has only one. */
export function commaCells(line: string, separator: string): string[] | null {
  if (!line.includes(separator) || line.length > 4000) return null
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at]
    if (character === '"' && (quoted || cell.trim() === '')) {
      if (quoted && line[at + 1] === '"') cell += line[at++]
      else quoted = !quoted
    } else if (character === separator && !quoted) {
      cells.push(cell.trim())
      cell = ''
    } else cell += character
  }
  cells.push(cell.trim())
  return cells.length > 1 && cells.length <= MOST_COLUMNS && !quoted ? cells : null
}

export const commaTable: Find = (lines, at) => {
  for (const separator of [',', ';']) {
    const header = commaCells(lines[at], separator)
    if (
      !header ||
      header.length < 3 ||
      !isHeader(header) ||
      header.some((cell) => /[.:]\s|\s\S+\s\S+\s\S+\s/.test(cell))
    )
      continue
    const rows: [number, string[]][] = []
    let next = at + 1
    for (; next < lines.length && !isBlank(lines[next]); next++) {
      const cells = commaCells(lines[next], separator)
      if (!cells || cells.length < 2) break
      // Words of the last column hold the separator without quotes around them.
      const last = header.length - 1
      rows.push([
        next,
        cells.length > header.length
          ? [...cells.slice(0, last), cells.slice(last).join(`${separator} `)]
          : cells,
      ])
    }
    if (rows.length > 0) return { table: makeTable(at, header, rows), next }
  }
  return null
}
