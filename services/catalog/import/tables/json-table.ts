import { isObject, type Json } from '../bodies/json-pointer.ts'
import type { Block, Table } from '../page.ts'
import { inlineOf } from '../words/inline-text.ts'

// Tables that a page keeps as JSON: {"headers": […], "rows": [[…]]}, {"data": {"h-0": …, "0-0": …}}, and the blocks
// around them ("[block:parameters]").

const MARK = /^\s*\[block:([a-z-]{2,30})\]\s*$/
const END = /^\s*\[\/block\]\s*$/
const LONGEST_BLOCK = 3000
const MOST_COLUMNS = 24
const MOST_ROWS = 2000

/** A block of a page that was written with ReadMe's editor, and the first line after it. */
export function magicBlock(lines: readonly string[], at: number): { blocks: Block[]; next: number } | null {
  const [, kind] = MARK.exec(lines[at]) ?? []
  if (kind === undefined) return null
  let end = at + 1
  while (end < lines.length && end - at < LONGEST_BLOCK && !END.test(lines[end]) && !MARK.test(lines[end]))
    end++
  const value = parsed(lines.slice(at + 1, end).join('\n'))
  return value === null ? null : { blocks: blocksOf(value, at + 1), next: end + 1 }
}

function blocksOf(value: Json, line: number): Block[] {
  const table = jsonTable(value, line)
  if (table) return [table]
  if (Array.isArray(value.codes))
    return value.codes.flatMap((each): Block[] =>
      isObject(each) && typeof each.code === 'string'
        ? [
            {
              kind: 'example',
              line,
              text: each.code,
              caption: typeof each.name === 'string' ? each.name : '',
            },
          ]
        : [],
    )
  const [title, body] = [value.title, value.body].map((each) => (typeof each === 'string' ? each : ''))
  if (title !== '' && body === '') return [{ kind: 'heading', line, level: 1, inline: inlineOf(title) }]
  return body === '' ? [] : [{ kind: 'paragraph', line, inline: inlineOf(body) }]
}

/** The table that an example is. */
export function tableInExample(text: string, line: number): Table | null {
  if (!/"(?:h-0|headers|columns)"/.test(text.slice(0, 2000))) return null
  const value = parsed(text)
  return value === null ? null : jsonTable(value, line)
}

function parsed(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function jsonTable(value: Json, line: number): Table | null {
  const header = value.headers ?? value.columns
  if (Array.isArray(header) && Array.isArray(value.rows) && value.rows.every(Array.isArray))
    return tableOf(header, value.rows, line)
  const { data } = value
  if (!isObject(data) || !('h-0' in data)) return null
  const row = (of: string) => {
    const cells: unknown[] = []
    while (cells.length < MOST_COLUMNS && `${of}-${cells.length}` in data)
      cells.push(data[`${of}-${cells.length}`])
    return cells
  }
  const titles = row('h')
  const rows: unknown[][] = []
  while (rows.length < MOST_ROWS && titles.some((_, at) => `${rows.length}-${at}` in data))
    rows.push(titles.map((_, at) => data[`${rows.length}-${at}`]))
  return tableOf(titles, rows, line)
}

const tableOf = (header: readonly unknown[], rows: readonly (readonly unknown[])[], line: number): Table => ({
  kind: 'table',
  line,
  header: header.slice(0, MOST_COLUMNS).map(cellOf),
  rows: rows.slice(0, MOST_ROWS).map((cells) => ({ line, cells: cells.slice(0, MOST_COLUMNS).map(cellOf) })),
})

const cellOf = (value: unknown) =>
  inlineOf(typeof value === 'string' || typeof value === 'number' ? String(value) : '')
