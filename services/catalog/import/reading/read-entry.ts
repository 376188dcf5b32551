import { isScope, type Part, type Scope } from '../outline/outline.ts'
import type { Surroundings } from '../outline/surroundings.ts'
import type { Statement } from '../statement.ts'
import type { Head } from '../words/head.ts'
import { roleOf } from '../words/header-words.ts'
import { isLabels } from '../words/labels.ts'
import { labelledStatuses, statusesIn } from '../words/status-text.ts'
import { describe, type Entry, emptyLabels, entryStatements, takeLabel } from './code-entry.ts'
import { type Beside, exampleStatements } from './example-statements.ts'
import type { Reading } from './read-blocks.ts'
import { readTable } from './read-table.ts'

/** A few codes come with a success or a redirection. */
function ownStatuses({ statuses, rest }: Head): number[] {
  const failing = statuses.filter((status) => status >= 400)
  const found = failing.length > 0 ? failing : statuses.filter((status) => status >= 200)
  const [, last] = found.length === 0 && rest.length < 120 ? (LAST.exec(rest) ?? []) : []
  return last === undefined ? found : statusesIn(last).exact
}

/** A badge behind the title: "Missing parameter 400". */
const LAST =
  /(?<!\b(?:than|over|to|most|least|under|of|after|every|per|exceeds?|is|max|maximum|limit|and|or))\s[([]?((?:HTTP )?[45]\d\d)[)\]]?$/i

/** What stands below a code describes it: paragraphs, labels, small tables, examples of its body. */
export function readEntry(
  scope: Scope,
  head: Head,
  around: Surroundings,
  { surroundings, names, notes, prose, fields }: Reading,
): Statement[] {
  const entry: Entry = {
    codes: head.codes,
    http: ownStatuses(head),
    reason: head.reason,
    level: scope.level,
    line: scope.line,
    words: [],
    labelled: emptyLabels(),
    inherited: scope.kind === 'heading' ? around.above : around.http,
  }
  const inner: Statement[] = []
  /** "Retry", "What to do" as a title of what follows. */
  let label = ''
  const say = (text: string) => {
    const title = label
    label = ''
    if (title !== '' && takeLabel(entry, title, text)) return
    if (title !== '') describe(entry, title)
    describe(entry, text)
  }
  const sayShort = (text: string) => {
    const isTitle =
      text.length <= 40 && !/[:：\d]\s*\S|[.!。]$/.test(text) && !/^(?:not?|non|do|never)\b/i.test(text)
    const role = isTitle ? roleOf(text) : null
    const isLabel =
      role === 'retry' || role === 'action' || role === 'status' || (role === 'meaning' && !/\s/.test(text))
    if (label === '' && isLabel) label = text
    else say(text)
  }
  const read = (part: Part, beside: Beside): void => {
    const own = surroundings.get(part) as Surroundings
    if (isScope(part)) {
      const name = names.get(part)
      if (name)
        inner.push(...readEntry(part, name, own, { surroundings, names, notes, prose, fields } as Reading))
      else {
        if (part.kind === 'definition') {
          const [body] = part.parts
          if (body?.kind === 'paragraph' && takeLabel(entry, part.head.text, body.inline.text)) return
        }
        sayShort(part.head.text)
        readAll(part.parts)
      }
      return
    }
    switch (part.kind) {
      case 'paragraph':
        sayShort(part.inline.text)
        break
      case 'footnote':
        prose.push({ ...part.inline, line: part.line })
        break
      case 'table': {
        const { header, rows } = part
        const cells = rows.map((row) => row.cells)
        if (isLabels(cells)) {
          for (const [name, value] of header.length > 0 ? [header, ...cells] : cells)
            takeLabel(entry, name?.text ?? '', value?.text ?? '')
        } else {
          const table = readTable(part, own)
          inner.push(...table.statements)
          notes.push(...table.notes)
        }
        break
      }
      case 'example':
        for (const one of exampleStatements(part, beside, own, fields)) {
          if (entry.codes.includes(one.code)) entry.labelled.http.push(...one.http)
          inner.push(one)
        }
        entry.labelled.http.push(...labelledStatuses(part.text.slice(0, 2000)).exact)
    }
  }
  const readAll = (parts: readonly Part[]) => {
    for (const [at, part] of parts.entries()) read(part, { before: parts[at - 1], after: parts[at + 1] })
  }
  if (head.rest !== '') describe(entry, head.rest)
  readAll(scope.parts)
  if (label !== '') describe(entry, label)
  return [...entryStatements(entry), ...inner]
}
