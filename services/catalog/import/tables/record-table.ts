import { codesOfCell } from '../words/code-cell.ts'
import { type Role, roleOf } from '../words/header-words.ts'
import { inlineOf } from '../words/inline-text.ts'
import { type Find, indentOf, isBlank, makeTable } from './table-lines.ts'

// Records of labelled lines, one after the other: "Code: X", "Status: 400"; YAML and TOML as they are pasted.

const FIELD =
  /^\s*(?:[-*+•]\s+)?["'*`]{0,3}([\p{L}][\p{L}\d _-]{0,30}?)["'*`]{0,3}\s{0,20}[:=：]["'*`]{0,3}\s{0,20}["'*`]{0,3}(\S.*?)["'`,;]{0,3}$/u
/** `[errors."X"]`, `"X":`. */
const NAME =
  /^\s*(?:-\s+)?(?:\[(?:[\w-]{1,40}\.)?["']?([^"'[\]\s]{2,80})["']?\]|["']?([^"':\s]{2,80})["']?:)\s*$/
const BETWEEN = /^\s*(?:-{3,}|\[\[[\w.-]+\]\]|-)?\s*$/
const MOST_FIELDS = 20
const KNOWN: readonly (Role | null)[] = ['status', 'meaning', 'retry', 'action']

interface Field {
  role: Role | null
  key: string
  value: string
}

function fieldOf(line: string | undefined): Field | null {
  const [, key, value] = line === undefined || line.length > 1000 ? [] : (FIELD.exec(line) ?? [])
  return key === undefined ? null : { role: roleOf(key), key: key.trim(), value }
}

const isCode = (text: string) => codesOfCell(inlineOf(text)).length === 1

/** The code that a record begins with here. */
function beginning(lines: readonly string[], at: number): { code: string; fields: Field[] } | null {
  const line = lines[at] ?? ''
  const field = fieldOf(line)
  if (field !== null)
    return field.role === 'code' && isCode(field.value) ? { code: field.value, fields: [] } : null
  const [, inBrackets, beforeColon] = line.length > 200 ? [] : (NAME.exec(line) ?? [])
  const code = inBrackets ?? beforeColon
  if (code === undefined || !isCode(code)) return null
  const next = fieldOf(lines[at + 1])
  const isBelow = inBrackets !== undefined || indentOf(lines[at + 1] ?? '') > indentOf(line)
  return next !== null && isBelow && KNOWN.includes(next.role) ? { code, fields: [] } : null
}

type Found = [number, string, Field[]]
/** Else they may as well be answers that are shown as examples, one after the other. */
const saysMuch = ([, , fields]: Found) => fields.some(({ role }) => role === 'status' || role === 'retry')

/** Up to where records say too little, by the lines they are of: what begins among them says no more. */
const tooLittle = new WeakMap<readonly string[], number>()

export const recordTable: Find = (lines, at) => {
  if (at < (tooLittle.get(lines) ?? 0)) return null
  const records: Found[] = []
  let next = at
  while (next < lines.length) {
    const begun = beginning(lines, next)
    if (begun === null) break
    const fields: Field[] = []
    const from = next++
    for (; next < lines.length && fields.length < MOST_FIELDS; next++) {
      if (isBlank(lines[next]) || beginning(lines, next) !== null) break
      const field = fieldOf(lines[next])
      const last = fields.at(-1)
      if (field !== null && field.role !== null) fields.push(field)
      else if (field === null && last && indentOf(lines[next]) > indentOf(lines[from]))
        last.value += ` ${lines[next].trim()}`
      else if (field === null) break
    }
    if (!fields.some(({ role }) => KNOWN.includes(role))) break
    records.push([from, begun.code, fields])
    let gap = next
    while (gap < next + 3 && gap < lines.length && BETWEEN.test(lines[gap])) gap++
    if (beginning(lines, gap) === null) break
    next = gap
  }
  if (!records.some(saysMuch)) tooLittle.set(lines, next)
  if (records.length < 2 || !records.some(saysMuch)) return null
  const keys = [...new Set(records.flatMap(([, , fields]) => fields.map(({ key }) => key)))].slice(
    0,
    MOST_FIELDS,
  )
  const rows = records.map(([line, code, fields]): [number, string[]] => [
    line,
    [code, ...keys.map((key) => fields.find((field) => field.key === key)?.value ?? '')],
  ])
  return { table: makeTable(at, ['Error code', ...keys], rows), next }
}
