import { type Block, GUESSED_HEADING, type Table } from '../page.ts'
import type { CodeStatement } from '../statement.ts'
import { codesOfCell } from '../words/code-cell.ts'
import { bareToken } from '../words/code-shape.ts'
import { isReference } from './legend-references.ts'

// Which codes a category, a letter or a symbol stands for: columns of few words, corners of cards, parts of names.

/** More are no categories. */
const MOST_CATEGORIES = 20

export function addMembers(
  members: Map<string, Set<string>>,
  category: string,
  codes: readonly string[],
): void {
  const all = members.get(category) ?? new Set()
  for (const code of codes) all.add(code)
  members.set(category, all)
}

/** Columns of few short words that come again and again. */
export function addCategories(
  { rows }: Table,
  known: ReadonlySet<string>,
  members: Map<string, Set<string>>,
): void {
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
export function addParts(
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
export function addCorners(
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
