import { symbolicStatus } from './symbolic-status.ts'

// A program as the pieces that each say one thing: a member of an enum, an entry of a map, a row of values, an arm of a
// match, a class of a few lines. Told by brackets and indentation alone, so that the language does not matter.

export interface Segment {
  line: number
  text: string
  /** The comments right above and in it. */
  words: string
  /** How what holds it begins: `enum ErrorCode`, `fn is_retryable(&self) -> bool`, outermost first. */
  owners: readonly string[]
}

const COMMENT = /^\s*(?:\/\/+|#(?!\[|!\[)|--|\/?\*+\/?|"""|'''|;)\s?(.*?)(?:\*\/|"""|''')?\s*$/
/** GraphQL's. */
const DESCRIPTION = /^\s*"([^"]*\s[^"]*)"\s*$/
/** `#[error("no such book")]`, `@Getter`. */
const ANNOTATION = /^\s*(?:#\[|@\w)/
const BEHIND = /(?:\/\/+|\s#|\s--|\/\*+)\s?(.*?)(?:\*\/)?\s*$/
/** What always holds other things, however short. */
const HOLDER =
  /\b(?:enum|match|switch|impl|trait|namespace|module|interface|struct|union)\b|^\s*(?:const|var|val|type)\s*\(\s*$|\bEnum\)\s*:/
const ARM = /^\s*(?:case\b.*|default\s*):\s*$/
const LONGEST_LINE = 500
const MOST_LINES = 5000
/** A leaf has hardly more. */
const MOST_LINES_OF_LEAF = 14
const DEEPEST = 12
const FAILING = /(?<![\w.])[45]\d\d(?![\w.])/

export function segmentsOf(text: string): Segment[] {
  const lines = text.split('\n', MOST_LINES)
  const found: Segment[] = []
  walk({ lines, balances: lines.map(balanceOf) }, 0, lines.length, [], found)
  return found
}

interface Source {
  lines: readonly string[]
  /** How many brackets each line leaves open. */
  balances: readonly number[]
}

function walk(source: Source, from: number, to: number, owners: readonly string[], found: Segment[]): void {
  const { lines } = source
  let words: string[] = []
  /** With the comment that stands over several, with nothing between: "// Error codes of this product". */
  let titled = owners
  let inWords = false
  for (let at = from; at < to; ) {
    const line = lines[at]
    const trimmed = line.trim()
    if (trimmed === '"""' || trimmed === "'''") {
      inWords = !inWords
      if (inWords) words = []
      at++
      continue
    }
    const said = inWords ? trimmed : (COMMENT.exec(line) ?? DESCRIPTION.exec(line))?.[1]
    if (said !== undefined || (ANNOTATION.test(line) && endOf(source, at, to) === at + 1)) {
      words.push(said ?? stringsIn(line).join(' '))
      at++
      continue
    }
    if (trimmed === '' || line.length > LONGEST_LINE) {
      if (words.length > 0 && owners.length > 0)
        titled = [...owners.slice(0, -1), `${owners.at(-1)} ${words.join(' ')}`]
      words = []
      at++
      continue
    }
    const end = endOf(source, at, to)
    const piece = lines.slice(at, end)
    if (end - at > 1 && isHolder(piece) && owners.length < DEEPEST) {
      const owner = [line.trim(), ...words].join(' ')
      walk(source, at + 1, end, [...titled, owner], found)
    } else if (!/^[\s)\]};,]*$/.test(piece.join(''))) found.push(segment(piece, at, words, titled))
    words = []
    at = end
  }
}

function segment(piece: readonly string[], at: number, above: readonly string[], owners: readonly string[]) {
  const behind: string[] = []
  const text = piece
    .map((line) => {
      const whole = COMMENT.exec(line)
      const comment = whole ?? BEHIND.exec(line)
      if (comment === null) return line
      behind.push(comment[1])
      return line.slice(0, comment.index)
    })
    .join('\n')
  const words = [...above, ...behind].filter((each) => each !== '')
  return { line: at + 1, text, words: words.join('\n').trim(), owners }
}

/** The line after the one in which what begins here is closed. */
function endOf({ lines, balances }: Source, at: number, to: number): number {
  let depth = 0
  for (let line = at; line < to; line++) {
    depth += balances[line]
    if (depth > 0) continue
    if (line > at) return line + 1
    // Python's blocks, and the arms of a switch, end where the indentation does.
    if (/:\s*(?:#.*)?$/.test(lines[at]) && !/^\s*["'`\w$.-]+\s*:\s*$/.test(lines[at]))
      return dedent(lines, at, to)
    if (ARM.test(lines[at])) return dedent(lines, at, to)
    return at + 1
  }
  return depth > 0 ? at + 1 : to
}

function dedent(lines: readonly string[], at: number, to: number): number {
  const indent = indentOf(lines[at])
  let end = at + 1
  while (end < to && (lines[end].trim() === '' || indentOf(lines[end]) > indent)) end++
  while (end > at + 1 && lines[end - 1].trim() === '') end--
  return end
}

const indentOf = (line: string): number => line.length - line.trimStart().length

/** How many brackets a line opens and leaves open; those in strings and behind comments do not count. */
function balanceOf(line: string): number {
  if (line.length > LONGEST_LINE || COMMENT.test(line)) return 0
  const bare = bareOf(line)
  return (bare.match(/[([{]/g)?.length ?? 0) - (bare.match(/[)\]}]/g)?.length ?? 0)
}

/** Without strings and comments. */
const bareOf = (line: string): string =>
  line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '').replace(BEHIND, '')

function isHolder(piece: readonly string[]): boolean {
  if (piece.length > MOST_LINES_OF_LEAF || piece.some((line) => HOLDER.test(bareOf(line)))) return true
  const inside = piece.slice(1)
  const strings = inside.flatMap(stringsIn).filter((each) => /^[\w./:-]{3,}$/.test(each))
  const statuses = inside.filter((line) => FAILING.test(line) || symbolicStatus(line) !== null)
  return statuses.length > 1 || strings.length > 2
}

const stringsIn = (text: string): string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`/g)].map(
    ([, double, single, tick]) => double ?? single ?? tick ?? '',
  )
