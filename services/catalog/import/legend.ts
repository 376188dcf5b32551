import { codesOfCell } from './code-cell.ts'
import { bareToken } from './code-shape.ts'
import { roleOf } from './header-words.ts'
import { isReference, openingWord, type References } from './legend-references.ts'
import { type Block, GUESSED_HEADING, type Table } from './page.ts'
import { retryOfCell, retryOfText } from './retry-words.ts'
import { CLAUSES, sentencesOf } from './sentences.ts'
import type { CodeStatement, Said, Statement } from './statement.ts'
import { isStatusCell, labelledStatuses, statusesOfCell } from './status-text.ts'

// "Faults of severity Transient may be resent", "S | 401 | Log in again": what a page says of a category, a letter or a
// symbol, it says of all codes that a table puts into it.

/** More are no categories. */
const MOST_CATEGORIES = 20
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

function addMembers(members: Map<string, Set<string>>, category: string, codes: readonly string[]): void {
  const all = members.get(category) ?? new Set()
  for (const code of codes) all.add(code)
  members.set(category, all)
}

/** Columns of few short words that come again and again. */
function addCategories({ rows }: Table, known: ReadonlySet<string>, members: Map<string, Set<string>>): void {
  const coded = rows.slice(0, 2000).flatMap(({ cells }) => {
    const at = cells.findIndex((cell) => {
      const codes = codesOfCell(cell)
      return codes.length > 0 && codes.every((code) => known.has(code))
    })
    return at === -1 ? [] : [{ cells, at, codes: codesOfCell(cells[at]) }]
  })
  const width = Math.max(0, ...coded.map(({ cells }) => cells.length))
  for (let column = 0; column < width; column++) {
    const values = coded.flatMap(({ cells, at, codes }) => {
      const text = cells[column]?.text ?? ''
      return at === column || text === '' ? [] : [{ text, codes }]
    })
    const distinct = new Set(values.map(({ text }) => text))
    const areFew = distinct.size <= MOST_CATEGORIES && distinct.size < values.length
    if (!areFew || ![...distinct].every(isReference)) continue
    for (const { text, codes } of values) addMembers(members, text, codes)
  }
}

/** `ClientError` in `Db.ClientError.Syntax`, `20xx` for 2001: what a table's first column says of a part of many codes. */
function addParts(
  blocks: readonly Block[],
  codes: readonly CodeStatement[],
  members: Map<string, Set<string>>,
): void {
  const keys = new Set(
    blocks.flatMap((block) =>
      block.kind === 'table'
        ? block.rows.slice(0, MOST_CATEGORIES).map(({ cells }) => cells[0]?.text ?? '')
        : [],
    ),
  )
  const add = (key: string, belongs: (code: string) => boolean) => {
    const all = [...new Set(codes.map(({ code }) => code))].filter(belongs)
    if (all.length > 1) addMembers(members, key, all)
  }
  for (const key of keys) {
    const [, beginning] = /^([\p{L}\d_.:-]*[\p{L}\d])(?:[._:-]?\*|xx+|[._:-]x+)$/u.exec(key) ?? []
    if (beginning !== undefined) add(key, (code) => code.startsWith(beginning) && code !== key)
    else if (/^\p{L}[\p{L}\d]{2,29}$/u.test(key))
      add(key, (code) => code.split(/[.:/]/).slice(0, -1).includes(key))
  }
}

/** A sentence would speak for itself. */
const CORNER = /^\p{L}{1,30}$/u

/** The word in the corner of a card: a line of its own that comes again and again, above a code or below it. */
function addCorners(
  blocks: readonly Block[],
  known: ReadonlySet<string>,
  members: Map<string, Set<string>>,
): void {
  const codesAt = blocks.map((block) =>
    block.kind === 'heading'
      ? [bareToken(block.inline.text.split(' ', 1)[0])].filter((code) => known.has(code))
      : [],
  )
  const corners = new Map<string, string[][]>()
  let current: string[] = []
  for (const [at, block] of blocks.entries()) {
    if (codesAt[at].length > 0) current = codesAt[at]
    else if (block.kind === 'heading' && block.level < GUESSED_HEADING) current = []
    const text = block.kind === 'heading' || block.kind === 'paragraph' ? block.inline.text : ''
    if (text === '' || codesAt[at].length > 0 || !CORNER.test(text)) continue
    const codes = codesAt[at + 1]?.length > 0 ? codesAt[at + 1] : current
    const all = corners.get(text)
    if (all) all.push(codes)
    else corners.set(text, [codes])
  }
  for (const [text, all] of corners)
    if (all.length > 1 && all.every((codes) => codes.length > 0)) addMembers(members, text, all.flat())
}

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

