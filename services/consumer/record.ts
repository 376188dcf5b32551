import { DIMENSIONS, TABLES } from '../contract/tables.ts'
import {
  type AnyRows,
  type FixedColumn,
  isFixed,
  type RowTable,
  type TextColumn,
  widthOf,
} from './columns/column.ts'
import type { Payload } from './columns/payload.ts'
import type { TrafficCounter } from './columns/traffic.ts'

// A record is what is left of one payload after decoding and classifying, as bytes that explain themselves: the
// journal stores it and blocks are built from it, live and after a crash alike.
//
//   u8 version
//   per dimension:  u16 entries, u32 bytes, then the entries (varint length, bytes; the empty string left out)
//   errors, attempts, quota_samples:  u32 rows, then per carried column its bytes (text: u32 length first)
//   traffic:  u32 rows, then its columns one after the other
//
// Little endian throughout. Dimension columns hold u16 numbers of the record's own dictionaries.

const VERSION = 1
const ROW_TABLES: readonly RowTable[] = ['errors', 'attempts', 'quota_samples']

/** The carried columns of a table, in order, with what it takes to copy them. */
export const CARRIED = Object.fromEntries(
  ROW_TABLES.map((table) => [
    table,
    TABLES[table].flatMap(({ name, kind, dimension }) =>
      isFixed(kind) || kind === 'text'
        ? [{ name, width: kind === 'text' ? 0 : widthOf(kind), dimension: dimension ?? null }]
        : [],
    ),
  ]),
) as Record<RowTable, { name: string; width: number; dimension: (typeof DIMENSIONS)[number] | null }[]>

export const TRAFFIC_COLUMNS = [
  ['bucket', 4],
  ['provider', 2],
  ['service', 2],
  ['environment', 2],
  ['route', 2],
  ['side', 1],
  ['statusClass', 1],
  ['calls', 4],
  ['errors', 4],
  ['retries', 4],
] as const satisfies readonly (readonly [keyof TrafficCounter, number])[]

/** Encodes payloads into memory of its own: the answer is valid until the next call. */
export function createRecordEncoder(): (payload: Payload) => Buffer {
  let out = Buffer.alloc(1 << 16)
  return (payload) => {
    const size = recordSize(payload)
    if (size > out.length) out = Buffer.alloc(size * 2)
    let at = 0
    out[at++] = VERSION
    for (const name of DIMENSIONS) {
      const dictionary = payload.dictionaries[name]
      out.writeUInt16LE(dictionary.count - 1, at)
      out.writeUInt32LE(dictionary.length - 1, at + 2)
      at += 6
      out.set(dictionary.bytes.subarray(1, dictionary.length), at)
      at += dictionary.length - 1
    }
    for (const table of ROW_TABLES) {
      const rows = rowsOf(payload, table)
      out.writeUInt32LE(rows.count, at)
      at += 4
      if (rows.count === 0) continue
      for (const { name, width } of CARRIED[table]) {
        const column = rows.column(name)
        if (width === 0) {
          const text = column as TextColumn
          out.writeUInt32LE(text.length, at)
          out.set(text.bytes.subarray(0, text.length), at + 4)
          at += 4 + text.length
        } else {
          out.set((column as FixedColumn).u8.subarray(0, rows.count * width), at)
          at += rows.count * width
        }
      }
    }
    const traffic = payload.traffic
    out.writeUInt32LE(traffic.count, at)
    at += 4
    for (const [name, width] of TRAFFIC_COLUMNS) {
      const column = traffic[name]
      out.set(new Uint8Array(column.buffer, column.byteOffset, traffic.count * width), at)
      at += traffic.count * width
    }
    return out.subarray(0, at)
  }
}

/** Bytes of a payload's record. */
export function recordSize(payload: Payload): number {
  let size = 1
  for (const name of DIMENSIONS) size += 6 + payload.dictionaries[name].length
  for (const table of ROW_TABLES) {
    const rows = rowsOf(payload, table)
    size += 4
    for (const { name, width } of CARRIED[table])
      size += width === 0 ? 4 + (rows.column(name) as TextColumn).length : rows.count * width
  }
  size += 4
  for (const [, width] of TRAFFIC_COLUMNS) size += payload.traffic.count * width
  return size
}

function rowsOf(payload: Payload, table: RowTable): AnyRows {
  if (table === 'errors') return payload.errors
  return table === 'attempts' ? payload.attempts : payload.quotaSamples
}

/** Walks a record's parts in their order; `take` answers the bytes of the next part. */
export class RecordReader {
  private at = 1
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    // The journal checks every byte it hands out, so another version is another program's record, not damage.
    if (bytes[0] !== VERSION) throw new Error(`record version ${bytes[0]} is not one this version can read`)
    this.bytes = bytes
  }

  u16(): number {
    const value = this.bytes.readUInt16LE(this.at)
    this.at += 2
    return value
  }

  u32(): number {
    const value = this.bytes.readUInt32LE(this.at)
    this.at += 4
    return value
  }

  /** Where the next `length` bytes begin. */
  skip(length: number): number {
    const start = this.at
    this.at += length
    if (this.at > this.bytes.length) throw new Error('record ends early')
    return start
  }

  take(length: number): Buffer {
    const start = this.skip(length)
    return this.bytes.subarray(start, start + length)
  }
}
