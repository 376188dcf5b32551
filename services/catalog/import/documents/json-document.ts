import { codesIn } from '../bodies/error-bodies.ts'
import type { Read } from '../statement.ts'

// A JSON document that is a list or a map of codes itself: `[{"code": …}]`, `{"errors": {"CODE": {…}}}`.

export function readJson(text: string, lines: readonly string[]): Read | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const statements = codesIn(value, { line: 0, context: '', http: [], inError: true, isDocument: true })
  const lineOf = new Map<string, number>()
  lines.forEach((line, at) => {
    for (const [, word] of line.matchAll(/"([^"]{1,128})"/g)) if (!lineOf.has(word)) lineOf.set(word, at + 1)
  })
  return {
    statements: statements.map((one) => ({ ...one, from: 'definition', line: lineOf.get(one.code) ?? 1 })),
    notes: [],
  }
}
