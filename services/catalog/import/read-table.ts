import { codesOfCell } from './code-cell.ts'
import { bareToken, habitOf, isStrong } from './code-shape.ts'
import { isAboutErrors, type Role, roleOf } from './header-words.ts'
import type { Inline, Row, Table } from './page.ts'
import { retryOfCell, retryOfText } from './retry-words.ts'
import type { Note, Read, StatedRetry, Statement } from './statement.ts'
import {
  isRegistered,
  isStatusCell,
  labelledStatuses,
  type Statuses,
  statusesIn,
  statusesOfCell,
} from './status-text.ts'
import type { Surroundings } from './surroundings.ts'

interface Columns {
  code: number
  codeIsType: boolean
  status: number
  retry: number
  meaning: number
  action: number
}

const HOLDS_CODE = /[\p{L}\d]_[\p{L}\d]|\p{Ll}\p{Lu}/u
const NONE = -1
/** So many of a column's filled cells must fit for it to be that column. */
const MOST_OF = 0.6

export function readTable(table: Table, around: Surroundings): Read {
  const notes: Note[] = []
  const columns = columnsOf(table, around)
  if (columns.code === NONE) {
    return { statements: columns.status === NONE ? [] : statusRows(table, columns), notes }
  }
  const why = whyForeign(table, columns, around)
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

const share = (cells: readonly Inline[], fits: (cell: Inline) => boolean): number => {
  const filled = cells.filter(({ text }) => text !== '')
  return filled.length === 0 ? 0 : filled.filter(fits).length / filled.length
}

function columnsOf({ header, rows }: Table, around: Surroundings): Columns {
  const givesStatus = around.http.length > 0 || rows.some(isGroup)
  const width = Math.min(24, Math.max(header.length, ...rows.slice(0, 200).map(({ cells }) => cells.length)))
  // A row that is a heading says nothing of the columns.
  const whole = rows.slice(0, 2000).filter(({ cells }) => cells.filter(({ text }) => text !== '').length > 1)
  const sample = whole.length > 0 ? whole : rows.slice(0, 2000)
  const roles = Array.from({ length: width }, (_, at) => (header[at] ? roleOf(header[at].text) : null))
  const cellsOf = (at: number) => sample.flatMap(({ cells }) => (cells[at] ? [cells[at]] : []))
  const columns = roles.map((_, at) => cellsOf(at))
  const statusShare = columns.map((cells) =>
    share(cells, (cell) => isStatusCell(cell.text) && !HOLDS_CODE.test(cell.text) && !isName(cell)),
  )
  const codeShare = columns.map((cells) => share(cells, (cell) => codesOfCell(cell).length > 0))
  const registered = (at: number) =>
    share(
      columns[at],
      ({ text }) =>
        statusesOfCell(text).exact.some((status) => isRegistered(status) || status > 511) ||
        /xx$/i.test(text),
    )

  let status = NONE
  for (let at = 0; at < width; at++) {
    if (statusShare[at] < MOST_OF || registered(at) < 0.5) continue
    const better =
      status === NONE ||
      (roles[at] === 'status' && roles[status] !== 'status') ||
      (roles[status] === 'code' &&
        roles[at] !== 'code' &&
        share(columns[at], ({ text }) => /\d/.test(text)) >= MOST_OF)
    // Codes may be spelled as HTTP's words are: `unauthorized`.
    const areCodes =
      roles[at] === 'code' && columns[at].every(({ text }) => !/\d/.test(text)) && codeShare[at] >= MOST_OF
    if (better && roles[at] !== 'retry' && !areCodes) status = at
  }
  if (status === NONE) status = roles.findIndex((role, at) => role === 'status' && statusShare[at] > 0.3)

  const fit = (at: number): number => {
    if (at === status || codeShare[at] < MOST_OF) return 0
    const role = roles[at]
    if (role === 'retry' || role === 'meaning' || role === 'action' || role === 'status') return 0
    const strong = share(columns[at], (cell) => codesOfCell(cell).some((code) => isStrong(code)))
    const numeric = share(columns[at], (cell) =>
      codesOfCell(cell).every((code) => habitOf(code) === 'numeric'),
    )
    const distinct = distinctIn(columns[at])
    // Beside a column of statuses that fail, names of several parts are codes, whatever the column is called.
    const besideStatus =
      (status !== NONE || givesStatus) && distinct > 0.9 && share(columns[at], isName) >= 0.9
    // Numbers of three digits and more under "Error code" are the codes; "3" beside NOT_FOUND is not.
    const isNumbered =
      (besideStatus || /code|c[oó]d|コード|码|код|코드|kod/i.test(header[at]?.text ?? '')) &&
      share(columns[at], ({ text }) => /^-?\d{3,}$/.test(bareToken(text))) >= MOST_OF
    const named = role === 'code' ? 2 : role === 'type' ? 0.5 : role === 'foreign' ? 0.2 : 0
    if (role === null && strong < 0.5 && !besideStatus && !(header.length === 0 && at === 0)) return 0
    return named + strong * 1.5 + distinct + codeShare[at] - (isNumbered ? -1.5 : numeric * 1.5) - at * 0.05
  }
  let code = NONE
  for (let at = 0; at < width; at++) if (fit(at) > (code === NONE ? 0.5 : fit(code))) code = at

  const first = (role: Role) => roles.findIndex((each, at) => each === role && at !== code && at !== status)
  let meaning = first('meaning')
  if (meaning === NONE) {
    // Without a telling header, the column of words.
    const words = columns.map((cells, at) =>
      at === code || at === status || roles[at] !== null
        ? 0
        : cells.reduce((sum, { text }) => sum + text.split(' ').length, 0),
    )
    const most = Math.max(...words, 0)
    if (most > rows.length) meaning = words.indexOf(most)
  }
  let retry = first('retry')
  if (retry === NONE) {
    retry = columns.findIndex(
      (cells, at) =>
        roles[at] === null &&
        share(cells, ({ text }) => /retr(?:y|iable)/i.test(text) && text.length < 40) >= MOST_OF,
    )
  }
  const isFamily = status === NONE || distinctIn(columns[code] ?? []) < 0.9
  return {
    code,
    codeIsType: roles[code] === 'type' && isFamily,
    status,
    retry,
    meaning,
    action: first('action'),
  }
}

function whyForeign(
  { header, rows }: Table,
  columns: Columns,
  { path, intro, http, foreign }: Surroundings,
): string | null {
  const codeHeader = header[columns.code]?.text ?? ''
  const role = codeHeader === '' ? null : roleOf(codeHeader)
  if (role === 'foreign' && !isAboutErrors(codeHeader)) return `stands in a column “${codeHeader}”`
  if (columns.status !== NONE) {
    const statuses = rows.flatMap(({ cells }) => statusesIn(cells[columns.status]?.text ?? '').exact)
    const failing = statuses.filter((status) => status >= 400).length
    if (failing >= statuses.length / 2 || (role === 'code' && failing > 0 && isAboutErrors(codeHeader)))
      return null
    return 'stands in a table of statuses that are no errors'
  }
  const headers = header.map(({ text }) => text).join(' | ')
  if (
    header.some(({ text }) => /^(?:type|data type|required|default|format|schema)$/i.test(text)) &&
    columns.retry === NONE
  ) {
    return `stands in a table of fields (${headers})`
  }
  if (isAboutErrors(codeHeader)) return null
  const near = path.at(-1) ?? ''
  if (foreign && !isAboutErrors(near)) return `stands under “${near}”`
  if (columns.retry !== NONE || (role === 'code' && http.length > 0)) return null
  if (isAboutErrors(near) || isAboutErrors(intro)) return null
  if (role === 'code' && path.some(isAboutErrors) && !/currenc|countr|status(?:es)?$|event|type/i.test(near))
    return null
  return near === ''
    ? 'stands in a table that does not speak of errors'
    : `stands under “${near}”, which does not speak of errors`
}

/** "409 Conflict" over the rows it holds for. */
const isGroup = ({ cells }: Row): boolean => {
  const filled = cells.filter(({ text }) => text !== '')
  return (
    filled.length === 1 &&
    cells.length > 1 &&
    statusesIn(filled[0].text).exact.some((status) => status >= 400)
  )
}

const distinctIn = (cells: readonly Inline[]): number =>
  new Set(cells.map(({ text }) => text)).size / Math.max(1, cells.length)

/** Of several parts, as codes are named: `port-not-served`, `auth/user-not-found`. */
const isName = (cell: Inline): boolean =>
  codesOfCell(cell).some(
    (code) => /[\p{L}\d][-_./:][\p{L}\d]/u.test(code) || isStrong(code) || /^-?\d{4,9}$/.test(code),
  )

const inBrackets = (text: string): string =>
  /\(([^()]*[45]\d\d[^()]*)\)/.exec(text)?.[1] ?? /^([45]\d\d)\b/.exec(text)?.[1] ?? ''

const textOf = (row: Row, at: number): string => (at === NONE ? '' : (row.cells[at]?.text ?? ''))

function codeRows(table: Table, columns: Columns, around: Surroundings): Read {
  const statements: Statement[] = []
  const notes: Note[] = []
  let section: readonly number[] = around.http
  let said: StatedRetry | null = null
  let above: Statuses | null = null
  for (const row of table.rows) {
    const cell = row.cells[columns.code]
    const filled = row.cells.filter(({ text }) => text !== '')
    const codes = cell ? codesOfCell(cell) : []
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
    const worded = columns.status === NONE ? labelledStatuses(meaning).exact : []
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

function retryOfRow(cell: string, more: string, row: Row, columns: Columns): StatedRetry | null {
  if (columns.retry !== NONE) {
    const said = retryOfCell(cell, more)
    if (said !== null) return { said, basis: 'column' }
  }
  // Notes may stand in columns nobody could name.
  const rest = row.cells.filter(
    (_, at) => ![columns.code, columns.status, columns.meaning, columns.action].includes(at),
  )
  for (const { text } of rest) {
    const words = retryOfText(text)
    if (words?.explicit) return { said: words.said, basis: 'text' }
  }
  return null
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
