import type { Surroundings } from '../outline/surroundings.ts'
import type { Row, Table } from '../page.ts'
import type { Note, Read, StatedRetry, Statement } from '../statement.ts'
import { codesOfCell } from '../words/code-cell.ts'
import { isStrong } from '../words/code-shape.ts'
import { retryOfText, retryUnder } from '../words/retry-words.ts'
import { labelledStatuses, type Statuses, statusesIn, statusesOfCell } from '../words/status-text.ts'
import { whyForeign } from './foreign-table.ts'
import { listedCodes, statusRows } from './status-table.ts'
import { type Columns, columnsOf, NONE, textOf } from './table-columns.ts'

/** `refers`: to a legend, which says the statuses of errors. */
export function readTable(table: Table, around: Surroundings, refers = false): Read {
  const notes: Note[] = []
  const columns = columnsOf(table, around)
  if (columns.code === NONE) {
    if (columns.status === NONE) return { statements: [], notes }
    const listed = listedCodes(table, columns)
    return { statements: listed.length > 0 ? listed : statusRows(table, columns), notes }
  }
  const why = refers ? null : whyForeign(table, columns, around)
  if (why !== null) {
    for (const row of table.rows) {
      const text = row.cells[columns.code]?.text ?? ''
      if (text !== '' && codesOfCell(row.cells[columns.code]).length > 0)
        notes.push({ line: row.line, text, why })
    }
    return { statements: [], notes }
  }
  return codeRows(table, columns, around)
}

const inBrackets = (text: string): string =>
  /\(([^()]*[45]\d\d[^()]*)\)/.exec(text)?.[1] ?? /^([45]\d\d)\b(?!$)/.exec(text)?.[1] ?? ''

/** Among codes with digits, a capitalised word is the line at the foot of a printed page. */
function oddOneIn(table: Table, column: number): (code: string) => boolean {
  const codes = table.rows
    .slice(0, 500)
    .flatMap(({ cells }) => (cells[column] ? codesOfCell(cells[column]) : []))
  const numbered = codes.filter((code) => /\d/.test(code)).length
  return (code) => numbered >= codes.length * 0.8 && /^\p{Lu}\p{Ll}+$/u.test(code)
}

function codeRows(table: Table, columns: Columns, around: Surroundings): Read {
  const statements: Statement[] = []
  const notes: Note[] = []
  let section: readonly number[] = around.http
  let said: StatedRetry | null = null
  let above: Statuses | null = null
  const isOdd = oddOneIn(table, columns.code)
  for (const row of table.rows) {
    const cell = row.cells[columns.code]
    const filled = row.cells.filter(({ text }) => text !== '')
    const codes = cell ? codesOfCell(cell).filter((code) => !isOdd(code)) : []
    if (filled.length === 1 && row.cells.length !== 1 && (codes.length === 0 || !isStrong(codes[0]))) {
      // A row that is a heading: "409 Conflict" over its codes.
      const { exact } = statusesIn(filled[0].text)
      section = exact.length === 1 ? exact : around.http
      const words = retryOfText(filled[0].text)
      said = words?.explicit ? { said: words.said, basis: 'scope' } : null
      above = null
      continue
    }
    if (codes.length === 0) {
      if (cell && cell.text !== '')
        notes.push({ line: row.line, text: cell.text, why: 'is not shaped like a code' })
      continue
    }
    // "`GONE_AWAY` (410)" where no column is for statuses.
    const own = statusesOfCell(columns.status === NONE ? inBrackets(cell.text) : textOf(row, columns.status))
    if (own.exact.length > 0) above = own
    // Where cells were merged, the rows below say nothing.
    const merged =
      columns.status !== NONE && textOf(row, columns.status) === '' && columns.status < columns.code
        ? above
        : null
    const meaning = textOf(row, columns.meaning)
    const worded = columns.status === NONE ? wordedStatuses(row, columns) : []
    const found = [own.exact, own.hundreds.length > 0 ? [] : (merged?.exact ?? []), worded]
    const http = found.find((statuses) => statuses.length > 0) ?? (own.hundreds.length > 0 ? [] : section)
    const action = textOf(row, columns.action)
    const more = `${action} ${meaning} ${row.cells.map(({ text }) => text).join(' ')}`
    for (const code of codes) {
      statements.push({
        about: 'code',
        line: row.line,
        code,
        http: [...http],
        inherits: http === section,
        meaning,
        action,
        retry: retryOfRow(table, more, row, columns) ?? said,
        from: columns.codeIsType ? 'type' : 'definition',
        context: '',
      })
    }
  }
  return { statements, notes }
}

/** "Corresponds with HTTP 404." in whichever column of words. */
function wordedStatuses({ cells }: Row, columns: Columns): number[] {
  const rest = cells.filter((_, at) => at !== columns.code && at !== columns.meaning)
  for (const cell of columns.meaning === NONE ? rest : [cells[columns.meaning], ...rest]) {
    const { exact } = labelledStatuses(cell?.text ?? '')
    if (exact.length > 0) return exact
  }
  return []
}

function retryOfRow({ header }: Table, more: string, row: Row, columns: Columns): StatedRetry | null {
  if (columns.retry !== NONE) {
    const said = retryUnder(header[columns.retry]?.text ?? '', textOf(row, columns.retry), more)
    if (said !== null) return { said, basis: 'column' }
  }
  // Notes may stand in columns nobody could name.
  const rest = row.cells.filter((_, at) => ![columns.code, columns.meaning, columns.action].includes(at))
  const said = rest.flatMap(({ text }) => retryOfText(text) ?? [])
  const words = said.find(({ explicit }) => explicit) ?? said[0]
  return words ? { said: words.said, basis: words.explicit ? 'text' : 'implied' } : null
}
