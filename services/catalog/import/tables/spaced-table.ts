import { bareToken, habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { type Role, roleOf } from '../words/header-words.ts'
import { type Find, isBlank, makeTable } from './table-lines.ts'

const MOST_COLUMNS = 6
/** "HTTP Resend" are two. */
const OF_ANOTHER: readonly (Role | null)[] = ['retry', 'meaning', 'action']
const ANSWER =
  /^(?:(?:yes|no|true|false|never|always|auto|✓|✗|✔|✘|wait|later|once|backoff|maybe|sometimes|ja|nein|oui|non|sí|si|sim|não)(?=[\s,;(]|$))/iu

/** A header and rows whose cells only single spaces divide: "Code Status Retryable Description". */
export const spacedTable: Find = (lines, at) => {
  const header = headerOf(lines[at])
  if (header === null) return null
  const roles = header.map(roleOf)
  const saysStatus = roles.includes('status')
  let next = at + 1
  while (next < lines.length && isBlank(lines[next])) next++
  const rows: [number, string[]][] = []
  for (; next < lines.length; next++) {
    const cells = cellsOf(lines[next], roles)
    const isRow = cells !== null && (saysStatus || isStrong(bareToken(cells[0])))
    const last = rows.at(-1)
    if (isRow) rows.push([next, cells])
    // A description goes on.
    else if (last && (saysStatus ? isWrapped(lines, next) : !isBlank(lines[next])))
      last[1][last[1].length - 1] += ` ${lines[next].trim()}`
    else break
  }
  return rows.length < (saysStatus ? 2 : 1) ? null : { table: makeTable(at, header, rows), next }
}

/** The line before was full, and its sentence is not at its end: what a printed page leaves. */
const FULL = 60
function isWrapped(lines: readonly string[], at: number): boolean {
  const [before, line] = [lines[at - 1].trim(), lines[at].trim()]
  return (
    line !== '' &&
    before.length < 200 &&
    !/[.!?:]$/.test(before) &&
    (before.length >= FULL || /^\p{Ll}/u.test(line))
  )
}

/** The words of the line in groups of one to three that name a column: code and status among them, or a name and what it
 * means. */
function headerOf(line: string): string[] | null {
  const words = line.trim().split(/\s+/)
  if (line.length > 120 || words.length < 3 || words.length > 10 || /[.:|]/.test(line)) return null
  const header: string[] = []
  for (let from = 0; from < words.length; ) {
    const size = [3, 2, 1].find((count) => {
      const group = words.slice(from, from + count)
      return (
        group.length === count &&
        roleOf(group.join(' ')) !== null &&
        !(count === 3 && areTwo(group)) &&
        !(count === 2 && /^HTTP$/i.test(group[0]) && OF_ANOTHER.includes(roleOf(group[1]))) &&
        (count === 1 ||
          group.filter((word) => /^\p{Lu}/u.test(word)).length <= 1 ||
          /^HTTP$/i.test(group[0]) ||
          /^Error$/i.test(group[0]))
      )
    })
    if (size === undefined) return null
    header.push(words.slice(from, from + size).join(' '))
    from += size
  }
  const roles = header.map(roleOf)
  const isNameAndWords = roles.length === 2 && roles[0] === 'code' && roles[1] === 'meaning'
  const saysBoth = roles.includes('code') && roles.includes('status')
  return header.length <= MOST_COLUMNS && (saysBoth || isNameAndWords) ? header : null
}

/** "Error name", "description". */
function areTwo(words: readonly string[]): boolean {
  if (/^codes?$/i.test(words[2])) return false
  const [first, second] = [roleOf(words.slice(0, 2).join(' ')), roleOf(words[2])]
  return first !== null && second !== null && first !== second
}

function cellsOf(line: string, roles: readonly (Role | null)[]): string[] | null {
  if (line.length > 1000) return null
  let rest = line.trim()
  const cells: string[] = []
  for (const [index, role] of roles.entries()) {
    const [word] = rest.split(/\s/, 1)
    if (role === 'code') {
      const token = bareToken(word)
      if (habitOf(token) === null || notACode(token) !== null) return null
    } else if (role === 'status') {
      if (!/^[1-5](?:\d\d|xx)[,/]?$/i.test(word)) return null
    } else if (role === 'retry') {
      if (!ANSWER.test(rest)) return null
    } else {
      // Only the last columns hold words; where one ends nobody can tell.
      return roles.slice(index).some((each) => each === 'code' || each === 'status') ? null : [...cells, rest]
    }
    cells.push(word)
    rest = rest.slice(word.length).trim()
  }
  return cells
}
