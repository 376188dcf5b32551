import { readYaml } from '../../yaml-source.ts'
import type { Read } from '../statement.ts'
import { readRecords } from './json-document.ts'

// A whole page of YAML that lists codes: `errors: [{code: …, retry: never}]`. What is no such list is read line by line.

/** Composing costs a microsecond a character. */
const LONGEST = 150_000
const LIMITS = { deepest: 32, mostTokens: 60_000 }
const KEY_OR_ELEMENT = /^\s*(?:- |[\w"'./-]{1,60}:(?:\s|$)|#|---|[{}\]])/
const CODE = /^\s*(?:- )?(?:\{\s*)?["']?(?:\w+_)?code["']?:\s\S/
const MOST = 0.6
const LEAST = 3

export function readYamlList(text: string, lines: readonly string[]): Read | null {
  if (text.length > LONGEST) return null
  const filled = lines.filter((line) => line.trim() !== '')
  if (filled.filter((line) => CODE.test(line)).length < LEAST) return null
  if (filled.filter((line) => KEY_OR_ELEMENT.test(line)).length < filled.length * MOST) return null
  const source = readYaml(text, 'the page', LIMITS)
  if (Array.isArray(source)) return null
  const read = readRecords(source.value, lines)
  return read.statements.length < LEAST ? null : read
}
