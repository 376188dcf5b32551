import { createHash } from 'node:crypto'

// A page of a list whose order changes while rows arrive: a count that grows moves its row up. A list goes on after
// what was shown, not after a position, so nothing comes twice and nothing that rises is missed.

export interface Shown {
  /** Marks of rows that earlier pages had. */
  marks: ReadonlySet<number>
  /** Further rows that they had, which nobody remembers one by one; the first so many are passed over. */
  forgotten: number
}
export const NOTHING_SHOWN: Shown = { marks: new Set(), forgotten: 0 }

export interface Page<Row> {
  rows: Row[]
  /** Are there rows after these? */
  more: boolean
}

/** A row's key in four bytes. */
export const markOf = (key: string): number => createHash('sha256').update(key).digest().readUInt32LE()

export function nextPage<Row>(
  ordered: Row[],
  keyOf: (row: Row) => string,
  limit: number,
  { marks, forgotten }: Shown,
): Page<Row> {
  const left = marks.size === 0 ? ordered : ordered.filter((row) => !marks.has(markOf(keyOf(row))))
  return { rows: left.slice(forgotten, forgotten + limit), more: left.length > forgotten + limit }
}
