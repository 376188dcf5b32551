import { type Block, joinParagraphs } from '../page.ts'
import { alignedTable } from '../tables/aligned-table.ts'
import { asciidocTable } from '../tables/asciidoc-table.ts'
import { commaTable } from '../tables/comma-table.ts'
import { directiveTable } from '../tables/directive-table.ts'
import { drawnTable } from '../tables/drawn-table.ts'
import { gluedTable } from '../tables/glued-table.ts'
import { hangingTable } from '../tables/hanging-table.ts'
import { magicBlock } from '../tables/json-table.ts'
import { fallenTable, pipeTable } from '../tables/pipe-table.ts'
import { recordTable } from '../tables/record-table.ts'
import { spacedTable } from '../tables/spaced-table.ts'
import { stackedTable } from '../tables/stacked-table.ts'
import { tabTable } from '../tables/tab-table.ts'
import { wikiTable } from '../tables/wiki-table.ts'
import { inlineOf, noteId } from '../words/inline-text.ts'
import { startsWithLabel } from '../words/labels.ts'
import { statusAlone } from '../words/status-text.ts'
import { componentAt } from './components.ts'
import { definitionAt } from './line-definitions.ts'
import {
  bareExample,
  directiveExample,
  type FoundBlocks,
  fencedExample,
  LONGEST_EXAMPLE,
  programExample,
} from './line-examples.ts'
import {
  guessedHeading,
  headingAfterWords,
  isLoneCode,
  isOverLabel,
  markedHeading,
  statusHeading,
  underlinedHeading,
} from './line-headings.ts'
import { BULLET, bulletItem, indentedParagraphs, unmarkedItems } from './line-items.ts'

// Markdown and plain text, line by line, by a reader of our own: a page that was copied is neither, and a real Markdown
// parser sees a broken table as one paragraph.

