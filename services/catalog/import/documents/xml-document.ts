import { Parser } from 'htmlparser2'
import { codesIn } from '../bodies/error-bodies.ts'
import type { Json } from '../bodies/json-pointer.ts'
import type { Read } from '../statement.ts'
import { schemaCodes } from './xml-enumerations.ts'

// An XML document that is a list of codes itself: `<error code="…" status="…">…</error>`, or elements for each.

const DEEPEST = 60

export const isXml = (text: string): boolean =>
  /^\s*<\?xml\b/.test(text) && !/<(?:html|body|p|td|h[1-6])[\s>]/i.test(text.slice(0, 4000))

export function readXml(text: string): Read | null {
  const root: Json = {}
  const open: { name: string; value: Json; words: string }[] = [{ name: '', value: root, words: '' }]
  let skipped = 0
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (open.length > DEEPEST) skipped++
        else open.push({ name: name.slice(name.indexOf(':') + 1), value: { ...attributes }, words: '' })
      },
      ontext(words) {
        open[open.length - 1].words += words
      },
      onclosetag() {
        if (skipped > 0) {
          skipped--
          return
        }
        const ended = open.length > 1 ? open.pop() : undefined
        if (ended) add(open[open.length - 1].value, ended.name, contentOf(ended.value, ended.words))
      },
    },
    { xmlMode: true },
  )
  parser.end(text)
  const statements =
    schemaCodes(root) ?? codesIn(root, { line: 0, context: '', http: [], inError: true, isDocument: true })
  if (statements.length === 0) return null
  const lines = linesOfCodes(text, new Set(statements.map(({ code }) => code)))
  return {
    statements: statements.map((one) => ({ ...one, from: 'definition', line: lines.get(one.code) ?? 1 })),
    notes: [],
  }
}

/** What is nothing but words is its words. */
function contentOf(value: Json, words: string): unknown {
  const text = words.replace(/\s+/g, ' ').trim()
  if (Object.keys(value).length === 0) return text
  return text === '' ? value : { message: text, ...value }
}

function add(parent: Json, name: string, value: unknown): void {
  const before = parent[name]
  if (before === undefined) parent[name] = value
  else if (Array.isArray(before)) before.push(value)
  else parent[name] = [before, value]
}

function linesOfCodes(text: string, codes: ReadonlySet<string>): Map<string, number> {
  const found = new Map<string, number>()
  text.split('\n').forEach((line, at) => {
    for (const [word] of line.slice(0, 2000).matchAll(/[\p{L}\d][\p{L}\d_./:#-]*/gu))
      if (codes.has(word) && !found.has(word)) found.set(word, at + 1)
  })
  return found
}
