import { type ColumnSpec, TABLES, type TableName } from '../contract/tables.ts'
import type { AnyRows, FixedColumn, TextColumn } from './columns/column.ts'
import { Dictionary } from './columns/dictionary.ts'
import type { Dictionaries } from './columns/payload.ts'
import type { TrafficCounter } from './columns/traffic.ts'

/** So many rows, one after the other, came from the record at this offset. */
export interface OffsetRun {
  offset: number
  rows: number
}

interface Common {
  table: TableName
  origin: string
  first: number
  end: number
  dictionaries: Dictionaries
}
type TablePart = (Common & { rows: AnyRows; runs: OffsetRun[] }) | (Common & { traffic: TrafficCounter })

/** One ClickHouse block in the Native format, as pieces to be written one behind the other. */
export function encodeNative(part: TablePart): Buffer[] {
  const specs: readonly ColumnSpec[] = TABLES[part.table]
  const count = 'rows' in part ? part.rows.count : part.traffic.count
  const pieces = [varint(specs.length), varint(count)]
  for (const spec of specs) pieces.push(text(spec.name), text(spec.type), ...columnPieces(part, spec, count))
  return pieces
}

function columnPieces(part: TablePart, spec: ColumnSpec, count: number): Buffer[] {
  if (spec.kind === 'origin') {
    const dictionary = new Dictionary(1)
    const id = dictionary.internText(part.origin)
    return lowCardinality(dictionary, new Uint16Array(count).fill(id), count)
  }
  if (spec.kind === 'origin_end') return [view(new BigUint64Array(count).fill(BigInt(part.end)))]
  if (spec.kind === 'origin_offset') return [view(offsets(part, count))]
  if ('traffic' in part) return trafficPieces(part, spec, count)
  const column = part.rows.column(spec.name)
  if (spec.kind === 'text') {
    const { bytes, length } = column as TextColumn
    return [bytes.subarray(0, length)]
  }
  const fixed = column as FixedColumn
  if (spec.kind === 'dimension') return lowCardinality(part.dictionaries[spec.dimension!], fixed.u16, count)
  const values = Buffer.from(fixed.u8.buffer, 0, count * fixed.width)
  if (spec.kind === 'nullable_u32' || spec.kind === 'nullable_u64') return [nullMap(fixed, count), values]
  return [values]
}

/** Rows carry their record's offset; rows merged over a whole block carry the block's first. */
function offsets(part: TablePart, count: number): BigUint64Array {
  const merged = part.table === 'traffic' || part.table === 'quota_samples'
  const values = new BigUint64Array(count)
  if (merged || !('runs' in part)) return values.fill(BigInt(part.first))
  let at = 0
  for (const { offset, rows } of part.runs) {
    values.fill(BigInt(offset), at, at + rows)
    at += rows
  }
  return values
}

function trafficPieces(
  part: Common & { traffic: TrafficCounter },
  spec: ColumnSpec,
  count: number,
): Buffer[] {
  const { traffic, dictionaries } = part
  switch (spec.name) {
    case 'ts':
      return [view(traffic.bucket.subarray(0, count))]
    case 'provider':
      return lowCardinality(dictionaries.provider, traffic.provider, count)
    case 'service':
      return lowCardinality(dictionaries.service, traffic.service, count)
    case 'environment':
      return lowCardinality(dictionaries.environment, traffic.environment, count)
    case 'route':
      return lowCardinality(dictionaries.route, traffic.route, count)
    case 'side':
      return [view(traffic.side.subarray(0, count))]
    case 'status_class':
      return [view(traffic.statusClass.subarray(0, count))]
    case 'calls':
      return [view(traffic.calls.subarray(0, count))]
    case 'errors':
      return [view(traffic.errors.subarray(0, count))]
    case 'retries':
      return [view(traffic.retries.subarray(0, count))]
    case 'logical_calls':
      return [view(traffic.calls.subarray(0, count).map((calls, row) => calls - traffic.retries[row]!))]
    default:
      throw new Error(`traffic has no column ${spec.name}`)
  }
}

const LOW_CARDINALITY_VERSION = 1n
const HAS_ADDITIONAL_KEYS = 0x200n

function lowCardinality(dictionary: Dictionary, ids: Uint16Array, count: number): Buffer[] {
  const narrow = dictionary.count <= 256
  const head = Buffer.allocUnsafe(24)
  head.writeBigUInt64LE(LOW_CARDINALITY_VERSION, 0)
  head.writeBigUInt64LE((narrow ? 0n : 1n) | HAS_ADDITIONAL_KEYS, 8)
  head.writeBigUInt64LE(BigInt(dictionary.count), 16)
  const rows = Buffer.allocUnsafe(8)
  rows.writeBigUInt64LE(BigInt(count))
  const used = ids.subarray(0, count)
  return [
    head,
    dictionary.bytes.subarray(0, dictionary.length),
    rows,
    narrow ? view(Uint8Array.from(used)) : view(used),
  ]
}

function nullMap(column: FixedColumn, count: number): Buffer {
  const map = Buffer.allocUnsafe(count)
  const { u32 } = column
  if (column.width === 4) for (let row = 0; row < count; row++) map[row] = u32[row] === 0xffffffff ? 1 : 0
  else
    for (let row = 0; row < count; row++)
      map[row] = (u32[2 * row]! & u32[2 * row + 1]!) >>> 0 === 0xffffffff ? 1 : 0
  return map
}

const view = (values: Uint8Array | Uint16Array | Uint32Array | BigUint64Array): Buffer =>
  Buffer.from(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)

function varint(value: number): Buffer {
  const bytes: number[] = []
  while (value > 127) {
    bytes.push((value & 127) | 128)
    value = Math.floor(value / 128)
  }
  bytes.push(value)
  return Buffer.from(bytes)
}

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([varint(bytes.length), bytes])
}
