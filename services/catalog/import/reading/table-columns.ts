import type { Surroundings } from '../outline/surroundings.ts'
import type { Inline, Row, Table } from '../page.ts'
import { codesOfCell } from '../words/code-cell.ts'
import { bareToken, habitOf, isStrong } from '../words/code-shape.ts'
import { type Role, roleOf } from '../words/header-words.ts'
import { PASSES_OR_NOT } from '../words/retry-words.ts'
import { isReason, isRegistered, isStatusCell, statusesIn, statusesOfCell } from '../words/status-text.ts'

// What each column of a table holds, by its cells first and by its header second.

export interface Columns {
  code: number
  codeIsType: boolean
  status: number
  retry: number
  meaning: number
  action: number
}

const HOLDS_CODE = /[\p{L}\d]_[\p{L}\d]|\p{Ll}\p{Lu}/u
export const NONE = -1
/** So many of a column's filled cells must fit for it to be that column. */
const MOST_OF = 0.6

const share = (cells: readonly Inline[], fits: (cell: Inline) => boolean): number => {
  const filled = cells.filter(({ text }) => text !== '')
  return filled.length === 0 ? 0 : filled.filter(fits).length / filled.length
}

export function columnsOf({ header, rows }: Table, around: Surroundings): Columns {
  const givesStatus = around.http.length > 0 || rows.some(isGroup)
  const width = Math.min(24, Math.max(header.length, ...rows.slice(0, 200).map(({ cells }) => cells.length)))
  // A row that is a heading says nothing of the columns.
  const whole = rows.slice(0, 2000).filter(({ cells }) => cells.filter(({ text }) => text !== '').length > 1)
  const sample = whole.length > 0 ? whole : rows.slice(0, 2000)
  const roles = Array.from({ length: width }, (_, at) => (header[at] ? roleOf(header[at].text) : null))
  const cellsOf = (at: number) => sample.flatMap(({ cells }) => (cells[at] ? [cells[at]] : []))
  const columns = roles.map((_, at) => cellsOf(at))
  const codeShare = columns.map((cells) => share(cells, (cell) => codesOfCell(cell).length > 0))
  const isLone = (at: number) =>
    share(columns[at], (cell) => /^\S+$/.test(cell.text) && isName(cell)) >= 0.9 &&
    distinctIn(columns[at]) > 0.9
  const lone = columns.findIndex((_, at) => roles[at] !== 'code' && isLone(at))
  const statusShare = columns.map((cells, at) =>
    share(
      cells,
      (cell) =>
        (isStatusCell(cell.text) && !HOLDS_CODE.test(cell.text) && !isName(cell)) ||
        (lone > at && isSpelledReason(cell.text)),
    ),
  )
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
    if (better && roles[at] !== 'retry' && !areCodes && !isOfAnother(roles[at], columns[at], around))
      status = at
  }
  if (status === NONE) status = roles.findIndex((role, at) => role === 'status' && statusShare[at] > 0.3)

  /** "404" beside "Not Found": the same twice. */
  const saysAsStatus = (at: number): boolean =>
    status !== NONE &&
    statusShare[at] >= MOST_OF &&
    sample.filter(({ cells }) => {
      const [own] = statusesOfCell(cells[at]?.text ?? '').exact
      return own !== undefined && statusesOfCell(cells[status]?.text ?? '').exact.includes(own)
    }).length >=
      sample.length * MOST_OF
  const fit = (at: number): number => {
    if (at === status || codeShare[at] < MOST_OF || saysAsStatus(at)) return 0
    const role = roles[at]
    // "Error detail" over nothing but names, where no column is called codes.
    const detail = role === 'meaning' && at === lone && !roles.includes('code')
    // "Status" over KEY_INVALID and OVER_LIMIT.
    const isNamedStatus = role === 'status' && statusShare[at] === 0 && at === lone
    if (role === 'retry' || (role === 'meaning' && !detail) || role === 'action') return 0
    if (role === 'status' && !isNamedStatus) return 0
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
      (besideStatus ||
        (role === 'code' && status !== NONE) ||
        /code|c[oó]d|コード|码|код|코드|kod/i.test(header[at]?.text ?? '')) &&
      share(columns[at], ({ text }) => /^-?\d{3,}$/.test(bareToken(text))) >= MOST_OF
    const named = role === 'code' || isNamedStatus ? 2 : role === 'type' ? 0.5 : role === 'foreign' ? 0.2 : 0
    if (role === null && !detail && strong < 0.5 && !besideStatus && !(header.length === 0 && at === 0))
      return 0
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
        at !== code &&
        at !== status &&
        at !== meaning &&
        (share(cells, ({ text }) => /retr(?:y|iable)/i.test(text) && text.length < 40) >= MOST_OF ||
          share(cells, ({ text }) => PASSES_OR_NOT.test(text)) === 1),
    )
  }
  const isFamily = (status === NONE && !givesStatus) || distinctIn(columns[code] ?? []) < 0.9
  return {
    code,
    codeIsType: roles[code] === 'type' && isFamily,
    status,
    retry,
    meaning,
    action: first('action'),
  }
}

/** 509 and 510 in a column of codes under "500 Internal Server Error". */
function isOfAnother(role: Role | null, cells: readonly Inline[], { path }: Surroundings): boolean {
  const heading = path.at(-1) ?? ''
  const [above, ...others] = statusesIn(heading).exact
  if (role !== 'code' || above === undefined || others.length > 0) return false
  return (
    isReason(heading.replace(/[^\p{L} ]+/gu, ' ')) &&
    cells.every(({ text }) => /^\d{3}$/.test(text) && Number(text) !== above)
  )
}

export const textOf = (row: Row, at: number): string => (at === NONE ? '' : (row.cells[at]?.text ?? ''))

/** "409 Conflict" over the rows it holds for. */
const isGroup = ({ cells }: Row): boolean => {
  const filled = cells.filter(({ text }) => text !== '')
  return (
    filled.length === 1 &&
    cells.length > 1 &&
    statusesIn(filled[0].text).exact.some((status) => status >= 400)
  )
}

/** "badRequest (400)": HTTP's own words in one, with their status. */
function isSpelledReason(text: string): boolean {
  const [, words, status] = /^(\p{L}+) \(([45]\d\d)\)$/u.exec(text) ?? []
  if (words === undefined) return false
  const spaced = words.replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
  return statusesOfCell(spaced).exact.includes(Number(status))
}

const distinctIn = (cells: readonly Inline[]): number =>
  new Set(cells.map(({ text }) => text)).size / Math.max(1, cells.length)

/** Of several parts, as codes are named: `port-not-served`, `auth/user-not-found`. */
const isName = (cell: Inline): boolean =>
  codesOfCell(cell).some(
    (code) => /[\p{L}\d][-_./:][\p{L}\d]/u.test(code) || isStrong(code) || /^-?\d{4,9}$/.test(code),
  )
