import { type Entry, emptyLabels, entryStatements, isLabels, takeLabel, takeLabelled } from './code-entry.ts'
import { isStrong, notACode } from './code-shape.ts'
import { isAboutErrors, isForeignTopic } from './header-words.ts'
import { type Block, GUESSED_HEADING, type Inline } from './page.ts'
import { readExample } from './read-example.ts'
import { adviceIn, type Head, headOf, mentionsIn, type Prose } from './read-prose.ts'
import { readTable, type Surroundings } from './read-table.ts'
import { retryOfTitle, underTitle } from './retry-title.ts'
import { retryOfText } from './retry-words.ts'
import type { CodeStatement, Note, Read, Said, StatedRetry, Statement } from './statement.ts'
import { labelledStatuses, statusesIn } from './status-text.ts'

interface Section {
  level: number
  title: string
  http: number[]
}

/** Every statement of a page, in two passes: what is defined, then what running text says about it. */
export function readBlocks(blocks: readonly Block[]): Read {
  const statements: Statement[] = []
  const notes: Note[] = []
  const prose: Prose[] = []
  const fields = new Set<string>()
  const sections: Section[] = []
  const items: { depth: number; http: number[] }[] = []
  let entry: Entry | null = null
  let intro = ''
  /** "Retryable errors", "Do not retry:" over a list or a table of codes. */
  let titled: Said | null = null
  let introStatus: number[] = []

  const add = (read: Read) => {
    statements.push(...read.statements)
    notes.push(...read.notes)
  }
  const around = (): Surroundings => {
    const path = sections.map(({ title }) => title)
    const near = sections.at(-1)
    return {
      path,
      intro,
      http: near && near.http.length > 0 ? near.http : introStatus,
      foreign: near !== undefined && isForeignTopic(near.title),
    }
  }
  const inErrors = () => sections.some(({ title }) => isAboutErrors(title)) && !around().foreign
  const hint = () => inErrors() || (isAboutErrors(intro) && !around().foreign)
  const endEntry = () => {
    if (entry) add({ statements: entryStatements(entry), notes: [] })
    entry = null
  }

  blocks.forEach((block, index) => {
    if (block.kind !== 'item') items.length = 0
    switch (block.kind) {
      case 'heading': {
        if (entry && block.level <= entry.level) endEntry()
        const found = headingCodes(block.inline, entry === null && (hint() || bodyHasStatus(blocks, index)))
        if (found) {
          endEntry()
          while (sections.length > 0 && (sections.at(-1) as Section).level >= block.level) sections.pop()
          entry = {
            ...found,
            level: block.level,
            line: block.line,
            words: [],
            labelled: emptyLabels(),
            inherited: sections.at(-1)?.http ?? [],
          }
          if (found.rest !== '') entry.words.push(found.rest)
          intro = ''
          introStatus = []
          return
        }
        if (entry) {
          entry.words.push(block.inline.text)
          return
        }
        titled = retryOfTitle(block.inline.text)
        while (sections.length > 0 && (sections.at(-1) as Section).level >= block.level) sections.pop()
        const http = statusesIn(block.inline.text).exact.filter((status) => status >= 400)
        sections.push({ level: block.level, title: block.inline.text, http: http.length === 1 ? http : [] })
        prose.push({ ...block.inline, line: block.line })
        intro = ''
        introStatus = []
        return
      }
      case 'table': {
        if (entry && isLabels(block.rows.map(({ cells }) => cells))) {
          const rows =
            block.header.length > 0
              ? [block.header, ...block.rows.map(({ cells }) => cells)]
              : block.rows.map(({ cells }) => cells)
          for (const [label, value] of rows) takeLabel(entry, label?.text ?? '', value?.text ?? '')
          return
        }
        const read = readTable(block, around())
        for (const one of titled ? read.statements : []) {
          if (one.about === 'code' && titled) one.retry ??= { said: titled, basis: 'named' }
        }
        add(read)
        return
      }
      case 'example': {
        const before = blocks[index - 1]
        const caption =
          before?.kind === 'paragraph' || (before?.kind === 'heading' && before.level >= GUESSED_HEADING)
            ? before.inline.text
            : ''
        const http = sections.at(-1)?.http ?? []
        const example = readExample(block.text, block.line, caption.slice(-160), http)
        for (const field of example.fields) fields.add(field)
        if (around().foreign) return
        for (const statement of example.statements) {
          if (entry?.codes.includes(statement.code)) entry.labelled.http.push(...statement.http)
          statements.push(statement)
        }
        if (entry) entry.labelled.http.push(...labelledStatuses(block.text.slice(0, 200)).exact)
        return
      }
      case 'definition': {
        const head = headOf(block.term)
        if (head.codes.length > 0 && head.rest === '' && (hint() || head.statuses.length > 0)) {
          statements.push(...definitions(head, block.line, block.body.text, sections.at(-1)?.http ?? []))
        } else prose.push({ ...block.body, line: block.line })
        return
      }
      case 'item': {
        while (items.length > 0 && (items.at(-1) as { depth: number }).depth >= block.depth) items.pop()
        const inherited = items.at(-1)?.http ?? []
        const head = headOf(block.inline)
        items.push({ depth: block.depth, http: head.statuses.length > 0 ? head.statuses : inherited })
        if (entry && takeLabelled(entry, block.inline.text)) return
        const failing = head.statuses.some((status) => status >= 400)
        if (titled && !entry) statements.push(...underTitle(titled, head, block.line))
        const unmarked = head.codes.every((code) => !block.inline.marked.includes(code))
        const isDefinition =
          head.codes.length > 0 &&
          (failing || inherited.length > 0 || (hint() && (head.closed || !unmarked))) &&
          !looksLikeField(head, block.inline)
        if (isDefinition && !entry) {
          const http = inherited.length > 0 ? inherited : around().http
          statements.push(...definitions(head, block.line, head.rest, http))
          return
        }
        if (head.codes.length === 0 && (head.statuses.length > 0 || head.hundreds.length > 0)) {
          const statuses = [...head.statuses.filter((status) => status >= 400), ...head.hundreds]
          if (statuses.length > 0) {
            const words = retryOfText(head.rest)
            const retry: StatedRetry | null = words?.explicit ? { said: words.said, basis: 'status' } : null
            statements.push({
              about: 'status',
              line: block.line,
              statuses,
              qualifier: '',
              meaning: head.rest,
              action: '',
              retry,
            })
          }
        }
        if (entry) entry.words.push(block.inline.text)
        prose.push({ ...block.inline, line: block.line })
        return
      }
      case 'paragraph': {
        const { text } = block.inline
        if (entry) {
          if (!takeLabelled(entry, text)) entry.words.push(text)
          return
        }
        const head = headOf(block.inline)
        if (
          head.codes.length > 0 &&
          head.closed &&
          head.rest !== '' &&
          hint() &&
          isStrong(head.codes[0]) &&
          head.statuses.length > 0
        ) {
          statements.push(...definitions(head, block.line, head.rest, []))
          return
        }
        intro = text
        if (/[:：]$/.test(text)) titled = retryOfTitle(text)
        const named = statusesIn(text).exact.filter((status) => status >= 400)
        if (named.length === 1) introStatus = named
        else if (named.length > 1) introStatus = []
        prose.push({ ...block.inline, line: block.line })
        return
      }
    }
  })
  endEntry()

  for (const each of prose) statements.push(...mentionsIn(each, fields))
  const known = new Set(
    statements.flatMap((statement) => (statement.about === 'code' ? [statement.code] : [])),
  )
  for (const each of prose) statements.push(...adviceIn(each, known))
  return { statements, notes }
}

