import type { Block, Inline, Table } from '../page.ts'
import { codesOfCell } from '../words/code-cell.ts'
import { isStrong } from '../words/code-shape.ts'
import { isAboutErrors, roleOf } from '../words/header-words.ts'
import { isStatusCell } from '../words/status-text.ts'

// "S" in a column "Class", "NOT_FOUND." before every comment of an enum: words by which codes refer to the entries of
// another table or list of the page. What such a table names are no codes.

/** More are no categories. */
const MOST_VALUES = 20
const LONGEST_VALUE = 30
/** So many rows tell what a column holds. */
const SAMPLE = 500
/** A word that opens so many descriptions refers to something. */
const LEAST_OPENED = 3

export interface References {
  /** What codes refer to. */
  values: ReadonlySet<string>
  /** Those tables that have an entry for each. */
  legends: ReadonlySet<Table>
  /** Those that refer to entries which say the status of an error. */
  referring: ReadonlySet<Block>
}

export function referencesIn(blocks: readonly Block[]): References {
  const from = new Map<string, Set<Block>>()
  const add = (value: string, block: Block) => from.set(value, (from.get(value) ?? new Set()).add(block))
  const tables = blocks.filter((block) => block.kind === 'table')
  for (const table of tables)
    for (const [at] of table.header.entries())
      for (const value of valuesReferred(table, at)) add(value, table)
  for (const block of blocks) {
    const words = block.kind === 'example' ? openingWords(block.text) : []
    if (words.length >= LEAST_OPENED) for (const word of words) add(word, block)
  }
  const legends = new Set<Table>()
  const referring = new Set<Block>()
  for (const table of from.size === 0 ? [] : tables) {
    const isReferred = (value: string) => [...(from.get(value) ?? [])].some((block) => block !== table)
    const keys = keysOf(table, isReferred)
    if (keys.length === 0) continue
    legends.add(table)
    const saysStatus = table.rows.some(({ cells }) => cells.some(({ text }) => isStatusCell(text)))
    for (const key of saysStatus ? keys : []) for (const block of from.get(key) ?? []) referring.add(block)
  }
  return { values: new Set(from.keys()), legends, referring }
}

/** Statuses are read as such. */
export const isReference = (text: string): boolean =>
  text.length <= LONGEST_VALUE && !/\d{3}|^[-–—]$/.test(text)

/** A column of few short words that come again and again, beside a column of codes. */
function valuesReferred({ header, rows }: Table, at: number): string[] {
  const role = roleOf(header[at].text)
  if (role === 'status' || (role === 'code' && !/rpc|canonical/i.test(header[at].text))) return []
  const sample = rows.slice(0, SAMPLE)
  const filled = sample.flatMap(({ cells }) => (cells[at]?.text ? [cells[at].text] : []))
  const distinct = [...new Set(filled)]
  if (distinct.length >= filled.length || distinct.length > MOST_VALUES || !distinct.every(isReference))
    return []
  const hasCodes = header.some(({ text }, column) => {
    if (column === at || roleOf(text) === 'foreign') return false
    const cells = sample.flatMap((row) => (row.cells[column]?.text ? [row.cells[column]] : []))
    return isDistinct(cells) && cells.filter((cell) => codesOfCell(cell).length > 0).length > cells.length / 2
  })
  return hasCodes ? distinct : []
}

const isDistinct = (cells: readonly Inline[]): boolean =>
  cells.length > 1 && new Set(cells.map(({ text }) => text)).size > cells.length * 0.9

/** "// NOT_FOUND. There is no such book." */
const OPENING = /(?:\/\/+|^\s*\*|#|--)\s{0,3}["'`]?([A-Z][A-Z_]{3,29})["'`]?[.:,](?:\s|$)/gm

const openingWords = (text: string): string[] => [...text.matchAll(OPENING)].map(([, word]) => word)

/** "NOT_FOUND. There is no such book.": the word a description begins with. */
export const openingWord = (text: string): string | null =>
  /^["'`]?([A-Z][A-Z_]{3,29})["'`]?[.:,](?:\s|$)/.exec(text)?.[1] ?? null

/** A column with an entry for each that is referred to, in a table that has no codes of its own. */
function keysOf({ header, rows }: Table, isReferred: (value: string) => boolean): string[] {
  const columns = header.map((_, at) =>
    rows.slice(0, SAMPLE).flatMap(({ cells }) => (cells[at]?.text ? [cells[at]] : [])),
  )
  const key = columns.findIndex(
    (cells, at) =>
      isDistinct(cells) &&
      cells.filter(({ text }) => isReferred(text)).length >= cells.length * 0.8 &&
      !(roleOf(header[at].text) === 'code' && isAboutErrors(header[at].text)),
  )
  const hasCodes = columns.some(
    (cells, at) => at !== key && isDistinct(cells) && cells.every((cell) => codesOfCell(cell).some(isStrong)),
  )
  return key === -1 || hasCodes ? [] : columns[key].map(({ text }) => text)
}
