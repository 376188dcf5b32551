import { codesOfCell } from './code-cell.ts'
import type { Block, Table } from './page.ts'
import { CLAUSES, sentencesOf } from './read-prose.ts'
import { retryOfCell, retryOfText } from './retry-words.ts'
import type { Said, Statement } from './statement.ts'

// "Faults of severity Transient may be resent": what a page says of a category, a letter or a symbol, it says of all
// codes that a table puts into it.

/** More are no categories. */
const MOST_CATEGORIES = 10
const LONGEST_CATEGORY = 30

/** `known`: the codes of the page. */
export function categoryAdvice(blocks: readonly Block[], known: ReadonlySet<string>): Statement[] {
  const members = new Map<string, Set<string>>()
  for (const block of blocks) if (block.kind === 'table') addCategories(block, known, members)
  if (members.size === 0) return []
  return blocks.flatMap((block) =>
    saidIn(block, known).flatMap((text) =>
      adviceOf(text, members).map(
        ({ category, said }): Statement => ({
          about: 'retry',
          line: block.line,
          codes: [...(members.get(category) as Set<string>)],
          retry: { said, basis: 'category' },
          action: text,
        }),
      ),
    ),
  )
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
    if (!areFew || [...distinct].some((text) => !isCategory(text))) continue
    for (const { text, codes } of values) {
      const all = members.get(text) ?? new Set()
      for (const code of codes) all.add(code)
      members.set(text, all)
    }
  }
}

/** Statuses are read as such, and what answers by itself needs no legend. */
const isCategory = (text: string): boolean =>
  text.length <= LONGEST_CATEGORY && !/\d{3}|^[-–—]$/.test(text) && !/^(?:yes|no|true|false)$/i.test(text)

/** The texts of a block that may say what a category means; of a table its rows, as "term: words". */
function saidIn(block: Block, known: ReadonlySet<string>): string[] {
  switch (block.kind) {
    case 'paragraph':
    case 'item':
    case 'footnote':
      return [block.inline.text]
    case 'definition':
      return [`${block.term.text}: ${block.body.text}`]
    case 'table':
      return block.rows
        .filter(
          ({ cells }) =>
            cells.length <= 4 &&
            cells[0]?.text.length <= LONGEST_CATEGORY &&
            !cells.some((cell) => codesOfCell(cell).some((code) => known.has(code))),
        )
        .map(({ cells: [term, ...rest] }) => `${term.text}: ${rest.map(({ text }) => text).join('. ')}`)
    default:
      return []
  }
}

function adviceOf(text: string, members: ReadonlyMap<string, unknown>): { category: string; said: Said }[] {
  if (text.length > 4000) return []
  // "T = retry with backoff; P = do not retry", "Transient: yes".
  const begun = [...members.keys()].filter((category) => begins(text, category))
  const [first] = begun
  if (first !== undefined) {
    const rest = text.slice(text.indexOf(first) + first.length)
    const words = retryOfText(rest) ?? null
    const bare = rest.replace(/^["'”`*)\]\s]*[:=–—-]\s*/, '')
    const said = words?.explicit ? words.said : bare.length < 30 && bare !== rest ? retryOfCell(bare) : null
    if (said !== null && mentioned(rest, members).length === 0) return [{ category: first, said }]
  }
  return sentencesOf(text)
    .flatMap((sentence) => partsOf(sentence, members))
    .flatMap((clause) => {
      const words = retryOfText(clause)
      return words?.explicit
        ? mentioned(clause, members).map((category) => ({ category, said: words.said }))
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
    /^["'”`*)\]\s]*[:=–—-]/.test(text.slice(at + category.length))
  )
}

/** As a word of its own, spelled alike; a lone letter only where it is marked off. */
const mentioned = (text: string, members: ReadonlyMap<string, unknown>): string[] =>
  [...members.keys()].filter((category) => {
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