const HTML_BLOCK = /^\s{0,8}<(table|dl|ul|ol|h[1-6]|p)\b/i
const RULE = /^\s*(?:[-*_=]\s*){3,}$/
/** `.. note::`, `.. _label:` and `:Option: value` of reStructuredText. */
const DIRECTIVE = /^\s*(?:\.\. (?:_[\w -]+:|[\w-]+::.*)|:[A-Za-z][\w -]{0,30}:(?:\s.*)?)$/
const FOOTNOTE =
  /^\s{0,3}(?:(?:\.\. )?\[[\^#]([\w-]{1,30})\]:?|<ref\s+name\s?=\s?"?([\w-]{1,30})"?[^<>/]{0,60}>|([⁰¹²³⁴-⁹]{1,2}|[†‡])[.):]?)\s*(\S.*)$/

/** Above every heading of the page. */
const FRONT_TITLE = /^title:\s*["']?(.{1,200}?)["']?\s*$/

const TABLES = [
  drawnTable,
  directiveTable,
  asciidocTable,
  wikiTable,
  recordTable,
  fallenTable,
  pipeTable,
  tabTable,
  commaTable,
  gluedTable,
  stackedTable,
  alignedTable,
  spacedTable,
  hangingTable,
]

interface Paragraph {
  line: number
  lines: string[]
}

/** `readHtml` reads blocks of HTML between the lines; text that was HTML already has none. */
export function lineBlocks(
  lines: readonly string[],
  readHtml?: (html: string, firstLine: number) => Block[],
): Block[] {
  const blocks: Block[] = []
  const state: { paragraph: Paragraph | null } = { paragraph: null }
  const flush = () => {
    const open = state.paragraph
    if (open) blocks.push({ kind: 'paragraph', line: open.line, inline: inlineOf(open.lines.join(' ')) })
    state.paragraph = null
  }
  let at = frontMatterEnd(lines)
  const title = lines.slice(0, at).findIndex((line) => FRONT_TITLE.test(line))
  if (title >= 0) {
    const [, words] = FRONT_TITLE.exec(lines[title]) ?? []
    blocks.push({ kind: 'heading', line: title + 1, level: 0.5, inline: inlineOf(words) })
  }
  const take = ({ blocks: found, next }: FoundBlocks) => {
    flush()
    blocks.push(...found)
    at = next
  }
  const takeLine = (...found: Block[]) => take({ blocks: found, next: at + 1 })

  /** A bracket that never closes is not looked for again on each line it holds. */
  let noExampleBefore = 0
  while (at < lines.length) {
    const line = lines[at]
    if (line.trim() === '') {
      takeLine()
      continue
    }
    const example = fencedExample(lines, at) ?? directiveExample(lines, at) ?? programExample(lines, at)
    if (example) {
      take(example)
      continue
    }
    const magic = magicBlock(lines, at)
    if (magic) {
      take(magic)
      continue
    }
    if (readHtml) {
      const html = HTML_BLOCK.exec(line)
      if (html) {
        const end = htmlEnd(lines, at, html[1])
        take({ blocks: readHtml(lines.slice(at, end + 1).join('\n'), at), next: end + 1 })
        continue
      }
      const component = componentAt(lines, at)
      if (component) {
        take(component)
        continue
      }
    }
    const footnote = footnoteAt(lines, at)
    if (footnote) {
      take(footnote)
      continue
    }
    const bare = at >= noExampleBefore ? bareExample(lines, at) : null
    if (bare === 'tooFar') noExampleBefore = at + LONGEST_EXAMPLE
    else if (bare) {
      take(bare)
      continue
    }
    const heading = markedHeading(lines, at)
    if (heading) {
      takeLine(heading)
      continue
    }
    const found = firstTable(lines, at)
    if (found) {
      const { table, caption, next } = found
      const title: Block[] =
        caption === undefined
          ? []
          : [{ kind: 'paragraph', line: table.line, inline: inlineOf(`${caption}:`) }]
      take({ blocks: [...title, table], next })
      continue
    }
    const [, fact] = /^\s*:([A-Za-z][\w -]{0,30}:\s\S.*)$/.exec(line) ?? []
    if (fact && startsWithLabel(fact)) {
      takeLine({ kind: 'paragraph', line: at + 1, inline: inlineOf(fact) })
      continue
    }
    if (DIRECTIVE.test(line) || RULE.test(line)) {
      takeLine()
      continue
    }
    const underlined = state.paragraph === null && !BULLET.test(line) ? underlinedHeading(lines, at) : null
    if (underlined) {
      take({ blocks: [underlined], next: at + 2 })
      continue
    }
    const definition = state.paragraph === null || isLoneCode(line) ? definitionAt(lines, at) : null
    const several = definition ?? bulletItem(lines, at)
    if (several) {
      take(several)
      continue
    }
    const status = state.paragraph === null ? statusHeading(lines, at, blocks.at(-1)) : null
    if (status) {
      takeLine(status)
      continue
    }
    const items = headingAfterWords(lines, at) ?? unmarkedItems(lines, at)
    if (items) {
      takeLine(...items)
      continue
    }
    const opens =
      state.paragraph === null || isLoneCode(line) || isOverLabel(lines, at) || standsOverTable(lines, at)
    const guessed = opens ? guessedHeading(lines, at, blocks) : null
    if (guessed) {
      takeLine(guessed)
      continue
    }
    if (statusAlone(line.trim()).length > 0) {
      takeLine({ kind: 'paragraph', line: at + 1, inline: inlineOf(line) })
      continue
    }
    const open = state.paragraph
    if (open && !startsWithLabel(line.trim()) && !endsParagraph(open.lines[open.lines.length - 1]))
      open.lines.push(line)
    else {
      flush()
      state.paragraph = { line: at + 1, lines: [line] }
    }
    at++
  }
  flush()
  return blocks
}

function footnoteAt(lines: readonly string[], at: number): FoundBlocks | null {
  const [, id, named, mark, words] = FOOTNOTE.exec(lines[at]) ?? []
  if (words === undefined) return null
  const { paragraphs, next } = indentedParagraphs(lines, at + 1, 0, words)
  return {
    blocks: [
      {
        kind: 'footnote',
        line: at + 1,
        id: noteId(id ?? named ?? mark),
        inline: joinParagraphs(paragraphs.map(inlineOf)),
      },
    ],
    next,
  }
}

function firstTable(lines: readonly string[], at: number) {
  for (const find of TABLES) {
    const found = find(lines, at)
    if (found) return found
  }
  return null
}

/** A caption right above the header of a table. */
const standsOverTable = (lines: readonly string[], at: number): boolean =>
  /\|/.test(lines[at + 1] ?? '') && /^\s*\|?(?:\s*:?-+:?\s*\|)+/.test(lines[at + 2] ?? '')

/** A short sentence, or a line that Markdown's two spaces break off. */
const endsParagraph = (line: string) =>
  (/[.!?。！？:]\s*$/.test(line) && line.length < 60) || /\S(?: {2,}|\\)$/.test(line)

function htmlEnd(lines: readonly string[], at: number, tag: string): number {
  const tags = new RegExp(`<(/?)${tag}\\b`, 'gi')
  let depth = 0
  for (let end = at; end < lines.length; end++) {
    for (const [, slash] of lines[end].matchAll(tags)) depth += slash === '' ? 1 : -1
    if (depth <= 0) return end
  }
  return lines.length - 1
}

function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0]?.trim() !== '---') return 0
  const end = lines.indexOf('---', 1)
  return end > 0 && end < 60 ? end + 1 : 0
}
