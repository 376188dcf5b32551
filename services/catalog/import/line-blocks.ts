import { bareToken, isStrong, notACode } from './code-shape.ts'
import { gluedTable } from './glued-table.ts'
import { inlineOf } from './inline-text.ts'
import { type Block, GUESSED_HEADING } from './page.ts'
import { spacedTable } from './spaced-table.ts'
import { alignedTable, drawnTable, fallenTable, pipeTable, stackedTable, tabTable } from './table-lines.ts'

// Markdown and plain text, line by line, by a reader of our own: a page that was copied is neither, and a real Markdown
// parser sees a broken table as one paragraph.

const HEADING = /^\s{0,3}(#{1,6})\s*(.+?)[\s#]*$/
const ASCIIDOC_HEADING = /^(={1,6})\s+(\S.*)$/
const UNDERLINE = /^\s{0,3}([=\-~^"'`*#])\1{2,}\s*$/
const BULLET = /^(\s*)(?:[-*+•·‣◦▪–—●]|\d{1,3}[.)]|\(?[a-z]\))\s+(\S.*)$/
const FENCE = /^\s*(`{3,}|~{3,})/
const DEFINITION = /^\s{0,3}:\s+(\S.*)$/
const HTML_BLOCK = /^\s{0,8}<(table|dl|ul|ol|h[1-6])\b/i
/** `#anchor` marks and "Copy link" that rendered headings leave behind. */
const ANCHOR = /\s*(?:\{#[\w-]{1,80}\}|[#¶🔗]|Copy link|Permalink)\s*$/u

const TABLES = [
  drawnTable,
  fallenTable,
  pipeTable,
  tabTable,
  gluedTable,
  stackedTable,
  alignedTable,
  spacedTable,
]

/** An example without its fence ends where its brackets close, or here. */
const LONGEST_EXAMPLE = 400

/** `readHtml` reads blocks of HTML between the lines; text that was HTML already has none. */
export function lineBlocks(
  lines: readonly string[],
  readHtml?: (html: string, firstLine: number) => Block[],
): Block[] {
  const blocks: Block[] = []
  let paragraph: { line: number; lines: string[] } | null = null
  const flush = () => {
    if (paragraph)
      blocks.push({ kind: 'paragraph', line: paragraph.line, inline: inlineOf(paragraph.lines.join(' ')) })
    paragraph = null
  }
  const push = (block: Block) => {
    flush()
    blocks.push(block)
  }

  let at = frontMatterEnd(lines)
  /** A bracket that never closes is not looked for again on each line it holds. */
  let noExampleBefore = 0
  while (at < lines.length) {
    const line = lines[at]
    const fence = FENCE.exec(line)
    if (fence) {
      const start = at + 1
      at = start
      while (at < lines.length && !lines[at].trimStart().startsWith(fence[1])) at++
      push({ kind: 'example', line: start, text: lines.slice(start, at++).join('\n') })
      continue
    }
    if (line.trim() === '') {
      flush()
      at++
      continue
    }
    const html = readHtml && HTML_BLOCK.exec(line)
    if (html) {
      const close = `</${html[1].toLowerCase()}`
      let end = at
      while (end < lines.length && !lines[end].toLowerCase().includes(close)) end++
      flush()
      blocks.push(...readHtml(lines.slice(at, end + 1).join('\n'), at))
      at = end + 1
      continue
    }
    if (at >= noExampleBefore && /^\s{0,40}[{[]\s*("|$)/.test(line)) {
      const end = exampleEnd(lines, at)
      if (end === null) noExampleBefore = at + LONGEST_EXAMPLE
      if (end !== null) {
        push({ kind: 'example', line: at + 1, text: lines.slice(at, end).join('\n') })
        // Copied pages run the next heading into the last bracket.
        const after = /[}\]]\s*([^{}[\]"]{3,80})$/.exec(lines[end - 1])?.[1].trim()
        if (after) push({ kind: 'heading', line: end, level: GUESSED_HEADING, inline: inlineOf(after) })
        at = end
        continue
      }
    }
    const heading = HEADING.exec(line) ?? ASCIIDOC_HEADING.exec(line)
    if (heading) {
      const inline = inlineOf(heading[2].replace(ANCHOR, ''))
      push({ kind: 'heading', line: at + 1, level: heading[1].length, inline })
      at++
      continue
    }
    const found = firstTable(lines, at)
    if (found) {
      push(found.table)
      at = found.next
      continue
    }
    const underline = UNDERLINE.exec(lines[at + 1] ?? '')
    if (underline && paragraph === null && line.length <= 120 && !BULLET.test(line)) {
      push({
        kind: 'heading',
        line: at + 1,
        level: underline[1] === '=' ? 1 : 2,
        inline: inlineOf(line.replace(ANCHOR, '')),
      })
      at += 2
      continue
    }
    const bullet = BULLET.exec(line)
    if (bullet) {
      const start = at++
      const words = [bullet[2]]
      while (
        at < lines.length &&
        /^\s+\S/.test(lines[at]) &&
        !BULLET.test(lines[at]) &&
        indent(lines[at]) > indent(line)
      ) {
        if (FENCE.test(lines[at])) break
        words.push(lines[at++].trim())
      }
      while (at < lines.length && isLazy(words[words.length - 1], lines[at])) words.push(lines[at++].trim())
      push({ kind: 'item', line: start + 1, depth: bullet[1].length, inline: inlineOf(words.join(' ')) })
      continue
    }
    const next = line.length < 1000 ? NEXT_CODE.exec(line) : null
    if (next?.[1].includes(' ')) {
      push({ kind: 'paragraph', line: at + 1, inline: inlineOf(next[1]) })
      push({ kind: 'heading', line: at + 1, level: GUESSED_HEADING + 1, inline: inlineOf(next[2]) })
      at++
      continue
    }
    const glued = gluedItems(line)
    if (glued) {
      for (const each of glued) push({ kind: 'item', line: at + 1, depth: 0, inline: inlineOf(each) })
      at++
      continue
    }
    if (isRowOfWords(line)) {
      push({ kind: 'item', line: at + 1, depth: 0, inline: inlineOf(line) })
      at++
      continue
    }
    const definition = DEFINITION.exec(line)
    if (definition && (paragraph as { lines: string[] } | null)?.lines.length === 1) {
      const { line: from, lines: term } = paragraph as unknown as { line: number; lines: string[] }
      paragraph = null
      push({ kind: 'definition', line: from, term: inlineOf(term[0]), body: inlineOf(definition[1]) })
      at++
      continue
    }
    if (/^\s*(?:[-*_=]\s*){3,}$/.test(line)) {
      flush()
      at++
      continue
    }
    if (
      (paragraph === null || isLoneCode(line)) &&
      isGuessedHeading(lines, at) &&
      !(followsCode(blocks) && !isLoneCode(line))
    ) {
      const level = isLoneCode(line) ? GUESSED_HEADING + 1 : GUESSED_HEADING
      push({
        kind: 'heading',
        line: at + 1,
        level,
        inline: inlineOf(line.replace(/json$/, '').replace(ANCHOR, '')),
      })
      at++
      continue
    }
    const open = paragraph as { line: number; lines: string[] } | null
    if (open && !endsSentence(open.lines[open.lines.length - 1])) open.lines.push(line)
    else {
      flush()
      paragraph = { line: at + 1, lines: [line] }
    }
    at++
  }
  flush()
  return blocks
}

function firstTable(lines: readonly string[], at: number) {
  for (const find of TABLES) {
    const found = find(lines, at)
    if (found) return found
  }
  return null
}

/** The rest of an item that was broken where words in code style began. */
const isLazy = (before: string, line: string) =>
  /^[\p{Ll}\d`]/u.test(line) &&
  !/[.!?:。]$/.test(before) &&
  !/[|\t]/.test(line) &&
  !isRowOfWords(line) &&
  !isLoneCode(line)

const CODE_THEN_STATUS = /^\s{0,8}(\S{2,64})\s+[1-5]\d\d(?:\s+\S|$)/
const STATUS_FIRST = /^\s{0,8}[45]\d\d(?:\s+[\p{Lu}\p{Lo}(`/–—-]|:\s)/u

/** A row of a table whose columns only spaces divide. */
function isRowOfWords(line: string): boolean {
  if (STATUS_FIRST.test(line)) return true
  const token = CODE_THEN_STATUS.exec(line)?.[1]
  return token !== undefined && (isStrong(token) || /^\p{Lu}{4,}$/u.test(token)) && notACode(token) === null
}

const GLUED_ITEM =
  /(?<=[\p{Ll}.)])(?=(?:\p{Lu}[\p{Lu}\d_]{3,60}|[45]\d\d(?: ?\p{Lu}[\p{L} ]{2,30})?)(?::| –| -) )/u

/** A description with the next code run into it: "Not valid.AuthError (401)". */
const NEXT_CODE =
  /^(.{4,800}?[.!\p{Ll}])((?:\p{Lu}\p{L}+(?:Error|Exception|Fault|Failure)|\p{Lu}[\p{Lu}\d]*(?:_[\p{Lu}\d]+)+) \([45](?:\d\d|xx)\))$/u

/** A list whose items run together: "NOT_FOUND: no such thingFORBIDDEN: not yours". */
function gluedItems(line: string): string[] | null {
  if (line.length > 4000) return null
  const items = line.trim().split(GLUED_ITEM)
  return items.length < 3 ? null : items
}

const indent = (line: string) => line.length - line.trimStart().length
const endsSentence = (line: string) => /[.!?。！？:]\s*$/.test(line) && line.length < 60

function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0]?.trim() !== '---') return 0
  const end = lines.indexOf('---', 1)
  return end > 0 && end < 60 ? end + 1 : 0
}

/** The line after the one in which the bracket closes, or null if it does not. */
function exampleEnd(lines: readonly string[], at: number): number | null {
  let depth = 0
  for (let line = at; line < Math.min(lines.length, at + LONGEST_EXAMPLE); line++) {
    for (const character of lines[line]) {
      if (character === '{' || character === '[') depth++
      else if (character === '}' || character === ']') depth--
    }
    if (depth <= 0) return line + 1
  }
  return null
}

/** What follows a code that stands alone describes it, however short. */
const followsCode = (blocks: readonly Block[]) => {
  const last = blocks.at(-1)
  return last?.kind === 'heading' && last.level === GUESSED_HEADING + 1
}

const isLoneCode = (line: string) => {
  const token = bareToken(line)
  return isStrong(token) && notACode(token) === null && !/\s/.test(line.trim())
}

/** Rendered headings arrive as bare short lines. */
function isGuessedHeading(lines: readonly string[], at: number): boolean {
  const line = lines[at].trim()
  if (line.length > 80 || /[.,;:!?。|]$|:\s\S/.test(line) || !/^[\p{Lu}\p{Lo}\d`]/u.test(line)) {
    return isLoneCode(line) && startsAnew(lines, at)
  }
  if (line.split(' ').length > 10 || !startsAnew(lines, at)) return false
  const next = lines[at + 1]?.trim() ?? ''
  return next === '' || !/^\p{Ll}/u.test(next) || isLoneCode(line)
}

const startsAnew = (lines: readonly string[], at: number) => {
  const before = lines[at - 1]?.trim() ?? ''
  return before === '' || /[.:|!?}`\]。]$/.test(before) || before.length <= 60
}
