import type { Row, Table } from '../page.ts'
import { roleOf } from '../words/header-words.ts'
import { inlineOf } from '../words/inline-text.ts'
import { isStatusCell } from '../words/status-text.ts'

// What all that find tables in lines share.

export interface FoundTable {
  table: Table
  /** What it is called, where its own markup says so. */
  caption?: string
  /** The first line after it. */
  next: number
}

export type Find = (lines: readonly string[], at: number) => FoundTable | null

export const MOST_COLUMNS = 24

export const makeTable = (
  line: number,
  header: readonly string[],
  rows: readonly (readonly [number, readonly string[]])[],
): Table => ({
  kind: 'table',
  line: line + 1,
  header: header.map(inlineOf),
  rows: rows.map(([at, cells]): Row => ({ line: at + 1, cells: cells.map(inlineOf) })),
})

export const indentOf = (line: string): number => line.length - line.trimStart().length

export const isBlank = (line: string | undefined) => line === undefined || line.trim() === ''

export const isHeader = (cells: readonly string[]) =>
  cells.filter((cell) => roleOf(cell) !== null).length >= 2 && !cells.some((cell) => isStatusCell(cell))
