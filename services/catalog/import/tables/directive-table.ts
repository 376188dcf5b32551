import { commaCells } from './comma-table.ts'
import { type Find, indentOf, isBlank, makeTable } from './table-lines.ts'

// `.. list-table::` and `.. csv-table::` of reStructuredText.

const DIRECTIVE = /^(\s*)\.\. (list|csv)-table::/
const OPTION = /^\s*:([\w-]+):\s*(.*)$/
const FIRST = /^(\s*)\*\s+-(?:\s+(.*))?$/
const FURTHER = /^(\s*)-(?:\s+(.*))?$/

type Row = [number, string[]]

export const directiveTable: Find = (lines, at) => {
  const directive = DIRECTIVE.exec(lines[at])
  if (!directive) return null
  const indent = directive[1].length
  let next = at + 1
  let header: string[] = []
  let headerRows = 0
  const options: string[] = []
  for (; next < lines.length && OPTION.test(lines[next]); next++) {
    const [, name, value] = OPTION.exec(lines[next]) as RegExpExecArray
    options.push(name)
    if (name === 'header-rows') headerRows = Number(value) || 0
    if (name === 'header') header = commaCells(value, ',') ?? []
  }
  const from = next
  while (next < lines.length && (isBlank(lines[next]) || indentOf(lines[next]) > indent)) next++
  const rows = directive[2] === 'list' ? listRows(lines, from, next) : commaRows(lines, from, next)
  if (header.length === 0 && headerRows > 0) header = rows.splice(0, headerRows)[0]?.[1] ?? []
  return rows.length === 0 ? null : { table: makeTable(at, header, rows), next }
}

function listRows(lines: readonly string[], from: number, to: number): Row[] {
  const rows: Row[] = []
  let depth = -1
  for (let at = from; at < to; at++) {
    const line = lines[at]
    if (isBlank(line)) continue
    const first = FIRST.exec(line)
    const cells = rows.at(-1)?.[1]
    if (first && (depth === -1 || first[1].length === depth)) {
      depth = first[1].length
      rows.push([at, [first[2] ?? '']])
      continue
    }
    const further = FURTHER.exec(line)
    if (further && cells && further[1].length === depth + 2) cells.push(further[2] ?? '')
    else if (cells) cells[cells.length - 1] = `${cells[cells.length - 1]} ${line.trim()}`.trim()
  }
  return rows
}

function commaRows(lines: readonly string[], from: number, to: number): Row[] {
  return lines.slice(from, to).flatMap((line, index): Row[] => {
    const cells = commaCells(line.trim(), ',')
    return cells ? [[from + index, cells]] : []
  })
}
