import {
  describe,
  type Entry,
  emptyLabels,
  entryStatements,
  isLabels,
  takeLabel,
  takeLabelled,
} from './code-entry.ts'
import { isStrong, notACode } from './code-shape.ts'
import { footnoteStatements } from './footnotes.ts'
import { isForeignTopic } from './header-words.ts'
import { type Block, GUESSED_HEADING, type Inline } from './page.ts'
import { readExample } from './read-example.ts'
import { adviceIn, formsIn, type Head, headOf, mentionsIn, type Prose } from './read-prose.ts'
import { readTable } from './read-table.ts'
import { retryOfTitle, underTitle } from './retry-title.ts'
import { retryOfText } from './retry-words.ts'
import { trackSections } from './sections.ts'
import type { Note, Read, Said, StatedRetry, Statement } from './statement.ts'
import { labelledStatuses, statusesIn } from './status-text.ts'

/** Every statement of a page, in two passes: what is defined, then what running text says about it. */
export function readBlocks(blocks: readonly Block[]): Read {
  const statements: Statement[] = []
  const notes: Note[] = []
  const prose: Prose[] = []
  const fields = new Set<string>()
  const sections = trackSections()
  const items: { depth: number; http: readonly number[] }[] = []
  /** The heading that is a code, and the list item that is one. */
  let entry: Entry | null = null
  let itemEntry: Entry | null = null
  /** "Retryable errors", "Do not retry:" over a list or a table of codes. */
  let titled: Said | null = null

  const add = (read: Read) => {
    statements.push(...read.statements)
    notes.push(...read.notes)
  }
  const endEntry = () => {
    if (entry) statements.push(...entryStatements(entry))
    entry = null
  }
  const endItem = () => {
    if (itemEntry) statements.push(...entryStatements(itemEntry))
    itemEntry = null
  }

  const readHeading = ({ inline, level, line }: Of<'heading'>, index: number) => {
    if (entry && level <= entry.level) endEntry()
    const found = headingCodes(inline, entry === null && (sections.hint() || bodyHasStatus(blocks, index)))
    if (found) {
      endEntry()
      sections.leave(level)
      entry = entryOf(found, level, line, sections.http())
      if (found.rest !== '') entry.words.push(found.rest)
      if (titled) statements.push(...underTitle(titled, headOf(inline), line))
      return
    }
    if (entry) {
      entry.words.push(inline.text)
      return
    }
    titled = retryOfTitle(inline.text)
    sections.enter(level, inline.text)
    prose.push({ ...inline, line })
  }

  const readTableBlock = (block: Of<'table'>) => {
    const { header, rows } = block
    const cells = rows.map((row) => row.cells)
    if (entry && isLabels(cells)) {
      for (const [label, value] of header.length > 0 ? [header, ...cells] : cells)
        takeLabel(entry, label?.text ?? '', value?.text ?? '')
      return
    }
    const read = readTable(block, sections.around())
    for (const one of titled ? read.statements : [])
      if (one.about === 'code' && titled) one.retry ??= { said: titled, basis: 'named' }
    add(read)
  }

  const readExampleBlock = ({ text, line, caption }: Of<'example'>, index: number) => {
    const before = blocks[index - 1]
    const leads =
      before?.kind === 'paragraph' || (before?.kind === 'heading' && before.level >= GUESSED_HEADING)
        ? before.inline.text
        : ''
    const said = caption ?? leads
    const named = statusesOfExample(said, caption !== undefined)
    const http = named.length > 0 ? named : sections.http()
    const example = readExample(text, line, said.slice(-160), http)
    for (const field of example.fields) fields.add(field)
    if (sections.around().foreign) return
    for (const statement of example.statements) {
      if (entry?.codes.includes(statement.code)) entry.labelled.http.push(...statement.http)
      statements.push(statement)
    }
    if (entry) entry.labelled.http.push(...labelledStatuses(text.slice(0, 200)).exact)
  }

  const readItem = (block: Of<'item'>) => {
    const { inline, depth, line } = block
    while (items.length > 0 && (items.at(-1) as { depth: number }).depth >= depth) items.pop()
    const inherited = items.at(-1)?.http ?? []
    const head = headOf(inline)
    items.push({ depth, http: head.statuses.length > 0 ? head.statuses : inherited })
    if (entry && takeLabelled(entry, inline.text)) return
    const isCode = isDefinition(head, inline, inherited, sections.hint())
    if (itemEntry && depth > itemEntry.level && !isCode) {
      describe(itemEntry, inline.text)
      return
    }
    endItem()
    if (titled && !entry) statements.push(...underTitle(titled, head, line))
    if (isCode && !entry) {
      itemEntry = definitionOf(head, depth, line, inherited.length > 0 ? inherited : sections.around().http)
      describe(itemEntry, head.rest)
      return
    }
    statements.push(...statusItem(head, line))
    if (entry) entry.words.push(inline.text)
    prose.push({ ...inline, line })
  }

  const readParagraph = (inline: Inline, line: number) => {
    const { text } = inline
    if (entry) {
      describe(entry, text)
      return
    }
    const head = headOf(inline)
    if (isLeadingDefinition(head) && sections.hint()) {
      const found = definitionOf(head, 0, line, [])
      describe(found, head.rest)
      statements.push(...entryStatements(found))
      return
    }
    // "Do not retry:" over nothing but codes.
    if (titled && head.codes.length > 0 && head.rest === '')
      statements.push(...underTitle(titled, head, line))
    sections.introduce(text)
    if (/[:：]$/.test(text)) titled = retryOfTitle(text)
    statements.push(...sectionAdvice(text, line, sections.http()))
    prose.push({ ...inline, line })
  }

  blocks.forEach((block, index) => {
    if (block.kind !== 'item') {
      items.length = 0
      endItem()
    }
    switch (block.kind) {
      case 'heading':
        readHeading(block, index)
        break
      case 'table':
        readTableBlock(block)
        break
      case 'example':
        readExampleBlock(block, index)
        break
      case 'definition': {
        const head = headOf(block.term)
        const isCode = head.codes.length > 0 && head.rest === ''
        if (isCode && (sections.hint() || head.statuses.length > 0 || hasStatus(block.body.text))) {
          const found = definitionOf(head, 0, block.line, sections.around().http)
          describe(found, block.body.text)
          statements.push(...entryStatements(found))
        } else prose.push({ ...block.body, line: block.line })
        break
      }
      case 'item':
        readItem(block)
        break
      case 'footnote':
        prose.push({ ...block.inline, line: block.line })
        break
      case 'paragraph':
        readParagraph(block.inline, block.line)
        break
    }
  })
  endItem()
  endEntry()

  const forms = new Set(prose.flatMap(({ text }) => formsIn(text)))
  const codes = statements.filter((one) => one.about !== 'code' || !forms.has(one.code))
  for (const each of prose) codes.push(...mentionsIn(each, new Set([...fields, ...forms])))
  const known = new Set(codes.flatMap((one) => (one.about === 'code' ? [one.code] : [])))
  for (const each of prose) codes.push(...adviceIn(each, known))
  return { statements: [...codes, ...footnoteStatements(blocks)], notes }
}

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>

