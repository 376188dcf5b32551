import {
  Composer,
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  visit,
} from 'yaml'
import { reasonOf } from '../contract/thrown.ts'

/** Something wrong in a file, and where, for a person to mend. */
export interface Problem {
  file: string
  line?: number
  message: string
}

export interface YamlSource {
  value: unknown
  /** The line of the node at a path, or of the nearest thing around it. */
  lineOf: (path: readonly PropertyKey[]) => number | undefined
}

// A catalog is four levels deep, and a megabyte of it has about 350,000 tokens. The limits keep off what costs: composing
// recurses, so deep nesting overflows the stack (and can abort the process inside a regular expression), and files of
// nothing but tokens eat seconds and gigabytes.
const CATALOG_LIMITS: YamlLimits = { deepest: 32, mostTokens: 400_000 }

export interface YamlLimits {
  deepest: number
  mostTokens: number
}

/** Aliases may repeat a text a few times; a bomb multiplies them. */
const MOST_ALIASES = 100
/** Nobody mends more at a time; one slip often causes hundreds. */
export const MOST_PROBLEMS = 20

/** Reads one YAML document from text that may be hostile, in bounded time and memory. Never throws. */
export function readYaml(
  text: string,
  file: string,
  limits: YamlLimits = CATALOG_LIMITS,
): YamlSource | Problem[] {
  const lines = new LineCounter()
  const lineAt = (offset: number) => lines.linePos(offset).line
  const tokens = []
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  let count = 0
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    if (parser.stack.length > limits.deepest)
      return [{ file, line: lineAt(parser.offset), message: 'nested too deeply' }]
    if (++count > limits.mostTokens) return [{ file, line: lineAt(parser.offset), message: 'too large' }]
  }
  tokens.push(...parser.end())

  // The library's own check for unique keys is quadratic, so ours stands below.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false })
  const [document, second] = composer.compose(tokens, true, text.length)
  const problems: Problem[] = []
  for (const { pos, message } of [...document.errors, ...document.warnings].slice(0, MOST_PROBLEMS)) {
    problems.push({ file, line: lineAt(pos[0]), message })
  }
  if (second)
    problems.push({ file, line: lineAt(second.range[0]), message: 'more than one document in the file' })
  if (problems.length === 0) problems.push(...repeatedKeys(document, file, lineAt))
  if (problems.length > 0) return problems.slice(0, MOST_PROBLEMS)

  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES })
    return { value, lineOf: (path) => lineOfPath(document, path, lineAt) }
  } catch (error) {
    return [{ file, message: reasonOf(error) }]
  }
}

function repeatedKeys(document: Document, file: string, lineAt: (offset: number) => number): Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) {
          const line = key.range ? lineAt(key.range[0]) : undefined
          problems.push({ file, line, message: `the key ${String(key.value)} stands here twice` })
        }
        seen.add(key.value)
      }
    },
  })
  return problems
}

function lineOfPath(document: Document, path: readonly PropertyKey[], lineAt: (offset: number) => number) {
  let node: unknown = document.contents
  let offset = isNode(node) ? node.range?.[0] : undefined
  for (const step of path) {
    let next: unknown
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (isPair(pair) && isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset
      next = pair?.value
    } else if (isCollection(node)) {
      next = node.items[Number(step)]
      if (isNode(next)) offset = next.range?.[0] ?? offset
    }
    if (next === undefined) break
    node = next
  }
  return offset === undefined ? undefined : lineAt(offset)
}
