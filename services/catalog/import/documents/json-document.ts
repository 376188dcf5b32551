import { STATUS_KEYS, statusOf } from '../bodies/code-field.ts'
import { codesIn } from '../bodies/error-bodies.ts'
import { isObject } from '../bodies/json-pointer.ts'
import type { Read } from '../statement.ts'

// A JSON document that is a list or a map of codes itself: `[{"code": …}]`, `{"errors": {"CODE": {…}}}`.

export function readJson(text: string, lines: readonly string[]): Read | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return readRecords(value, lines)
}

/** What a document of records says, once it is parsed. */
export function readRecords(value: unknown, lines: readonly string[]): Read {
  const statements = codesIn(value, {
    line: 0,
    context: '',
    http: statusOfAll(value),
    inError: true,
    isDocument: true,
  })
  const lineOf = new Map<string, number>()
  lines.forEach((line, at) => {
    for (const [, double, single, bare] of line.matchAll(WORD)) {
      const word = double ?? single ?? bare
      if (!lineOf.has(word)) lineOf.set(word, at + 1)
    }
  })
  return {
    statements: statements.map((one) => ({ ...one, from: 'definition', line: lineOf.get(one.code) ?? 1 })),
    notes: [],
  }
}

const WORD = /"([^"]{1,128})"|'([^']{1,128})'|([\p{L}\d_][\p{L}\d_./-]{1,127})/gu

const COMMON = /^(?:envelope|defaults?|common|response)$/i

/** `envelope: {http_status: 200}`: what holds where an error says no status itself. */
function statusOfAll(document: unknown): number[] {
  if (!isObject(document)) return []
  for (const [key, shared] of Object.entries(document)) {
    if (!COMMON.test(key) || !isObject(shared)) continue
    for (const [name, value] of Object.entries(shared))
      if (STATUS_KEYS.test(name) && name !== 'code' && statusOf(value, 200).length > 0)
        return statusOf(value, 200)
  }
  return []
}