const entryOf = (
  { codes, http, reason }: { codes: string[]; http: number[]; reason: string },
  level: number,
  line: number,
  inherited: readonly number[],
): Entry => ({ codes, http, reason, level, line, words: [], labelled: emptyLabels(), inherited })

const definitionOf = (head: Head, level: number, line: number, inherited: readonly number[]): Entry =>
  entryOf({ ...head, http: head.statuses }, level, line, inherited)

const hasStatus = (text: string): boolean => labelledStatuses(text).exact.some((status) => status >= 400)

function isDefinition(head: Head, inline: Inline, inherited: readonly number[], hint: boolean): boolean {
  if (head.codes.length === 0 || looksLikeField(head, inline)) return false
  const unmarked = head.codes.every((code) => !inline.marked.includes(code))
  const failing = head.statuses.some((status) => status >= 400)
  return failing || inherited.length > 0 || (hint && (head.closed || !unmarked))
}

const isLeadingDefinition = (head: Head): boolean =>
  head.codes.length > 0 &&
  head.closed &&
  head.rest !== '' &&
  isStrong(head.codes[0]) &&
  head.statuses.length > 0

/** "429: too many requests" in a list: what holds for the status. */
function statusItem(head: Head, line: number): Statement[] {
  if (head.codes.length > 0) return []
  const statuses = [...head.statuses.filter((status) => status >= 400), ...head.hundreds]
  if (statuses.length === 0) return []
  const words = retryOfText(head.rest)
  const retry: StatedRetry | null = words?.explicit ? { said: words.said, basis: 'status' } : null
  return [{ about: 'status', line, statuses, qualifier: '', meaning: head.rest, action: '', retry }]
}

/** "Wait, then retry." under "429 Too Many Requests", naming nothing itself. */
function sectionAdvice(text: string, line: number, http: readonly number[]): Statement[] {
  const words = http.length > 0 ? retryOfText(text) : null
  const { exact, hundreds } = statusesIn(text)
  if (!words?.explicit || exact.length > 0 || hundreds.length > 0) return []
  const retry: StatedRetry = { said: words.said, basis: 'status' }
  return [{ about: 'status', line, statuses: [...http], qualifier: '', meaning: '', action: text, retry }]
}

/** "`403 Forbidden`" right above an example. */
function statusesOfExample(caption: string, beside: boolean): number[] {
  if (caption.length > 160 && !beside) return []
  const failing = statusesIn(caption).exact.filter((status) => status >= 400)
  return failing.length === 1 ? failing : []
}

const THINGS =
  /^(?:parameter|header|field|property|argument|option|attribute|object|array|endpoint|event|method|scope|permission|\(?(?:string|integer|boolean|number|object|array|required|optional)\b)/i

/** "`limit` (integer): at most 100" in a list of fields. */
const looksLikeField = (head: Head, { text }: Inline): boolean =>
  THINGS.test(head.rest) ||
  /\((?:string|integer|boolean|number|required|optional)\b/i.test(text.slice(0, 120))

function headingCodes(
  inline: Inline,
  expected: boolean,
): { codes: string[]; http: number[]; rest: string; reason: string } | null {
  const head = headOf(inline)
  const failing = head.statuses.filter((status) => status >= 400)
  if (head.codes.length === 0 || (!expected && failing.length === 0)) return null
  if (THINGS.test(head.rest) || isForeignTopic(head.rest)) return null
  const whole = head.rest === ''
  if (!whole && !head.closed && !inline.marked.includes(head.codes[0])) return null
  if (head.codes.some((code) => notACode(code) !== null)) return null
  // One word with a capital is a title: "Throttling".
  return { codes: head.codes, http: failing, rest: head.rest, reason: head.reason }
}

/** A code standing over "HTTP Status Code: 403" needs no heading that speaks of errors. */
function bodyHasStatus(blocks: readonly Block[], at: number): boolean {
  for (let index = at + 1; index < Math.min(blocks.length, at + 8); index++) {
    const block = blocks[index]
    if (block.kind === 'heading') return false
    const text =
      'inline' in block ? block.inline.text : block.kind === 'example' ? block.text.slice(0, 200) : ''
    if (labelledStatuses(text).exact.some((status) => status >= 400)) return true
  }
  return false
}
