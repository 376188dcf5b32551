import type { Block, Inline, Row, Table } from '../page.ts'
import { isHeader } from '../tables/table-lines.ts'

// A table of HTML while its tags are read: merged cells reach into the rows below.

/** A page spans hardly more; a bomb of spans would multiply. */
const MOST_SPAN = 200
const MOST_COLUMNS = 24
const MOST_ROWS = 20_000

export interface OpenTable {
  line: number
  header: Inline[]
  rows: Row[]
  cells: Inline[] | null
  cellLine: number
  cellSpan: Span
  headCells: number
  inHead: boolean
  /** Cells that reach down from rows above, by column. */
  hanging: Map<number, { left: number; inline: Inline }>
  /** Bodies of responses that stood in cells, with what the row said before. */
  examples: Extract<Block, { kind: 'example' }>[]
}

export interface Span {
  rows: number
  columns: number
}

export const openTable = (line: number): OpenTable => ({
  line,
  header: [],
  rows: [],
  cells: null,
  cellLine: line,
  cellSpan: { rows: 1, columns: 1 },
  headCells: 0,
  inHead: false,
  hanging: new Map(),
  examples: [],
})

export function spanOf(attribute: string | undefined, most = MOST_SPAN): number {
  return Math.min(Math.max(Number.parseInt(attribute ?? '', 10) || 1, 1), most)
}

export function addCell(table: OpenTable, inline: Inline): void {
  table.cells ??= []
  const { rows, columns } = table.cellSpan
  for (let copy = 0; copy < Math.min(columns, MOST_COLUMNS) && table.cells.length < MOST_COLUMNS; copy++) {
    fillHanging(table, table.cells)
    if (rows > 1) table.hanging.set(table.cells.length, { left: rows, inline })
    table.cells.push(copy === 0 ? inline : { text: '', marked: [] })
  }
}

export function addRow(table: OpenTable): void {
  const { cells } = table
  if (!cells) return
  fillHanging(table, cells)
  for (const [column, hanging] of table.hanging) if (--hanging.left <= 0) table.hanging.delete(column)
  if (isBelowTitle(table, cells)) table.rows = []
  if (table.header.length === 0 && table.rows.length === 0 && table.headCells >= cells.length - 1) {
    table.header = cells
  } else if (table.rows.length < MOST_ROWS) table.rows.push({ line: table.cellLine, cells })
  table.cells = null
  table.headCells = 0
}

/** One cell over the whole width, above a row of nothing but headers, is the table's title. */
const isBelowTitle = ({ header, rows, headCells }: OpenTable, cells: readonly Inline[]): boolean =>
  header.length === 0 &&
  rows.length === 1 &&
  cells.length > 1 &&
  headCells >= cells.length &&
  rows[0].cells.length === cells.length &&
  rows[0].cells.every(({ text }, at) => (text === '') === at > 0)

export function tableOf({ line, header, rows }: OpenTable): Table | null {
  // Where no cell is marked as a header, the words of the first row tell.
  const [first, ...rest] = rows
  const isUnmarked = header.length === 0 && rest.length > 0 && isHeader(first.cells.map(({ text }) => text))
  if (isUnmarked) return { kind: 'table', line, header: first.cells, rows: rest }
  return rows.length === 0 ? null : { kind: 'table', line, header, rows }
}

function fillHanging(table: OpenTable, cells: Inline[]): void {
  for (let hanging = table.hanging.get(cells.length); hanging; hanging = table.hanging.get(cells.length)) {
    cells.push(hanging.inline)
  }
}
