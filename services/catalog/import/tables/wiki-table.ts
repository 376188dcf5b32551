import { rowsOf, type SpannedCell } from './spanned-rows.ts'
import { type Find, MOST_COLUMNS, makeTable } from './table-lines.ts'

// `{| … |}` tables of MediaWiki.

const ATTRIBUTES = /^\s*(?:[\w-]+\s*=\s*(?:"[^"]{0,200}"|[^\s|]{1,80})\s*){1,8}\|(?!\|)/

export const wikiTable: Find = (lines, at) => {
  if (!/^\s*\{\|/.test(lines[at])) return null
  let next = at + 1
  const rows: SpannedCell[][] = [[]]
  let headed = false
  let caption: string | undefined
  for (; next < lines.length && !/^\s*(?:\|\}|\{\|)/.test(lines[next]); next++) {
    const line = lines[next].trim()
    const row = rows[rows.length - 1]
    if (line.startsWith('|+')) caption = line.slice(2).trim()
    if (line.startsWith('|+') || line === '') continue
    if (line.startsWith('|-')) {
      if (row.length > 0) rows.push([])
    } else if (/^[|!]/.test(line)) {
      headed ||= rows.length === 1 && line.startsWith('!')
      row.push(
        ...line
          .slice(1)
          .split(/\|\||!!/, MOST_COLUMNS)
          .map((cell) => cellOf(cell, next)),
      )
    } else if (row.length > 0) row[row.length - 1].text += ` ${line}`
  }
  const filled = rows.filter((row) => row.length > 0)
  if (filled.length < 2) return null
  const columns = Math.min(
    MOST_COLUMNS,
    Math.max(...filled.map((row) => row.reduce((sum, cell) => sum + cell.columns, 0))),
  )
  // A heading over the header names the table.
  const [[title, ...others], below] = filled
  if (headed && others.length === 0 && title.columns === columns && below.length > 1) {
    caption = title.text
    filled.shift()
  }
  const [first, ...rest] = rowsOf(filled.flat(), columns)
  return {
    table: makeTable(at, headed ? first[1] : [], headed ? rest : [first, ...rest]),
    caption,
    next: next + 1,
  }
}

function cellOf(source: string, line: number): SpannedCell {
  const [attributes = ''] = ATTRIBUTES.exec(source) ?? []
  const span = (name: string) => Number(new RegExp(`${name}\\s*=\\s*"?(\\d+)`).exec(attributes)?.[1]) || 1
  return {
    line,
    text: source.slice(attributes.length).trim(),
    columns: span('colspan'),
    rows: span('rowspan'),
  }
}
