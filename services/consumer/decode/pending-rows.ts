import type { FixedColumn, Rows, TextColumn } from '../columns/column.ts'

/** As many rows as stay in the core's own cache while column after column is taken out of them. */
const MOST_ROWS = 128
/** A row is so many words of 32 bits, and twice as many halves: 1 << ROW_SHIFT words. */
const ROW_SHIFT = 5

/** Where in a row (in words) its columns of one or two words begin. */
export const WORD = Object.freeze({ ts: 0, origin_index: 2, retry_after_ms: 3, duration_ms: 4 })
/** Where it says at which place of the payload its ids stand (0: nowhere). */
export const ID = Object.freeze({ trace_id: 5, span_id: 6, parent_span_id: 7 })
/** Where its texts have their two words: where they start and end. */
export const TEXT = Object.freeze({ request_id: 8, other_request_ids: 10, call_id: 12, message: 14 })
/** Where its columns of half a word or less are (in halves). */
export const HALF = Object.freeze({
  provider: 32,
  code: 33,
  status: 34,
  side: 35,
  kind: 36,
  service: 37,
  service_version: 38,
  environment: 39,
  route: 40,
  method: 41,
  server_address: 42,
  consumer: 43,
  sdk: 44,
  attempt: 45,
})
/** Columns that the classifier fills. */
const VERDICT = ['retry', 'retryable', 'standing', 'class']

/**
 * Rows of one table as they are read: one after the other in one array, for writing a row at a time into thirty
 * columns means looking up thirty arrays each time. Now and then they are turned into columns. The columns of
 * attempts are among those of errors, so both have the same rows.
 */
export class PendingRows {
  readonly words = new Int32Array(MOST_ROWS << ROW_SHIFT)
  readonly halves = new Uint16Array(this.words.buffer)
  readonly floats = new Float32Array(this.words.buffer)
  private count = 0
  /** Texts that do not stand in the payload as they are; they start at ~(where they are here). */
  private made = Buffer.alloc(4096)
  private madeLength = 0
  private table: Rows<'errors'> | Rows<'attempts'> | null = null
  private outlets!: ReturnType<typeof outletsTo>

  get isFull(): boolean {
    return this.count === MOST_ROWS
  }

  /** Where the next row begins in `words`. */
  next(): number {
    return this.count++ << ROW_SHIFT
  }

  forget(): void {
    this.count = this.madeLength = 0
  }

  /** Sets one of a row's texts to bytes that stand nowhere in the payload. */
  make(row: number, text: number, from: Uint8Array, start: number, end: number): void {
    const size = end - start
    if (this.madeLength + size > this.made.length) {
      const larger = Buffer.alloc(Math.max(this.made.length * 2, this.madeLength + size))
      larger.set(this.made)
      this.made = larger
    }
    this.made.set(from.subarray(start, end), this.madeLength)
    this.words[row + text] = ~this.madeLength
    this.madeLength += size
    this.words[row + text + 1] = this.madeLength
  }

  /** Appends them to the table, and has none any more; `bytes` (and the view of them) is what they were read from. */
  flush(rows: Rows<'errors'> | Rows<'attempts'>, bytes: Buffer, view: DataView): void {
    const { count, words, halves } = this
    if (count === 0) return
    if (rows !== this.table) {
      this.table = rows
      this.outlets = outletsTo(rows)
    }
    const { wide, ids, halfs, narrow, texts, verdict } = this.outlets
    const to = rows.reserve(count)
    for (const { at, column } of wide) spreadWords(words, at, column, to, count)
    for (const { at, column } of ids) spreadIds(words, at, view, column, to, count)
    for (const { at, column } of halfs) spreadHalves(halves, at, column.u16, to, count)
    for (const { at, column } of narrow) spreadBytes(halves, at, column.u8, to, count)
    for (const { at, column } of texts) appendTexts(words, at, bytes, view, this.made, column, count)
    for (const column of verdict) column.u8.fill(0, to, to + count)
    this.forget()
  }
}

interface Outlet<Column> {
  /** Where in a row it comes from. */
  at: number
  column: Column
}

/** Which of a table's columns are filled from where: looked up once, not for every payload. */
function outletsTo(rows: Rows<'errors'> | Rows<'attempts'>) {
  const fixed = (places: Record<string, number>): Outlet<FixedColumn>[] =>
    Object.entries(places)
      .filter(([name]) => name in rows.columns)
      .map(([name, at]) => ({ at, column: rows.column(name) as FixedColumn }))
  const halves = fixed(HALF)
  return {
    wide: fixed(WORD),
    ids: fixed(ID),
    halfs: halves.filter(({ column }) => column.width === 2),
    narrow: halves.filter(({ column }) => column.width === 1),
    texts: Object.entries(TEXT)
      .filter(([name]) => name in rows.columns)
      .map(([name, at]): Outlet<TextColumn> => ({ at, column: rows.column(name) as TextColumn })),
    verdict: VERDICT.filter((name) => name in rows.columns).map((name) => rows.column(name) as FixedColumn),
  }
}

// All rows into a column, from its row `to` on. One function for each width: the engine makes good code of a loop
// only as long as it always meets the same kinds of arrays.

function spreadWords(
  words: Int32Array,
  at: number,
  { u32, width }: FixedColumn,
  to: number,
  count: number,
): void {
  const parts = width >> 2
  for (let part = 0; part < parts; part++)
    for (let i = 0; i < count; i++) u32[(to + i) * parts + part] = words[(i << ROW_SHIFT) + at + part]!
}

function spreadIds(
  words: Int32Array,
  at: number,
  view: DataView,
  { u32, width }: FixedColumn,
  to: number,
  count: number,
): void {
  const parts = width >> 2
  let next = to * parts
  for (let i = 0; i < count; i++) {
    const id = words[(i << ROW_SHIFT) + at]!
    for (let part = 0; part < parts; part++) u32[next++] = id === 0 ? 0 : view.getUint32(id + 4 * part, true)
  }
}

function spreadHalves(halves: Uint16Array, at: number, column: Uint16Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) column[to + i] = halves[(i << (ROW_SHIFT + 1)) + at]!
}

function spreadBytes(halves: Uint16Array, at: number, column: Uint8Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) column[to + i] = halves[(i << (ROW_SHIFT + 1)) + at]!
}

function appendTexts(
  words: Int32Array,
  at: number,
  bytes: Buffer,
  view: DataView,
  made: Buffer,
  column: TextColumn,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const start = words[(i << ROW_SHIFT) + at]!
    const end = words[(i << ROW_SHIFT) + at + 1]!
    if (start < 0) column.append(made, ~start, end)
    else column.appendSeen(bytes, view, start, end)
  }
}
