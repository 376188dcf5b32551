import { joinParagraphs } from '../page.ts'
import { indentOf } from '../tables/table-lines.ts'
import { bareToken, habitOf, notACode } from '../words/code-shape.ts'
import { inlineOf } from '../words/inline-text.ts'
import type { FoundBlocks } from './line-examples.ts'
import { indentedParagraphs } from './line-items.ts'

// Terms and what they mean, as Markdown (": meaning" below the term) and reStructuredText (indented) have them.

const MEANING = /^(\s{0,3}:)\s+(\S.*)$/

/** AsciiDoc: "berth-taken:: Another ship lies there." */
const COLONS = /^\s{0,8}(\S.{0,80}?):{2,4}\s+(\S.*)$/

export function definitionAt(lines: readonly string[], at: number): FoundBlocks | null {
  const [, term, words] = COLONS.exec(lines[at]) ?? []
  if (term !== undefined) {
    const body = inlineOf(words)
    return { blocks: [{ kind: 'definition', line: at + 1, term: inlineOf(term), body }], next: at + 1 }
  }
  let next = at + 1
  // A blank line may stand between a term and its meaning.
  if (lines[next]?.trim() === '' && MEANING.test(lines[next + 1] ?? '')) next++
  const paragraphs: string[] = []
  for (;;) {
    const meaning = MEANING.exec(lines[next] ?? '')
    if (!meaning) break
    const found = indentedParagraphs(lines, next + 1, 0, meaning[2])
    paragraphs.push(...found.paragraphs)
    next = found.next
    if (lines[next]?.trim() === '' && MEANING.test(lines[next + 1] ?? '')) next++
  }
  if (paragraphs.length === 0) return indentedDefinition(lines, at)
  return definitionOf(lines, at, paragraphs, next)
}

/** Only under a term in code style: prose is indented too. */
function indentedDefinition(lines: readonly string[], at: number): FoundBlocks | null {
  const line = lines[at]
  const indent = indentOf(line)
  const below = lines[at + 1] ?? ''
  if (line.length > 120 || below.trim() === '' || indentOf(below) < indent + 2) return null
  const before = lines[at - 1] ?? ''
  const isTitle = indentOf(before) < indent && /^\p{Lu}[\p{L} ]{2,30}:?$/u.test(before.trim())
  if (before.trim() !== '' && indentOf(before) <= indent && !isTitle) return null
  const [, term] = /^\s*``?([^`]+)``?(?:\s*\([^()]{2,40}\))?\s*$/.exec(line) ?? []
  const [word] = line.trim().split(/\s/, 1)
  const isTerm =
    term !== undefined ||
    (/^\S+(?:\s+\([^()]{2,40}\))?$/.test(line.trim()) &&
      (/[_\d]|\p{Ll}\p{Lu}/u.test(word) || /[-.:/].*\([^()]*[45]\d\d\)$/.test(line.trim())))
  const token = bareToken(term ?? word)
  if (!isTerm || habitOf(token) === null || notACode(token) !== null) return null
  const { paragraphs, next } = indentedParagraphs(lines, at + 2, indent, below.trim())
  return definitionOf(lines, at, paragraphs, next)
}

const definitionOf = (
  lines: readonly string[],
  at: number,
  paragraphs: readonly string[],
  next: number,
): FoundBlocks => ({
  blocks: [
    {
      kind: 'definition',
      line: at + 1,
      term: inlineOf(lines[at]),
      body: joinParagraphs(paragraphs.map(inlineOf)),
    },
  ],
  next,
})
