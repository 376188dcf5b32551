import { type Block, GUESSED_HEADING } from '../page.ts'
import { gluedHeader } from '../tables/glued-table.ts'
import { bareToken, habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { roleOf } from '../words/header-words.ts'
import { inlineOf } from '../words/inline-text.ts'
import { isReason } from '../words/status-text.ts'

// Headings between lines: marked as such, underlined, or standing as short lines where rendered ones were copied.

export type Heading = Extract<Block, { kind: 'heading' }>

const MARKED = /^\s{0,3}(#{1,6})\s*(.+?)[\s#]*$/
/** AsciiDoc, and MediaWiki, which marks the end as well. */
const EQUALS = /^(={1,6})\s+(\S.*?)(?:\s+\1)?\s*$/
/** Confluence and Jira. */
/** MediaWiki's: the same at both ends, and no space needed. */
const EQUALS_AROUND = /^(={2,6})([^=\s][^=]*)\1\s*$/
const WIKI = /^h([1-6])\.\s+(\S.*)$/
const UNDERLINE = /^\s{0,3}([=\-~^"'`*#])\1{2,}\s*$/
/** `#anchor` marks and "Copy link" that rendered headings leave behind. */
const ANCHOR = /\s*(?:\{#[\w-]{1,80}\}|[#¶🔗]|Copy link|Permalink)\s*$/u
/** A description with the next code run into it: "Not valid.AuthError (401)". */
const NEXT_CODE =
  /^(.{4,800}?[.!\p{Ll}])((?:\p{Lu}\p{L}+(?:Error|Exception|Fault|Failure)|\p{Lu}[\p{Lu}\d]*(?:_[\p{Lu}\d]+)+) \([45](?:\d\d|xx)\))$/u

const headingOf = (at: number, level: number, words: string): Heading => ({
  kind: 'heading',
  line: at + 1,
  level,
  inline: inlineOf(words.replace(ANCHOR, '')),
})

export function markedHeading(lines: readonly string[], at: number): Heading | null {
  const wiki = WIKI.exec(lines[at])
  if (wiki) return headingOf(at, Number(wiki[1]), wiki[2])
  const found = MARKED.exec(lines[at]) ?? EQUALS.exec(lines[at]) ?? EQUALS_AROUND.exec(lines[at])
  return found ? headingOf(at, found[1].length, found[2]) : null
}

export function underlinedHeading(lines: readonly string[], at: number): Heading | null {
  const underline = UNDERLINE.exec(lines[at + 1] ?? '')
  if (!underline || lines[at].length > 120) return null
  // In reStructuredText a line above as well makes it the page's title.
  const over = at > 0 ? UNDERLINE.exec(lines[at - 1])?.[1] : undefined
  if (over === underline[1] && over !== '-') return headingOf(at, 0.5, lines[at])
  return headingOf(at, underline[1] === '=' ? 1 : 2, lines[at])
}

/** The end of a description and the code that follows it on the same line. */
export function headingAfterWords(lines: readonly string[], at: number): Block[] | null {
  const next = lines[at].length < 1000 ? NEXT_CODE.exec(lines[at]) : null
  if (!next?.[1].includes(' ')) return null
  return [
    { kind: 'paragraph', line: at + 1, inline: inlineOf(next[1]) },
    { kind: 'heading', line: at + 1, level: GUESSED_HEADING + 1, inline: inlineOf(next[2]) },
  ]
}

export const isLoneCode = (line: string): boolean => {
  const token = bareToken(line)
  return isStrong(token) && notACode(token) === null && !/\s/.test(line.trim()) && gluedHeader(token) === null
}

/** Of several parts or a number: under a status that is a line of its own, such a line is a code. */
const isLoneName = (line: string): boolean => {
  const token = bareToken(line)
  const isName = /^-?\d{4,9}$|[\p{L}\d][-_./:][\p{L}\d]/u.test(token) && habitOf(token) !== null
  return isLoneCode(line) || (isName && notACode(token) === null && !/\s/.test(line.trim()))
}

/** A description has hardly more blocks. */
const NEAR = 12

/** Does a line name a code below a line that is a status? */
function nameBelowStatus(lines: readonly string[], at: number, blocks: readonly Block[]): boolean {
  const isBeside = (lines[at - 1] ?? '').trim() === '' && (lines[at + 1] ?? '').trim() !== ''
  if (!isBeside || !isLoneName(lines[at])) return false
  const last = blocks.slice(-NEAR).findLast((block) => block.kind === 'heading')
  if (last?.kind !== 'heading') return false
  return (
    last.level === GUESSED_HEADING + 1 ||
    (last.level === GUESSED_HEADING && /^[45]\d\d\s/.test(last.inline.text))
  )
}

/** "500 server_bungle". */
const isStatusAndCode = (line: string): boolean => {
  const code = /^\s*[45]\d\d\s+(\S+)\s*$/.exec(line)?.[1]
  return code !== undefined && isLoneCode(code)
}

/** "-1001 DISCONNECTED". */
const isNumberAndName = (line: string): boolean =>
  line.length < 100 && /^\s{0,8}-?\d{4,9}\s+[A-Z][A-Z\d]*(?:_[A-Z\d]+)*\s*$/.test(line)

/** "401 Unauthorized" between blank lines, where what comes next is a code. */
export function statusHeading(lines: readonly string[], at: number, last: Block | undefined): Heading | null {
  const [, status, reason] = /^\s*([45]\d\d)\s+(\p{Lu}.{2,40}?)\s*$/u.exec(lines[at]) ?? []
  if (status === undefined || !isReason(reason)) return null
  const isAlone = (lines[at - 1] ?? '').trim() === '' && (lines[at + 1] ?? '').trim() === ''
  const next = lines.slice(at + 1, at + 4).find((line) => line.trim() !== '') ?? ''
  if ((lines[at - 1] ?? '').trim() === '' && headsTable(lines[at + 1] ?? ''))
    return headingOf(at, GUESSED_HEADING, lines[at])
  const followsCode = last?.kind === 'heading' && last.level === GUESSED_HEADING + 1
  return isAlone && !followsCode && isLoneName(next) ? headingOf(at, GUESSED_HEADING, lines[at]) : null
}

/** The header of a table: "Code", a tab, and more. */
const headsTable = (line: string): boolean => {
  const [first, second] = line.split(/\t|\s?\|\s?|\s{2,}/, 2)
  return second !== undefined && ['code', 'type'].includes(roleOf(first) ?? '')
}

/** A label below a code, or what stands below such a label. */
function isOfEntry(line: string, blocks: readonly Block[]): boolean {
  const last = blocks.slice(-NEAR).findLast((block) => block.kind === 'heading')
  if (last?.kind !== 'heading' || last.level !== GUESSED_HEADING + 1) return false
  // A code that its label gave away.
  if (!last.inline.marked.includes(last.inline.text)) return false
  const before = blocks.at(-1)
  const isBelowLabel = before?.kind === 'paragraph' && isLabelLine(before.inline.text)
  return isLabelLine(line.trim()) || (isBelowLabel && !isLoneCode(line))
}

const isLabelLine = (line: string): boolean =>
  /^\p{Lu}[\p{L} ]{2,24}$/u.test(line) && LABELS.includes(roleOf(line))

const LABELS: readonly (string | null)[] = ['meaning', 'action', 'status', 'retry']

/** `rate-limit` over "Description", which is a line of its own. */
export function isOverLabel(lines: readonly string[], at: number): boolean {
  const token = lines[at].trim()
  if (!/^[\p{Ll}\d]+(?:[-_.:/][\p{Ll}\d]+)*$/u.test(token) || !/\p{Ll}{3}/u.test(token)) return false
  if (habitOf(token) === null || notACode(token) !== null) return false
  const below = [1, 2].map((ahead) => (lines[at + ahead] ?? '').trim()).find((line) => line !== '') ?? ''
  return isLabelLine(below)
}

/** Numbers on lines of their own, each over its words: where they stand in a page. */
const numberLines = new WeakMap<readonly string[], ReadonlySet<number>>()
const LEAST_NUMBERS = 4

function isOneOfNumbers(lines: readonly string[], at: number): boolean {
  let found = numberLines.get(lines)
  if (found === undefined) {
    found = numbersIn(lines)
    numberLines.set(lines, found)
  }
  return found.has(at)
}

function numbersIn(lines: readonly string[]): ReadonlySet<number> {
  const numbers = lines.flatMap((line, at) => {
    const isOverWords = /^\s{0,8}-?\d{1,6}\s*$/.test(line) && /\p{L}{2}/u.test(lines[at + 1] ?? '')
    return isOverWords ? [{ at, value: Number(line) }] : []
  })
  const steps = numbers.slice(1).map(({ value }, at) => value - numbers[at].value)
  // Steps of instructions are counted, columns of a table come again, and 404 may be a status.
  const areCodes =
    numbers.length >= LEAST_NUMBERS &&
    steps.every((step) => step > 0) &&
    steps.some((step) => step > 1) &&
    numbers.some(({ value }) => value < 100 || value > 599)
  return new Set(areCodes ? numbers.map(({ at }) => at) : [])
}

/** Rendered headings arrive as bare short lines. What follows a code that stands alone describes it, however short. */
export function guessedHeading(
  lines: readonly string[],
  at: number,
  blocks: readonly Block[],
): Heading | null {
  const line = lines[at]
  const last = blocks.at(-1)
  if (nameBelowStatus(lines, at, blocks)) return headingOf(at, GUESSED_HEADING + 1, line)
  if (isOfEntry(line, blocks)) return null
  if (isOverLabel(lines, at)) return headingOf(at, GUESSED_HEADING + 1, `\`${line.trim()}\``)
  if (isOneOfNumbers(lines, at)) return headingOf(at, GUESSED_HEADING + 1, line)
  const isCode = isLoneCode(line) || isStatusAndCode(line) || isNumberAndName(line)
  const followsCode = last?.kind === 'heading' && last.level === GUESSED_HEADING + 1
  const endedBefore = last?.kind === 'item' && last.line === at
  if (!isGuessed(lines, at, isCode, endedBefore) || (followsCode && !isCode)) return null
  return headingOf(at, isCode ? GUESSED_HEADING + 1 : GUESSED_HEADING, line.replace(/json$/, ''))
}

function isGuessed(lines: readonly string[], at: number, isCode: boolean, endedBefore: boolean): boolean {
  const line = lines[at].trim()
  if (
    line.length > 80 ||
    /[.,;:!?。|]$|:\s\S|\p{Ll}{2}[.!?]\s+\p{Lu}/u.test(line) ||
    !/^[\p{Lu}\p{Lo}\d`]/u.test(line)
  ) {
    return isCode && startsAnew(lines, at)
  }
  if (line.split(' ').length > 10 || !(endedBefore || startsAnew(lines, at))) return false
  const next = lines[at + 1]?.trim() ?? ''
  return next === '' || !/^\p{Ll}/u.test(next) || isCode
}

const startsAnew = (lines: readonly string[], at: number) => {
  const before = lines[at - 1]?.trim() ?? ''
  return before === '' || /[.:|!?}`\]。]$/.test(before) || before.length <= 60
}
