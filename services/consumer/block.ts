import { DIMENSIONS, TABLE_NAMES, type TableName } from '../contract/tables.ts'
import { type CodeCount, codeCounts } from './code-counts.ts'
import { type FixedColumn, Rows, type RowTable, type TextColumn } from './columns/column.ts'
import { type Dictionaries, newDictionaries } from './columns/payload.ts'
import { TrafficCounter } from './columns/traffic.ts'
import { encodeNative, type OffsetRun } from './native.ts'
import { CARRIED, RecordReader, TRAFFIC_COLUMNS } from './record.ts'

/** What a base table must hold of a range of records once the block is in. */
export interface ExpectedRows {
  rows: number
  /** Calls, in the traffic table; 0 elsewhere. */
  calls: number
}

const NANOSECONDS_A_DAY = 86_400e9
const SECONDS_A_DAY = 86_400

/**
 * Many records in the making of one INSERT a table. The same records in the same order give the same bytes: what
 * the exactly-once argument rests on, so nothing here may depend on anything but the records and the settings.
 */
export class Block {
  readonly origin: string
  first = 0
  end = 0
  /** Days (since 1970) that rows of this block lie in. */
  readonly days = new Set<number>()
  readonly dictionaries: Dictionaries
  /** What besides the records decides the bytes of a block. */
  shape: Record<string, unknown>
  private readonly cardinality: number
  private readonly rows: { [Name in RowTable]: Rows<Name> }
  private readonly runs: Record<RowTable, OffsetRun[]>
  private readonly traffic = new TrafficCounter()
  private readonly remap = Object.fromEntries(
    DIMENSIONS.map((name) => [name, new Uint16Array(65_536)]),
  ) as Record<(typeof DIMENSIONS)[number], Uint16Array>

  constructor(origin: string, cardinality: number) {
    this.origin = origin
    this.cardinality = cardinality
    this.shape = { cardinality }
    this.dictionaries = newDictionaries(cardinality)
    this.rows = {
      errors: new Rows('errors', 4096),
      attempts: new Rows('attempts', 256),
      quota_samples: new Rows('quota_samples', 256),
    }
    this.runs = { errors: [], attempts: [], quota_samples: [] }
  }

  get records(): number {
    return this.end - this.first
  }

  /** Rows in all tables together: what an insert costs. */
  get size(): number {
    return (
      this.rows.errors.count + this.rows.attempts.count + this.rows.quota_samples.count + this.traffic.count
    )
  }

  /** Values that became `_OTHER` because a dictionary was full. */
  get overflowed(): number {
    return DIMENSIONS.reduce((sum, name) => sum + this.dictionaries[name].overflowed, 0)
  }

  reset(first: number): void {
    this.first = this.end = first
    this.shape = { cardinality: this.cardinality }
    this.days.clear()
    this.traffic.reset()
    for (const name of DIMENSIONS) this.dictionaries[name].reset()
    for (const table of Object.keys(this.rows) as RowTable[]) {
      this.rows[table].reset()
      this.runs[table] = []
    }
  }

  /** Holes are the source's: Kafka has offsets that hold no record. */
  add(offset: number, record: Buffer): void {
    if (offset < this.end) throw new Error(`record ${offset} does not follow ${this.end - 1}`)
    this.end = offset + 1
    const reader = new RecordReader(record)
    this.addDictionaries(reader)
    this.addRows('errors', reader, offset)
    this.addRows('attempts', reader, offset)
    this.addRows('quota_samples', reader, offset)
    this.addTraffic(reader)
  }

  /** There is nothing more up to `end`. */
  extend(end: number): void {
    this.end = end
  }

  expected(table: TableName): ExpectedRows {
    if (table !== 'traffic') return { rows: this.rows[table].count, calls: 0 }
    let calls = 0
    for (let row = 0; row < this.traffic.count; row++) calls += this.traffic.calls[row]!
    return { rows: this.traffic.count, calls }
  }

  codes(which: 'all' | 'unknown'): CodeCount[] {
    return codeCounts(this.rows.errors, this.dictionaries, which)
  }

  /** Tables that this block has rows for. */
  get tables(): TableName[] {
    return TABLE_NAMES.filter((table) => this.expected(table).rows > 0)
  }

  native(table: TableName): Buffer[] {
    const { origin, first, end, dictionaries, traffic } = this
    return table === 'traffic'
      ? encodeNative({ table, origin, first, end, dictionaries, traffic })
      : encodeNative({
          table,
          origin,
          first,
          end,
          dictionaries,
          rows: this.rows[table],
          runs: this.runs[table],
        })
  }

  private addDictionaries(reader: RecordReader): void {
    for (const name of DIMENSIONS) {
      const count = reader.u16()
      const length = reader.u32()
      let at = reader.skip(length)
      const { bytes } = reader
      const dictionary = this.dictionaries[name]
      const remap = this.remap[name]
      for (let id = 1; id <= count; id++) {
        let size = bytes[at++]!
        if (size > 127) size = (size & 127) | (bytes[at++]! << 7)
        remap[id] = dictionary.intern(bytes, at, at + size)
        at += size
      }
    }
  }

  private addRows(table: RowTable, reader: RecordReader, offset: number): void {
    const count = reader.u32()
    if (count === 0) return
    const rows = this.rows[table]
    const first = rows.reserve(count)
    this.runs[table].push({ offset, rows: count })
    for (const { name, width, dimension } of CARRIED[table]) {
      const column = rows.column(name)
      if (width === 0) (column as TextColumn).appendEntries(reader.take(reader.u32()))
      else if (dimension === null) (column as FixedColumn).u8.set(reader.take(count * width), first * width)
      else copyRemapped(reader.take(count * 2), (column as FixedColumn).u16, first, this.remap[dimension])
    }
    const ts = (rows.column('ts') as FixedColumn).u32
    let last = -1
    for (let row = first; row < first + count; row++) {
      const day = Math.floor((ts[2 * row + 1]! * 4_294_967_296 + ts[2 * row]!) / NANOSECONDS_A_DAY)
      if (day !== last) this.days.add(day)
      last = day
    }
  }

  private addTraffic(reader: RecordReader): void {
    const count = reader.u32()
    if (count === 0) return
    const part = Object.fromEntries(
      TRAFFIC_COLUMNS.map(([name, width]) => [name, reader.skip(count * width)]),
    ) as Record<(typeof TRAFFIC_COLUMNS)[number][0], number>
    const { bytes } = reader
    const { provider, service, environment, route } = this.remap
    const u16 = (at: number) => bytes[at]! | (bytes[at + 1]! << 8)
    for (let row = 0; row < count; row++) {
      const bucket = bytes.readUInt32LE(part.bucket + 4 * row)
      this.traffic.add(
        bucket,
        provider[u16(part.provider + 2 * row)]!,
        service[u16(part.service + 2 * row)]!,
        environment[u16(part.environment + 2 * row)]!,
        route[u16(part.route + 2 * row)]!,
        bytes[part.side + row]!,
        bytes[part.statusClass + row]!,
        bytes.readUInt32LE(part.calls + 4 * row),
        bytes.readUInt32LE(part.errors + 4 * row),
        bytes.readUInt32LE(part.retries + 4 * row),
      )
      this.days.add(Math.floor(bucket / SECONDS_A_DAY))
    }
  }
}

function copyRemapped(from: Buffer, into: Uint16Array, first: number, remap: Uint16Array): void {
  for (let i = 0, row = first; i < from.length; i += 2, row++)
    into[row] = remap[from[i]! | (from[i + 1]! << 8)]!
}
