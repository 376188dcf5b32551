import { type ColumnKind, TABLES, type TableName } from '../../contract/tables.ts'

const WIDTHS = {
  dimension: 2,
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  f32: 4,
  bytes8: 8,
  bytes16: 16,
  nullable_u32: 4,
  nullable_u64: 8,
} as const satisfies Partial<Record<ColumnKind, number>>
export type FixedKind = keyof typeof WIDTHS

export const isFixed = (kind: ColumnKind): kind is FixedKind => kind in WIDTHS
export const widthOf = (kind: FixedKind): number => WIDTHS[kind]

/** Values of one width, seen through whichever typed array fits. A u64 is two u32, the low half first. */
export class FixedColumn {
  readonly width: number
  u8: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  f32: Float32Array

  constructor(width: number, capacity: number) {
    this.width = width
    const memory = new ArrayBuffer(Math.ceil((capacity * width) / 8) * 8)
    this.u8 = new Uint8Array(memory)
    this.u16 = new Uint16Array(memory)
    this.u32 = new Uint32Array(memory)
    this.f32 = new Float32Array(memory)
  }

  grow(capacity: number): void {
    const old = this.u8
    const memory = new ArrayBuffer(Math.ceil((capacity * this.width) / 8) * 8)
    this.u8 = new Uint8Array(memory)
    this.u16 = new Uint16Array(memory)
    this.u32 = new Uint32Array(memory)
    this.f32 = new Float32Array(memory)
    this.u8.set(old)
  }
}

/** Strings, each as its varint length and its bytes: what Native wants, so a column is written by copying it. */
export class TextColumn {
  bytes: Buffer
  length = 0
  private view: DataView

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity)
    this.view = viewOf(this.bytes)
  }

  append(source: Uint8Array, start: number, end: number): void {
    const size = end > start ? end - start : 0
    this.reserve(size + 5)
    const bytes = this.bytes
    let at = this.length
    let rest = size
    while (rest > 127) {
      bytes[at++] = (rest & 127) | 128
      rest >>>= 7
    }
    bytes[at++] = rest
    if (size > 64) bytes.set(source.subarray(start, end), at)
    else for (let i = 0; i < size; i++) bytes[at + i] = source[start + i]!
    this.length = at + size
  }

  /** The same, for a source that there is a view of: it is copied four bytes at a time. */
  appendSeen(source: Uint8Array, view: DataView, start: number, end: number): void {
    const size = end - start
    if (size === 0) {
      this.reserve(1)
      this.bytes[this.length++] = 0
      return
    }
    if (size < 4 || size > 127) {
      this.append(source, start, end)
      return
    }
    this.reserve(size + 1)
    const own = this.view
    const at = this.length + 1
    own.setUint8(at - 1, size)
    // The last four bytes first, then the others from the front: copied twice, some of them, but never byte by byte.
    own.setInt32(at + size - 4, view.getInt32(end - 4, true), true)
    for (let i = 0; i < size - 4; i += 4) own.setInt32(at + i, view.getInt32(start + i, true), true)
    this.length = at + size
  }

  appendText(text: string): void {
    const bytes = Buffer.from(text)
    this.append(bytes, 0, bytes.length)
  }

  /** Takes over whole entries as they are. */
  appendEntries(entries: Uint8Array): void {
    this.reserve(entries.length)
    this.bytes.set(entries, this.length)
    this.length += entries.length
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
    this.view = viewOf(larger)
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

type ColumnOf<Kind> = Kind extends 'text' ? TextColumn : FixedColumn
/** The kinds that a block fills in by itself have no column here. */
type Carried<Spec> = Spec extends { kind: 'origin' | 'origin_offset' | 'origin_end' } ? never : Spec
type NamedColumns<Specs extends readonly { name: string; kind: ColumnKind }[]> = {
  [Spec in Carried<Specs[number]> as Spec['name']]: ColumnOf<Spec['kind']>
}

export type Columns<Name extends TableName> = NamedColumns<(typeof TABLES)[Name]>

/** Rows of one table, column by column. Whoever writes a row reserves it first, then sets every column. */
export class Rows<Name extends TableName> {
  readonly table: Name
  readonly columns: Columns<Name>
  count = 0
  private capacity: number
  private readonly fixed: FixedColumn[] = []
  private readonly texts: TextColumn[] = []

  constructor(table: Name, capacity: number) {
    this.table = table
    this.capacity = capacity
    const columns: Record<string, FixedColumn | TextColumn> = {}
    for (const { name, kind } of TABLES[table]) {
      if (isFixed(kind)) {
        const column = new FixedColumn(widthOf(kind), capacity)
        this.fixed.push(column)
        columns[name] = column
      } else if (kind === 'text') {
        const column = new TextColumn(capacity * 16)
        this.texts.push(column)
        columns[name] = column
      }
    }
    this.columns = columns as Columns<Name>
  }

  /** A column by its name, where the name is data. */
  column(name: string): FixedColumn | TextColumn {
    return (this.columns as Record<string, FixedColumn | TextColumn>)[name]!
  }

  /** Room for `more` rows; answers the index of the first. */
  reserve(more: number): number {
    const needed = this.count + more
    if (needed > this.capacity) {
      this.capacity = Math.max(this.capacity * 2, needed)
      for (const column of this.fixed) column.grow(this.capacity)
    }
    const first = this.count
    this.count = needed
    return first
  }

  reset(): void {
    this.count = 0
    for (const column of this.texts) column.length = 0
  }
}

export type RowTable = Exclude<TableName, 'traffic'>
export type AnyRows = { [Name in RowTable]: Rows<Name> }[RowTable]