function definitions(head: Head, line: number, text: string, inherited: readonly number[]): CodeStatement[] {
  const labelled = labelledStatuses(text).exact
  const failing = head.statuses
  const http = failing.length > 0 ? failing : labelled.length > 0 ? labelled : inherited
  const words = retryOfText(text)
  const retry: StatedRetry | null = words
    ? { said: words.said, basis: words.explicit ? 'text' : 'implied' }
    : null
  return head.codes.map((code) => ({
    about: 'code',
    line,
    code,
    http: [...http],
    meaning: text,
    action: '',
    retry,
    from: 'definition',
    context: '',
  }))
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
): { codes: string[]; http: number[]; rest: string } | null {
  const head = headOf(inline)
  const failing = head.statuses.filter((status) => status >= 400)
  if (head.codes.length === 0 || (!expected && failing.length === 0)) return null
  if (THINGS.test(head.rest) || isForeignTopic(head.rest)) return null
  const whole = head.rest === ''
  if (!whole && !head.closed && !inline.marked.includes(head.codes[0])) return null
  if (head.codes.some((code) => notACode(code) !== null)) return null
  // One word with a capital is a title: "Throttling".
  return { codes: head.codes, http: failing, rest: head.rest }
}

/** A code standing over "HTTP Status Code: 403" needs no heading that speaks of errors. */
function bodyHasStatus(blocks: readonly Block[], at: number): boolean {
  const level = (blocks[at] as { level: number }).level
  for (let index = at + 1; index < Math.min(blocks.length, at + 8); index++) {
    const block = blocks[index]
    if (block.kind === 'heading' && block.level <= level) return false
    const text =
      'inline' in block ? block.inline.text : block.kind === 'example' ? block.text.slice(0, 200) : ''
    if (labelledStatuses(text).exact.some((status) => status >= 400)) return true
  }
  return false
}
