import { codesOfCell } from './code-cell.ts'
import { isStrong } from './code-shape.ts'
import { headOf } from './head.ts'
import { isAboutErrors, roleOf } from './header-words.ts'
import type { Row, Table } from './page.ts'
import { retryOfCell, retryOfText } from './retry-words.ts'
import type { Note, Read, StatedRetry, Statement } from './statement.ts'
import { labelledStatuses, type Statuses, statusesIn, statusesOfCell } from './status-text.ts'
import type { Surroundings } from './surroundings.ts'
import { type Columns, columnsOf, NONE } from './table-columns.ts'

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

/** What the values are of, the heading says. */
const OF_ANYTHING =
  /^(?:enum(?:eration)?s?|values?|enum values?|constants?|keys?|fields?|parameters?|categor(?:y|ies))$/i
const OF_CODES = /\berror (?:codes?|types?|reasons?|values?|names?)$/i

function whyForeign(
  { header, rows }: Table,
  columns: Columns,
  { path, intro, http, foreign, denied }: Surroundings,
): string | null {
  const codeHeader = header[columns.code]?.text ?? ''
  const role = codeHeader === '' ? null : roleOf(codeHeader)
  const isOfErrors =
    path.length > 0 && OF_CODES.test(path[path.length - 1].trim()) && OF_ANYTHING.test(codeHeader)
  if (role === 'foreign' && !isAboutErrors(codeHeader) && !isOfErrors)
    return `stands in a column “${codeHeader}”`
  if (columns.status !== NONE) {
    const statuses = rows.flatMap(({ cells }) => statusesIn(cells[columns.status]?.text ?? '').exact)
    const failing = statuses.filter((status) => status >= 400).length
    if (failing >= statuses.length / 2 || (role === 'code' && failing > 0 && isAboutErrors(codeHeader)))
      return null
    return 'stands in a table of statuses that are no errors'
  }
  if (denied) return 'stands below words that say it is no error'
  const headers = header.map(({ text }) => text).join(' | ')
  if (
    header.some(
      ({ text }, at) =>
        at !== columns.code && /^(?:type|data type|required|default|format|schema)$/i.test(text),
    ) &&
    columns.retry === NONE
  ) {
    return `stands in a table of fields (${headers})`
  }
  if (isAboutErrors(codeHeader)) return null
  const near = path.at(-1) ?? ''
  if (foreign && !isAboutErrors(near)) return `stands under “${near}”`
  if (columns.retry !== NONE || ((role === 'code' || role === 'type') && http.length > 0)) return null
  if (isAboutErrors(near) || isAboutErrors(intro)) return null
  if (
    (role === 'code' || role === 'status') &&
    path.some(isAboutErrors) &&
    !/currenc|countr|status(?:es)?$|event|type/i.test(near)
  )
    return null
  return near === ''
    ? 'stands in a table that does not speak of errors'
    : `stands under “${near}”, which does not speak of errors`
}

const inBrackets = (text: string): string =>
  /\(([^()]*[45]\d\d[^()]*)\)/.exec(text)?.[1] ?? /^([45]\d\d)\b/.exec(text)?.[1] ?? ''

const textOf = (row: Row, at: number): string => (at === NONE ? '' : (row.cells[at]?.text ?? ''))

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
        retry: retryOfRow(textOf(row, columns.retry), more, row, columns) ?? said,
        from: columns.codeIsType ? 'type' : 'definition',
        context: '',
      })
    }
  }
  return { statements, notes }
}

/** What a break in a cell was made to. */
const BREAK = /\s,\s/

/** A row for each status, and in it a list: "`A`: no such thing", "`B`: not yours". */
function listedCodes({ rows }: Table, columns: Columns): Statement[] {
  return rows.flatMap(({ line, cells }): Statement[] => {
    const http = statusesOfCell(cells[columns.status]?.text ?? '').exact.filter((status) => status >= 400)
    if (http.length === 0) return []
    return cells.flatMap((cell, at) => {
      if (at === columns.status) return []
      const heads = cell.text.split(BREAK).map((text) => headOf({ text, marked: cell.marked }))
      if (!heads.every(({ codes, closed }) => codes.length > 0 && closed)) return []
      return heads.flatMap(({ codes, rest }) => {
        const words = retryOfText(rest)
        const retry: StatedRetry | null = words
          ? { said: words.said, basis: words.explicit ? 'text' : 'implied' }
          : null
        return codes.map(
          (code): Statement => ({
            about: 'code',
            line,
            code,
            http: [...http],
            meaning: rest,
            action: '',
            retry,
            from: 'definition',
            context: '',
          }),
        )
      })
    })
  })
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

function retryOfRow(cell: string, more: string, row: Row, columns: Columns): StatedRetry | null {
  if (columns.retry !== NONE) {
    const said = retryOfCell(cell, more)
    if (said !== null) return { said, basis: 'column' }
  }
  // Notes may stand in columns nobody could name.
  const rest = row.cells.filter((_, at) => ![columns.code, columns.meaning, columns.action].includes(at))
  const said = rest.flatMap(({ text }) => retryOfText(text) ?? [])
  const words = said.find(({ explicit }) => explicit) ?? said[0]
  return words ? { said: words.said, basis: words.explicit ? 'text' : 'implied' } : null
}

/** A table of statuses: what they mean, or when to retry ("401 (expired)"). */
function statusRows(table: Table, columns: Columns): Statement[] {
  const statements: Statement[] = []
  for (const row of table.rows) {
    const cell = textOf(row, columns.status)
    const { exact, hundreds } = statusesOfCell(cell)
    const statuses = [...exact, ...hundreds].filter((status) => status < 10 || status >= 400)
    if (statuses.length === 0) continue
    const meaning = textOf(row, columns.meaning)
    const action = textOf(row, columns.action)
    const said =
      columns.retry === NONE ? null : retryOfCell(textOf(row, columns.retry), `${meaning} ${action}`)
    const words = said === null ? retryOfText(`${action}. ${meaning}`) : null
    const named = columns.retry === NONE
    statements.push({
      about: 'status',
      line: row.line,
      statuses,
      qualifier: /\(([^()]{1,80})\)/.exec(cell.replace(/\([1-5]\d\d\)/, ''))?.[1] ?? '',
      // Beside a word on retrying, the notes are advice.
      meaning: named ? meaning : '',
      action: named ? action : action || meaning,
      retry:
        said !== null
          ? { said, basis: 'status' }
          : words?.explicit
            ? { said: words.said, basis: 'status' }
            : null,
    })
  }
  return statements
}
