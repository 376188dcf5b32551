import { CLASSES, KINDS, RETRIES, SIDES, STANDINGS, STATUS_CLASSES } from './vocabulary.ts'

// The columns that flow from the decoder through the journal into the store, written down once. Decoder, record,
// block and INSERT statement all read these lists; the SQL schema is tested against them.

/** Strings that repeat. Each dimension has one dictionary per payload and one per block. */
export const DIMENSIONS = [
  'service',
  'service_version',
  'environment',
  'provider',
  'code',
  'route',
  'method',
  'server_address',
  'consumer',
  'sdk',
  'quota',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

export type ColumnKind =
  | 'dimension' // index into a dictionary; LowCardinality(String) in the store
  | 'text' // length-prefixed bytes
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'f32'
  | 'bytes8'
  | 'bytes16'
  | 'nullable_u32' // 0xFFFFFFFF means null
  | 'nullable_u64' // all bits set means null
  | 'origin' // constant in a block, filled in when the block is made
  | 'origin_offset' // the record's offset
  | 'origin_end' // one past the block's last offset; origin_offset is then the block's first

export interface ColumnSpec<Name extends string = string, Kind extends ColumnKind = ColumnKind> {
  name: Name
  kind: Kind
  /** ClickHouse type as it stands in the header of a Native block. */
  type: string
  dimension?: Dimension
}

const enumOf = (values: readonly string[]) =>
  `Enum8(${values.map((value, index) => `'${value}' = ${index}`).join(', ')})`

const column = <Name extends string, Kind extends ColumnKind>(
  name: Name,
  kind: Kind,
  type: string,
): ColumnSpec<Name, Kind> => ({ name, kind, type })

const dimension = <Name extends Dimension>(name: Name): ColumnSpec<Name, 'dimension'> => ({
  ...column(name, 'dimension', 'LowCardinality(String)'),
  dimension: name,
})

const TS = column('ts', 'u64', "DateTime64(9, 'UTC')")
const SIDE = column('side', 'u8', enumOf(SIDES))
const ORIGIN = column('origin', 'origin', 'LowCardinality(String)')
const ORIGIN_OFFSET = column('origin_offset', 'origin_offset', 'UInt64')
const ROW_ORIGIN = [ORIGIN, ORIGIN_OFFSET, column('origin_index', 'u32', 'UInt32')]
const BLOCK_ORIGIN = [ORIGIN, ORIGIN_OFFSET, column('origin_end', 'origin_end', 'UInt64')]

export const TABLES = {
  /** One row an error event. */
  errors: [
    TS,
    dimension('provider'),
    dimension('code'),
    column('status', 'u16', 'UInt16'),
    column('retry', 'u8', enumOf(RETRIES)),
    column('retryable', 'u8', 'Bool'),
    column('standing', 'u8', enumOf(STANDINGS)),
    column('class', 'u8', enumOf(CLASSES)),
    SIDE,
    column('kind', 'u8', enumOf(KINDS)),
    dimension('service'),
    dimension('service_version'),
    dimension('environment'),
    dimension('route'),
    dimension('method'),
    dimension('server_address'),
    column('request_id', 'text', 'String'),
    /** Further request ids the span carries, separated by newlines. */
    column('other_request_ids', 'text', 'String'),
    column('trace_id', 'bytes16', 'FixedString(16)'),
    column('span_id', 'bytes8', 'FixedString(8)'),
    column('parent_span_id', 'bytes8', 'FixedString(8)'),
    column('call_id', 'text', 'String'),
    column('attempt', 'u16', 'UInt16'),
    dimension('consumer'),
    dimension('sdk'),
    column('retry_after_ms', 'nullable_u32', 'Nullable(UInt32)'),
    column('duration_ms', 'f32', 'Float32'),
    column('message', 'text', 'String'),
    ...ROW_ORIGIN,
  ],
  /** Resends that succeeded: how a logical call ended after its errors. */
  attempts: [
    TS,
    dimension('provider'),
    column('status', 'u16', 'UInt16'),
    SIDE,
    dimension('service'),
    dimension('service_version'),
    dimension('environment'),
    dimension('route'),
    dimension('method'),
    dimension('server_address'),
    column('request_id', 'text', 'String'),
    column('other_request_ids', 'text', 'String'),
    column('trace_id', 'bytes16', 'FixedString(16)'),
    column('span_id', 'bytes8', 'FixedString(8)'),
    column('parent_span_id', 'bytes8', 'FixedString(8)'),
    column('call_id', 'text', 'String'),
    column('attempt', 'u16', 'UInt16'),
    dimension('consumer'),
    dimension('sdk'),
    column('duration_ms', 'f32', 'Float32'),
    ...ROW_ORIGIN,
  ],
  /** The denominator: calls per 10 s bucket and key; one row per block and key. */
  traffic: [
    column('ts', 'u32', "DateTime('UTC')"),
    dimension('provider'),
    dimension('service'),
    dimension('environment'),
    SIDE,
    dimension('route'),
    column('status_class', 'u8', enumOf(STATUS_CLASSES)),
    column('calls', 'u32', 'UInt32'),
    column('errors', 'u32', 'UInt32'),
    column('retries', 'u32', 'UInt32'),
    column('logical_calls', 'u32', 'UInt32'),
    ...BLOCK_ORIGIN,
  ],
  /** The last and the lowest reading per limit, service, consumer and 10 s. */
  quota_samples: [
    TS,
    dimension('provider'),
    { ...column('name', 'dimension', 'LowCardinality(String)'), dimension: 'quota' as const },
    dimension('service'),
    dimension('environment'),
    dimension('consumer'),
    column('limit', 'nullable_u64', 'Nullable(UInt64)'),
    column('remaining', 'nullable_u64', 'Nullable(UInt64)'),
    column('reset', 'nullable_u64', "Nullable(DateTime64(3, 'UTC'))"),
    ...BLOCK_ORIGIN,
  ],
} as const satisfies Record<string, readonly ColumnSpec[]>

export type TableName = keyof typeof TABLES
export const TABLE_NAMES = Object.keys(TABLES) as TableName[]
