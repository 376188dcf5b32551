import { bareToken, habitOf, isFieldName, isStrong, notACode } from '../words/code-shape.ts'
import { roleOf } from '../words/header-words.ts'
import { retryOfCell } from '../words/retry-words.ts'
import { isStatusCell } from '../words/status-text.ts'
import { type Find, isBlank, makeTable } from './table-lines.ts'

// One cell a line, as copying a rendered table leaves it: a run of header words, then as many lines a row.

const MOST_COLUMNS = 8
/** `isp.SYSTEM_ERROR`, `number-in-use`. */
const OF_PARTS = /^[\p{L}\d_]{2,}(?:[-.:/][\p{L}\d_]{2,})+$/u
/** Lines that a row may have more than columns: cells of several paragraphs. */
const MOST_SURPLUS = 4

interface Cell {
  line: number
  text: string
}
type Row = [number, string[]]

/** Where a page has a long list of words that could head columns, no table begins before this line. */
const noneBefore = new WeakMap<readonly string[], number>()

export const stackedTable: Find = (lines, at) => {
  if (!isHeaderCell(lines[at]) || at < (noneBefore.get(lines) ?? 0)) return null
  const header: Cell[] = []
  let next = at
  while (header.length < MOST_COLUMNS && next < lines.length && isHeaderCell(lines[next])) {
    header.push({ line: next, text: lines[next++].trim() })
    while (next < lines.length && isBlank(lines[next])) next++
  }
  if (header.length === MOST_COLUMNS && isHeaderCell(lines[next] ?? '')) {
    // A list of such words, not a header: nor is what remains of it, but for its end.
    while (next < lines.length && (isBlank(lines[next]) || isHeaderCell(lines[next]))) next++
    noneBefore.set(lines, next - MOST_COLUMNS)
    return null
  }
  // A heading like "Error codes" stands over the header and sounds like a part of it.
  for (let skip = 0; skip + 2 <= header.length; skip++) {
    const titles = header.slice(skip).map(({ text }) => text)
    const found = rowsBelow(lines, next, titles)
    // The heading above remains one.
    if (found && skip > 0) return null
    if (found) return { table: makeTable(at, titles, found.rows), next: found.next }
  }
  return null
}

const isHeaderCell = (line: string): boolean =>
  line.length <= 60 &&
  roleOf(line) !== null &&
  !isStatusCell(line) &&
  (isFieldName(line.trim()) || !(isStrong(line.trim()) || /\S[._]\S/.test(line)))

function rowsBelow(lines: readonly string[], from: number, header: readonly string[]) {
  const roles = header.map(roleOf)
  const code = roles.indexOf('code')
  const status = roles.indexOf('status')
  if (code === -1) return null
  const begins = (cells: readonly Cell[], at: number): boolean => {
    const token = bareToken(cells[at + code]?.text ?? '')
    if (habitOf(token) === null || notACode(token) !== null) return false
    if (status === -1) return isStrong(token) || OF_PARTS.test(token)
    return isStatusCell(cells[at + status]?.text ?? '')
  }
  const rows: Row[] = []
  let next = from
  let cells = cellsFrom(lines, next, header.length)
  while (cells.length > Math.max(code, status) && begins(cells, 0)) {
    let end = header.length
    // A cell was empty, or held several paragraphs, when the next row does not begin where it should.
    const starts = Array.from(
      { length: header.length + MOST_SURPLUS },
      (_, each) => each + Math.max(code, status) + 1,
    )
    const surely = (each: number) => {
      const token = bareToken(cells[each + code]?.text ?? '')
      return begins(cells, each) && (isStrong(token) || OF_PARTS.test(token))
    }
    const start = begins(cells, header.length) ? header.length : starts.find(surely)
    if (start !== undefined) end = start
    const row = cells.slice(0, end)
    rows.push([
      row[0].line,
      fitted(
        row.map(({ text }) => text),
        header.length,
        roles.at(-1) === 'retry',
      ),
    ])
    next = row[row.length - 1].line + 1
    cells = cellsFrom(lines, next, header.length)
  }
  if (rows.length === 0 || (status === -1 && rows.length < 2)) return null
  return { rows, next }
}

/** Enough of what follows to see where the next row begins. */
function cellsFrom(lines: readonly string[], from: number, columns: number): Cell[] {
  const cells: Cell[] = []
  for (let line = from; line < lines.length && cells.length < columns * 2 + MOST_SURPLUS; line++)
    if (!isBlank(lines[line])) cells.push({ line, text: lines[line].trim() })
  return cells
}

/** As many cells as columns: the last keeps its answer, what is too much goes to the words before it. */
function fitted(row: string[], columns: number, retryLast: boolean): string[] {
  const last = retryLast && retryOfCell(row[row.length - 1]) !== null ? row.slice(-1) : []
  const words = last.length > 0 ? row.slice(0, -1) : row
  const room = columns - last.length
  if (words.length > room) words.splice(room - 1, words.length, words.slice(room - 1).join(' '))
  while (last.length > 0 && words.length < room) words.push('')
  return [...words, ...last]
}
