import { type Find, indentOf, isBlank, makeTable } from './table-lines.ts'

// Two columns without a header: a term, a gap, and words whose further lines hang below them.

const ENTRY = /^(\s{0,12})(\S+(?: \S+){0,3}) {2,}(?=\S)/
const LONGEST_TERM = 40
/** A gap alone may be one of a line of data. */
const WORDS = /\p{L}{2,} \p{L}/u

export const hangingTable: Find = (lines, at) => {
  const column = columnOf(lines[at])
  if (column === null) return null
  const rows: [number, [string, string]][] = []
  let next = at
  for (; next < lines.length && !isBlank(lines[next]); next++) {
    const line = lines[next]
    const last = rows.at(-1)
    const words = line.slice(column).trim()
    if (columnOf(line) === column && WORDS.test(words))
      rows.push([next, [line.slice(0, column).trim(), words]])
    else if (last && indentOf(line) === column) last[1][1] += ` ${line.trim()}`
    else break
  }
  return rows.length < 2 ? null : { table: makeTable(at, [], rows), next }
}

/** Where the words of an entry begin. */
function columnOf(line: string): number | null {
  const [all, , term] = line.length > 400 ? [] : (ENTRY.exec(line) ?? [])
  return all === undefined || term.length > LONGEST_TERM || /\S {2,}\S/.test(line.slice(all.length))
    ? null
    : all.length
}
