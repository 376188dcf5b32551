import type { Block, Table } from '../page.ts'
import type { CodeStatement, Said, Statement } from '../statement.ts'
import { codesOfCell } from '../words/code-cell.ts'
import { roleOf } from '../words/header-words.ts'
import { retryOfCell, retryOfText } from '../words/retry-words.ts'
import { isStatusCell, statusesOfCell } from '../words/status-text.ts'
import { adviceOf, keyOf } from './legend-advice.ts'
import { addCategories, addCorners, addMembers, addParts } from './legend-members.ts'
import { openingWord, type References } from './legend-references.ts'

// "Faults of severity Transient may be resent", "S | 401 | Log in again": what a page says of a category, a letter or a
// symbol, it says of all codes that a table puts into it.

const LONGEST_CATEGORY = 30

/** What an entry says of the codes that refer to it. */
export interface Entry {
  line: number
  codes: string[]
  http: number[]
  said: Said | null
  action: string
}

export function legendEntries(
  blocks: readonly Block[],
  codes: readonly CodeStatement[],
  { values, legends }: References,
): Entry[] {
  const known = new Set(codes.map(({ code }) => code))
  const members = new Map<string, Set<string>>()
  for (const block of blocks)
    if (block.kind === 'table' && !legends.has(block)) addCategories(block, known, members)
  addCorners(blocks, known, members)
  addParts(blocks, codes, members)
  const opened = new Map<string, Set<string>>()
  for (const { code, meaning } of codes) {
    const word = openingWord(meaning)
    if (word !== null && values.has(word)) addMembers(opened, word, [code])
  }
  if (members.size === 0 && opened.size === 0) return []
  return blocks.flatMap((block): Entry[] => {
    if (block.kind === 'table') {
      const isLegend = legends.has(block)
      return rowsSaid(
        block,
        isLegend ? new Set() : known,
        isLegend ? new Map([...members, ...opened]) : members,
      )
    }
    return textsOf(block).flatMap((text) =>
      adviceOf(text, members).map(({ category, ...said }) => ({
        line: block.line,
        codes: [...(members.get(category) as Set<string>)],
        ...said,
        action: text,
      })),
    )
  })
}

export const adviceOfEntries = (entries: readonly Entry[]): Statement[] =>
  entries.flatMap(({ said, line, codes, action }): Statement[] =>
    said === null ? [] : [{ about: 'retry', line, codes, retry: { said, basis: 'category' }, action }],
  )

const textsOf = (block: Block): string[] => {
  if (block.kind === 'definition') return [`${block.term.text}: ${block.body.text}`]
  return block.kind === 'paragraph' || block.kind === 'item' || block.kind === 'footnote'
    ? [block.inline.text]
    : []
}

/** Rows that begin with a category, or in a legend hold one: "S | Session | 401 | Log in again". */
function rowsSaid(
  { header, rows }: Table,
  known: ReadonlySet<string>,
  members: ReadonlyMap<string, ReadonlySet<string>>,
): Entry[] {
  return rows.flatMap(({ line, cells }): Entry[] => {
    const at = cells.findIndex(({ text }) => members.has(keyOf(text, members)))
    if (cells.some((cell) => codesOfCell(cell).some((code) => known.has(code)))) return []
    const texts = cells.map(({ text }) => text)
    if (at === -1) {
      const [term, ...rest] = texts
      const text = `${term}: ${rest.join('. ')}`
      return cells.length > 4 || term.length > LONGEST_CATEGORY
        ? []
        : adviceOf(text, members).map(({ category, said, http }) => ({
            line,
            codes: [...(members.get(category) ?? [])],
            http,
            said,
            action: text,
          }))
    }
    const rest = texts.filter((_, column) => column !== at)
    const answer = header.findIndex(({ text }, column) => column !== at && roleOf(text) === 'retry')
    const [said = null] = [
      answer === -1 ? null : retryOfCell(texts[answer] ?? ''),
      ...[rest.join('. ')].map(retryOfText).map((words) => (words?.explicit ? words.said : null)),
      ...(rest.length === 1 && rest[0].length < 30 ? rest : []).map((text) => retryOfCell(text)),
    ].filter((each) => each !== null)
    const http = rest.filter(isStatusCell).flatMap((text) => statusesOfCell(text).exact)
    return [
      {
        line,
        codes: [...(members.get(keyOf(texts[at], members)) ?? [])],
        http: http.filter((status) => status >= 400),
        said,
        action: rest.join('. '),
      },
    ]
  })
}
