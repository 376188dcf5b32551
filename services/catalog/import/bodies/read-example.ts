import { listingIn } from '../program/listing.ts'
import type { CodeStatement } from '../statement.ts'
import { statusesIn } from '../words/status-text.ts'
import { codesIn } from './error-bodies.ts'
import { parse } from './forgiving-json.ts'

// Codes in examples of error bodies: JSON, or what is left of it after a page was copied; else a program.

export interface Example {
  statements: CodeStatement[]
  /** Keys that occur: a name that is a field somewhere is not a code elsewhere. */
  fields: string[]
}

const LONGEST = 20_000

/** `inError`: the body of a response that failed, whatever it looks like. */
export function readExample(
  text: string,
  line: number,
  context: string,
  http: readonly number[],
  inError = false,
): Example {
  const fields = new Set<string>()
  const statements: CodeStatement[] = []
  if (text.length > LONGEST) return { statements, fields: [] }
  for (const [, key] of text.matchAll(/["']?([A-Za-z_][\w-]{0,60})["']?\s{0,3}:(?!:)/g)) fields.add(key)
  const [head] = text.split('{', 1)
  const named = statusesIn(head).exact.filter((status) => status >= 400)
  const value = parse(text)
  if (value === undefined) statements.push(...listingIn(text, line, http))
  else
    statements.push(
      ...codesIn(value, {
        line,
        context,
        http: named.length > 0 ? named : [...http],
        inError: inError || named.length > 0,
      }),
    )
  return { statements, fields: [...fields] }
}
