import { nameCodes } from '../outline/name-codes.ts'
import { isScope, outlineOf, type Part, type Scope } from '../outline/outline.ts'
import { type Group, strangersIn } from '../outline/strangers.ts'
import { type Surroundings, surroundingsOf } from '../outline/surroundings.ts'
import type { Block } from '../page.ts'
import type { CodeStatement, Note, Read, Statement } from '../statement.ts'
import { bareToken, isHumped, isStrong } from '../words/code-shape.ts'
import { type Head, headOf } from '../words/head.ts'
import { underTitle } from '../words/retry-title.ts'
import type { Prose } from '../words/sentences.ts'
import { type Beside, exampleStatements } from './example-statements.ts'
import { footnoteStatements, footnoteStatuses } from './footnotes.ts'
import { adviceOfEntries, legendEntries } from './legend.ts'
import { type References, referencesIn } from './legend-references.ts'
import { adviceIn } from './prose-advice.ts'
import { formsIn, mentionsIn } from './prose-mentions.ts'
import { readEntry } from './read-entry.ts'
import { readTable } from './read-table.ts'
import { scopeAdvice } from './scope-advice.ts'
import { sectionAdvice, statusItem } from './status-advice.ts'
import { upright } from './upright-table.ts'

/** Every statement of a page, in two passes: what is defined, then what running text says about it. */
export function readBlocks(found: readonly Block[]): Read {
  const blocks = found.map(upright)
  const page = outlineOf(blocks)
  const surroundings = surroundingsOf(page)
  const { names, families } = nameCodes(page, surroundings)
  const references = referencesIn(blocks)
  for (const [scope, { codes, statuses }] of names)
    if (codes.every((code) => references.values.has(code) && (statuses.length === 0 || !isStrong(code))))
      names.delete(scope)
  const reading: Reading = {
    surroundings,
    names,
    references,
    statements: [],
    notes: [],
    prose: [],
    fields: new Set(),
    groups: new Map(),
  }
  readParts(page, reading)
  const { prose, fields } = reading
  const defined = reading.statements.filter((one): one is CodeStatement => one.about === 'code')
  const entries = legendEntries(blocks, defined, references)
  const inTables = new Set(defined.map(({ code }) => code))
  giveStatuses(defined, [...entries, ...footnoteStatuses(blocks, inTables)])
  const examples = reading.statements.filter(
    (one): one is CodeStatement => one.about === 'code' && one.from === 'example',
  )
  const strangers = strangersIn([...reading.groups.values()], examples)
  reading.notes.push(...strangers.notes)
  const shown = new Set(examples.map(({ code }) => code))
  // "`error_ref`: for support" beside a body that has such a key.
  const isField = (one: Statement) =>
    one.about === 'code' &&
    one.from === 'definition' &&
    (one.http.length === 0 || one.inherits === true) &&
    fields.has(one.code) &&
    !shown.has(one.code)
  const statements = reading.statements.filter((one) => !strangers.statements.has(one) && !isField(one))
  const categories = [...references.values].filter((value) => !isStrong(value))
  for (const name of [...productsOf(page, names), ...families, ...categories]) fields.add(name)

  const forms = new Set(prose.flatMap(({ text }) => formsIn(text)))
  const codes = statements.filter((one) => one.about !== 'code' || !forms.has(one.code))
  for (const each of prose) codes.push(...mentionsIn(each, new Set([...fields, ...forms])))
  const known = new Set(codes.flatMap((one) => (one.about === 'code' ? [one.code] : [])))
  for (const each of prose) codes.push(...adviceIn(each, known))
  codes.push(...adviceOfEntries(entries))
  return { statements: [...codes, ...footnoteStatements(blocks, known)], notes: reading.notes }
}