/** "Category A" is A. */
const keyOf = (text: string, members: ReadonlyMap<string, unknown>): string => {
  const [, key] = members.has(text) ? [] : (/^\p{L}{3,12}\s+(\S{1,30})$/u.exec(text) ?? [])
  return key ?? text
}

interface Advice {
  category: string
  said: Said | null
  http: number[]
}

function adviceOf(text: string, members: ReadonlyMap<string, unknown>): Advice[] {
  if (text.length > 4000) return []
  // "T = retry with backoff; P = do not retry", "Transient: yes".
  const begun = [...members.keys()].filter((category) => begins(text, category))
  const [first] = begun
  if (first !== undefined) {
    const rest = text.slice(text.indexOf(first) + first.length)
    const words = retryOfText(rest) ?? null
    const bare = rest.replace(/^["'”`*)\]\s]*[:=–—-]\s*/, '')
    const said = words?.explicit ? words.said : bare.length < 30 && bare !== rest ? retryOfCell(bare) : null
    const http = labelledStatuses(rest).exact.filter((status) => status >= 400)
    const isOfOne = mentioned(rest, members).every((category) => category === first)
    if ((said !== null || http.length === 1) && isOfOne) return [{ category: first, said, http }]
  }
  return sentencesOf(text)
    .flatMap((sentence) => partsOf(sentence, members))
    .flatMap((clause) => {
      const words = retryOfText(clause)
      return words?.explicit
        ? mentioned(clause, members).map((category) => ({ category, said: words.said, http: [] }))
        : []
    })
}

/** What is said of one category, of several that open a sentence ("T retry, P do not retry"), or clause by clause. */
function partsOf(sentence: string, members: ReadonlyMap<string, unknown>): string[] {
  const named = mentioned(sentence, members)
  if (named.length <= 1) return [sentence]
  const starts = named.map((category) => sentence.indexOf(category)).sort((a, b) => a - b)
  const opens = /^["'“`(*]*$/.test(sentence.slice(0, starts[0]))
  const isLegend = opens && (named.every((category) => !/\p{L}/u.test(category)) || /[=:–]/.test(sentence))
  return isLegend ? starts.map((start, at) => sentence.slice(start, starts[at + 1])) : sentence.split(CLAUSES)
}

const begins = (text: string, category: string): boolean => {
  const at = text.slice(0, 4).indexOf(category[0])
  return (
    at !== -1 &&
    text.startsWith(category, at) &&
    (/^["'”`*)\]\s]*[:=–—-]/.test(text.slice(at + category.length)) ||
      (category.length === 1 && /^\s+\p{Lu}\p{L}/u.test(text.slice(at + category.length))))
  )
}

const ANSWER = /^(?:yes|no|true|false)$/i

/** As a word of its own, spelled alike; a lone letter only where it is marked off. */
const mentioned = (text: string, members: ReadonlyMap<string, unknown>): string[] =>
  [...members.keys()].filter((category) => {
    // An answer names itself only where it stands at the head.
    if (ANSWER.test(category)) return false
    const at = text.indexOf(category)
    if (at === -1) return false
    const [before, after] = [text[at - 1] ?? ' ', text[at + category.length] ?? ' ']
    if (/[\p{L}\d]/u.test(category) && (/[\p{L}\d_]/u.test(before) || /[\p{L}\d_]/u.test(after))) return false
    return (
      category.length > 1 ||
      !/\p{L}/u.test(category) ||
      /["'“`(]/.test(before) ||
      /^\s*[=:]/.test(text.slice(at + 1))
    )
  })
