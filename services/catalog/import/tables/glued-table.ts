import { habitOf, isStrong } from '../words/code-shape.ts'
import { roleOf } from '../words/header-words.ts'
import { type Find, isBlank, makeTable } from './table-lines.ts'

// Tables whose cells run together, as copying a rendered page leaves them: `CODE401Invalid keyCheck key` under
// `CodeHTTPDescriptionAction`; or the code and its status, and each further cell on a line of its own.

const GLUE = /(?<=[\p{Ll}\d)）?])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u
const CELL_GLUE = /(?<=[\p{Ll}\d.)])(?=\p{Lu})/u
const CODE_STATUS = /^\s{0,8}([\p{L}][\p{L}\d_./:-]{1,80}?)([1-5]\d\d)(?=$|\s*[\p{Lu}\p{Lo}"“(«'])(.*)$/u
const STATUS_CODE =
  /^\s{0,8}([1-5]\d\d)([a-z][a-z\d]*(?:[_-][a-z\d]+)+|[A-Z][A-Z\d]*(?:_[A-Z\d]+)+)(?=\p{Lu}|$)(.*)$/u
const STATUS_NUMBER = /^\s{0,8}([1-5]\d\d)(0|-?[1-9]\d{0,6})(?=[\p{Lu}"“'%]|$)(.*)$/u
const STATUS = /^\s{0,8}([1-5]\d\d)\s?(?=\p{Lu})(.*)$/u
const LOWER_CODE = /^\s{0,8}([a-z][a-z\d]*(?:[_.-][a-z\d]*[a-z])+)(?=[\p{Lu}\d])(.*)$/u
const UPPER_CODE = /^\s{0,8}([A-Z][A-Z\d]*(?:_[A-Z\d]+)*)(?=\p{Lu}\p{Ll})(.*)$/u
const LOWER_WORD = /^\s{0,8}([a-z]{3,40})(?=\p{Lu})(.*)$/u
const YES_OR_NO = /(?<=[\p{Ll}\d.)'’"”%])(?:No|Yes|True|False|Never|Always|Sometimes|Maybe)\b.{0,80}$/u

/** `CodeHTTPDescriptionAction` */
export function gluedHeader(line: string): string[] | null {
  const words = line.trim()
  if (words.length > 120 || /\d{3}/.test(words) || !GLUE.test(words)) return null
  const parts = words.split(GLUE)
  const isName = (part: string) => roleOf(part) !== null && part.split(' ').length <= 3 && !isStrong(part)
  return parts.length >= 2 && parts.every(isName) ? parts : null
}

type Cells = (line: string | undefined) => string[] | null

const codeStatus: Cells = (line) => {
  const row = line === undefined || line.length > 4000 ? null : CODE_STATUS.exec(line)
  return row && habitOf(row[1]) !== null ? row.slice(1) : null
}

/** How a row begins, told by the header; the rest of it comes last. */
function beginningOf(header: readonly string[] | null): Cells | null {
  if (header === null) return codeStatus
  const [first, second] = header.map(roleOf)
  const by =
    (...shapes: RegExp[]): Cells =>
    (line) => {
      if (line === undefined || line.length > 4000) return null
      for (const shape of shapes) {
        const row = shape.exec(line)
        if (row) return row.slice(1)
      }
      return null
    }
  if (first === 'code' && second === 'status') return codeStatus
  if (first === 'status' && second === 'code') return by(STATUS_CODE, STATUS_NUMBER)
  if (first === 'status') return by(STATUS)
  return first === 'code' ? by(LOWER_CODE, UPPER_CODE, LOWER_WORD) : null
}

export const gluedTable: Find = (lines, at) => {
  const header = gluedHeader(lines[at])
  const cellsOf = beginningOf(header)
  if (cellsOf === null) return null
  let next = header ? at + 1 : at
  while (header && isBlank(lines[next]) && next < lines.length) next++
  const first = cellsOf(lines[next])
  if (!first || (!header && !isStrong(first[0]))) return null
  if (!header && ![1, 2, 3, 4].some((ahead) => isStrong(codeStatus(lines[next + ahead])?.[0] ?? '')))
    return null
  const known = first.length - 1
  const more = header ? header.length - known : 3
  const retryLast = header !== null && roleOf(header[header.length - 1]) === 'retry'

  const rows: [number, string[]][] = []
  while (next < lines.length) {
    const row = gluedHeader(lines[next]) === null ? cellsOf(lines[next]) : null
    if (!row) break
    const rest = row[known].trim()
    const cells = rest === '' ? [] : splitCells(rest, more, retryLast)
    const from = next++
    if (rest === '') {
      while (cells.length < more && !isBlank(lines[next]) && !cellsOf(lines[next]))
        cells.push(lines[next++].trim())
    }
    rows.push([from, [...row.slice(0, known), ...cells]])
    if (isBlank(lines[next]) && cellsOf(lines[next + 1]) && gluedHeader(lines[next + 1]) === null) next++
  }
  // Single words are codes among names that could be nothing else.
  if (!rows.some(([, [code]]) => /[^\p{Ll}]/u.test(code))) return null
  return { table: makeTable(at, header ?? [], rows), next }
}

function splitCells(text: string, cells: number, retryLast: boolean): string[] {
  const answer = retryLast ? YES_OR_NO.exec(text) : null
  if (answer) return [...splitCells(text.slice(0, answer.index), cells - 1, false), answer[0]]
  const parts = text.split(CELL_GLUE)
  if (parts.length <= cells) return parts
  // A short first cell, as "No", ends at the first boundary; otherwise the last boundaries are the ones between cells,
  // because names like GitHub have some of their own.
  const head = parts[0].length <= 12 && cells > 1 ? [parts.shift() as string] : []
  const tail = cells - head.length > 1 ? parts.splice(parts.length - (cells - head.length - 1)) : []
  return [...head, parts.join(''), ...tail]
}
