import type { Block } from '../page.ts'
import { indentOf } from '../tables/table-lines.ts'
import { habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { inlineOf } from '../words/inline-text.ts'
import { startsWithLabel } from '../words/labels.ts'
import { FENCE, type FoundBlocks } from './line-examples.ts'
import { isLoneCode } from './line-headings.ts'

// Items of lists between lines, their further lines and paragraphs, and lines that are items without a mark.

export const BULLET = /^(\s*)(?:[-*+•·‣◦▪–—●]|\d{1,3}[.)]|\(?[a-z]\))\s+(\S.*)$/

const itemOf = (at: number, depth: number, paragraphs: readonly string[]): Block => {
  const inlines = paragraphs.map(inlineOf)
  return {
    kind: 'item',
    line: at + 1,
    depth,
    inline: {
      text: inlines.map(({ text }) => text).join('\n'),
      marked: inlines.flatMap(({ marked }) => marked),
    },
  }
}

export function bulletItem(lines: readonly string[], at: number): FoundBlocks | null {
  const mark = /^(\s*)[-*•]\s*$/.exec(lines[at])
  // Copying leaves the mark on a line of its own.
  const from = mark && /^\s*\S{2}/.test(lines[at + 1] ?? '') ? at + 1 : at
  const [, indent = '', words] =
    from > at ? ['', mark?.[1] ?? '', lines[from].trim()] : (BULLET.exec(lines[at]) ?? [])
  if (words === undefined) return null
  const depth = indent.length
  const { paragraphs, next } = indentedParagraphs(lines, from + 1, depth, words)
  let end = next
  while (end < lines.length && isLazy(paragraphs[paragraphs.length - 1], lines[end]))
    paragraphs[paragraphs.length - 1] += ` ${lines[end++].trim()}`
  return { blocks: [itemOf(at, depth, paragraphs)], next: end }
}

/** What goes on with the same thing: further lines that are indented more, also after a blank line. */
export function indentedParagraphs(lines: readonly string[], at: number, indent: number, first: string) {
  const paragraphs = [first]
  let next = at
  for (;;) {
    let from = next
    while (from < lines.length && from < next + 3 && lines[from].trim() === '') from++
    const line = lines[from]
    if (line === undefined || line.trim() === '' || indentOf(line) <= indent || !goesOn(line)) break
    const anew = from > next || startsWithLabel(line.trim())
    if (anew) paragraphs.push(line.trim())
    else paragraphs[paragraphs.length - 1] += ` ${line.trim()}`
    next = from + 1
  }
  return { paragraphs, next }
}

const goesOn = (line: string): boolean =>
  !BULLET.test(line) && !FENCE.test(line) && !/^\s*(?:[|+<{[]|\.\. |#{1,6} |:\s)/.test(line)

/** The rest of an item that was broken where words in code style began. */
const isLazy = (before: string, line: string) =>
  /^[\p{Ll}\d`]/u.test(line) &&
  !/[.!?:。]$/.test(before) &&
  !/[|\t]/.test(line) &&
  !/^\s*-?\d+\s*$/.test(line) &&
  !isRowOfWords(line) &&
  !isLoneCode(line)

const CODE_THEN_STATUS =
  /^\s{0,8}(\S{2,64})\s+(?:(?:HTTP\s+)?[1-5]\d\d(?:\s+\S|$)|\((?:HTTP )?[1-5]\d\d\)\s*[:–—-])/
const STATUS_FIRST = /^\s{0,8}[45]\d\d(?:\s+[\p{Lu}\p{Lo}(`/–—-]|:\s)/u

/** A row of a table whose columns only spaces divide. */
function isRowOfWords(line: string): boolean {
  if (STATUS_FIRST.test(line)) return true
  const token = CODE_THEN_STATUS.exec(line)?.[1]
  return (
    token !== undefined &&
    (isStrong(token) || /^\p{Lu}{4,}$|^-?\d{4,9}$|[\p{L}\d][-_./:][\p{L}\d]/u.test(token)) &&
    habitOf(token) !== null &&
    notACode(token) === null
  )
}

const GLUED_ITEM =
  /(?<=[\p{Ll}.)])(?=(?:\p{Lu}[\p{Lu}\d_]{3,60}|[45]\d\d(?: ?\p{Lu}[\p{L} ]{2,30})?)(?::| –| -|\s?[—–]) )/u

/** A row of words, or a list whose items run together: "NOT_FOUND: no such thingFORBIDDEN: not yours". */
export function unmarkedItems(lines: readonly string[], at: number): Block[] | null {
  const line = lines[at]
  if (line.length <= 4000) {
    const items = line.trim().split(GLUED_ITEM)
    if (items.length >= 3) return items.map((each) => itemOf(at, 0, [each]))
  }
  return isRowOfWords(line) ? [itemOf(at, 0, [line])] : null
}