/** A status that another part of the page says of a code counts where the code has none of its own. */
function giveStatuses(
  defined: readonly CodeStatement[],
  said: readonly { codes: string[]; http: number[] }[],
): void {
  const byCode = new Map<string, Set<string>>()
  for (const { codes, http } of said)
    if (http.length > 0)
      for (const code of codes) byCode.set(code, (byCode.get(code) ?? new Set()).add(http.join()))
  for (const one of defined) {
    const [http, ...others] = byCode.get(one.code) ?? []
    if (http === undefined || others.length > 0 || (one.http.length > 0 && !one.inherits)) continue
    one.http = http.split(',').map(Number)
    one.inherits = false
  }
}

export interface Reading {
  references: References
  surroundings: ReadonlyMap<Part, Surroundings>
  names: ReadonlyMap<Scope, Head>
  statements: Statement[]
  notes: Note[]
  prose: Prose[]
  /** Keys in examples: a name that is a field somewhere is no code elsewhere. */
  fields: Set<string>
  /** By the table, or by the section that holds the names. */
  groups: Map<object, Group>
}

/** Names in the page's title are of products: "Errors of QuillTable". */
function productsOf(page: Scope, names: ReadonlyMap<Scope, Head>): string[] {
  const title = page.parts.find((part) => isScope(part) && part.kind === 'heading')
  if (!title || !isScope(title) || names.has(title)) return []
  return title.head.text.split(/\s+/).map(bareToken).filter(isHumped)
}

function readParts(scope: Scope, reading: Reading): void {
  const from = reading.statements.length
  for (const [at, part] of scope.parts.entries()) {
    const beside = { before: scope.parts[at - 1], after: scope.parts[at + 1] }
    readPart(part, beside, reading)
  }
  const codes = reading.statements
    .slice(from)
    .flatMap((one) => (one.about === 'code' && one.from === 'definition' ? [one.code] : []))
  reading.statements.push(...scopeAdvice(scope, [...new Set(codes)]))
}

function readPart(part: Part, beside: Beside, reading: Reading): void {
  const { names, statements, prose } = reading
  const around = reading.surroundings.get(part) as Surroundings
  if (isScope(part)) {
    const name = names.get(part)
    if (!name) {
      readUnnamed(part, around, reading)
      return
    }
    const entry = readEntry(part, name, around, reading)
    statements.push(...entry)
    const key = part.parent ?? part
    const group = reading.groups.get(key)
    if (group) group.statements.push(...entry)
    else reading.groups.set(key, { statements: [...entry], around, header: '' })
    if (around.said !== null) statements.push(...underTitle(around.said, name, part.line))
    return
  }
  switch (part.kind) {
    case 'table': {
      const { legends, referring } = reading.references
      if (legends.has(part)) break
      const read = readTable(part, around, referring.has(part))
      for (const one of around.said === null ? [] : read.statements)
        if (one.about === 'code' && around.said !== null) one.retry ??= { said: around.said, basis: 'named' }
      statements.push(...read.statements)
      const header = part.header.map(({ text }) => text).join(' | ')
      reading.groups.set(part, { statements: read.statements, around, header })
      reading.notes.push(...read.notes)
      break
    }
    case 'example':
      statements.push(...exampleStatements(part, beside, around, reading.fields))
      break
    case 'footnote':
      prose.push({ ...part.inline, line: part.line })
      break
    case 'paragraph': {
      const head = headOf(part.inline)
      // "Do not retry:" over nothing but codes.
      if (around.said !== null && head.codes.length > 0 && head.rest === '')
        statements.push(...underTitle(around.said, head, part.line))
      statements.push(...sectionAdvice(part.inline, part.line, around.above))
      prose.push({ ...part.inline, line: part.line, http: around.above })
    }
  }
}

function readUnnamed(scope: Scope, around: Surroundings, reading: Reading): void {
  const { head, line, kind } = scope
  if (kind === 'item') {
    const said = headOf(head)
    if (around.said !== null) reading.statements.push(...underTitle(around.said, said, line))
    reading.statements.push(...statusItem(said, line))
  }
  if (kind !== 'definition') reading.prose.push({ ...head, line, http: around.above })
  readParts(scope, reading)
}
