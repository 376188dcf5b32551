import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Session } from 'chdb'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { Block } from '../../services/consumer/block.ts'
import type { FixedColumn, RowTable, TextColumn } from '../../services/consumer/columns/column.ts'
import { Payload } from '../../services/consumer/columns/payload.ts'
import { createRecordEncoder } from '../../services/consumer/record.ts'
import { type ColumnSpec, type Dimension, TABLES, type TableName } from '../../services/contract/tables.ts'
import { OTHER, SIDES, STATUS_CLASSES } from '../../services/contract/vocabulary.ts'

// Whatever a payload holds must come out of the engine unchanged, through record, block and Native format.

const directory = mkdtempSync(join(tmpdir(), 'telltale-block-'))
const session = new Session(join(directory, 'db'))
for (const table of Object.keys(TABLES) as TableName[])
  session.query(
    `CREATE TABLE ${table} (${TABLES[table].map(({ name, type }) => `\`${name}\` ${type}`).join(', ')}) ENGINE = Memory`,
  )
afterAll(() => {
  session.close()
  rmSync(directory, { recursive: true, force: true })
})

type Value = string | number | bigint | boolean | null
type Row = Record<string, Value>
interface Call {
  bucket: number
  provider: string
  service: string
  environment: string
  route: string
  side: number
  statusClass: number
  errors: number
  retries: number
}

const NULL_32 = 0xffffffff
const names = [
  '',
  'a',
  'checkout',
  'RATE_LIMIT',
  "O'Hara; DROP TABLE",
  '<b>',
  '\n\n',
  'naïve €',
  '\u0000',
  '"x",',
]
const word = fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'grapheme', maxLength: 80 }))
const long = fc.oneof(word, fc.string({ minLength: 100, maxLength: 200 }))
const hex = (bytes: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 2 * bytes, maxLength: 2 * bytes })

const carried = (table: RowTable): ColumnSpec[] =>
  TABLES[table].filter(({ kind }) => !['origin', 'origin_offset', 'origin_end'].includes(kind))

function anyValue({ name, kind, type }: ColumnSpec): fc.Arbitrary<Value> {
  if (type.startsWith('Enum8'))
    return fc.constantFrom(...[...type.matchAll(/'(\w+)' = /g)].map((match) => match[1]!))
  if (type === 'Bool') return fc.boolean()
  if (name === 'ts') return fc.bigInt({ min: 946_684_800_000_000_000n, max: 1_900_000_000_000_000_000n })
  if (kind === 'dimension') return word
  if (kind === 'text') return long
  if (kind === 'u16') return fc.integer({ min: 0, max: 65_535 })
  if (kind === 'u32') return fc.integer({ min: 0, max: NULL_32 })
  if (kind === 'f32') return fc.float({ noNaN: true, noDefaultInfinity: true, min: 0 })
  if (kind === 'bytes8') return hex(8)
  if (kind === 'bytes16') return hex(16)
  if (kind === 'nullable_u32') return fc.option(fc.integer({ min: 0, max: NULL_32 - 1 }))
  return fc.option(fc.bigInt({ min: 0n, max: 2_000_000_000_000n }))
}

const rowOf = (table: RowTable) =>
  fc.record(Object.fromEntries(carried(table).map((spec) => [spec.name, anyValue(spec)])))
const call: fc.Arbitrary<Call> = fc.record({
  bucket: fc.integer({ min: 100_000_000, max: 100_000_006 }).map((tens) => tens * 10),
  provider: word,
  service: word,
  environment: fc.constantFrom('', 'production'),
  route: word,
  side: fc.integer({ min: 0, max: 1 }),
  statusClass: fc.integer({ min: 0, max: 7 }),
  errors: fc.integer({ min: 0, max: 1 }),
  retries: fc.integer({ min: 0, max: 1 }),
})
const content = fc.record({
  errors: fc.array(rowOf('errors'), { maxLength: 8 }),
  attempts: fc.array(rowOf('attempts'), { maxLength: 3 }),
  quota_samples: fc.array(rowOf('quota_samples'), { maxLength: 3 }),
  calls: fc.array(call, { maxLength: 20 }),
})

const encode = createRecordEncoder()

function toRecord(from: { calls: Call[] } & Record<RowTable, Row[]>, cardinality: number): Buffer {
  const payload = new Payload(cardinality)
  payload.reset()
  const { dictionaries } = payload
  for (const rows of [payload.errors, payload.attempts, payload.quotaSamples])
    for (const row of from[rows.table]) {
      const at = rows.reserve(1)
      for (const spec of carried(rows.table))
        write(spec, rows.column(spec.name), at, row[spec.name]!, payload)
    }
  for (const {
    bucket,
    provider,
    service,
    environment,
    route,
    side,
    statusClass,
    errors,
    retries,
  } of from.calls)
    payload.traffic.add(
      bucket,
      dictionaries.provider.internText(provider),
      dictionaries.service.internText(service),
      dictionaries.environment.internText(environment),
      dictionaries.route.internText(route),
      side,
      statusClass,
      1,
      errors,
      retries,
    )
  return Buffer.from(encode(payload))
}

function write(
  spec: ColumnSpec,
  column: FixedColumn | TextColumn,
  at: number,
  value: Value,
  payload: Payload,
): void {
  if (spec.kind === 'text') {
    ;(column as TextColumn).appendText(value as string)
    return
  }
  const { u8, u16, u32, f32 } = column as FixedColumn
  if (spec.type.startsWith('Enum8'))
    u8[at] = Number(spec.type.split(`'${String(value)}' = `)[1]!.split(/[,)]/)[0])
  else if (spec.kind === 'dimension')
    u16[at] = payload.dictionaries[spec.dimension as Dimension].internText(value as string)
  else if (spec.kind === 'u8') u8[at] = Number(value)
  else if (spec.kind === 'u16') u16[at] = Number(value)
  else if (spec.kind === 'f32') f32[at] = Number(value)
  else if (spec.kind === 'bytes8') u8.set(Buffer.from(value as string, 'hex'), at * 8)
  else if (spec.kind === 'bytes16') u8.set(Buffer.from(value as string, 'hex'), at * 16)
  else if (spec.kind === 'u32' || spec.kind === 'nullable_u32')
    u32[at] = value === null ? NULL_32 : Number(value)
  else {
    const wide = value === null ? 0xffff_ffff_ffff_ffffn : BigInt(value as bigint)
    u32[2 * at] = Number(wide & 0xffffffffn)
    u32[2 * at + 1] = Number(wide >> 32n)
  }
}

/** The table as the engine has it after the block was inserted, in the order of insertion. */
function readBack(block: Block, table: TableName): Row[] {
  if (!block.tables.includes(table)) return []
  const file = join(directory, `${table}.native`)
  writeFileSync(file, Buffer.concat(block.native(table)))
  const structure = TABLES[table]
    .map(({ name, type }) => `\`${name}\` ${type.replaceAll("'", "\\'")}`)
    .join(', ')
  session.query(`TRUNCATE TABLE ${table}`)
  session.query(`INSERT INTO ${table} SELECT * FROM file('${file}', 'Native', '${structure}')`)
  const columns = TABLES[table].map(({ name, kind, type }) => {
    if (kind === 'bytes8' || kind === 'bytes16') return `lower(hex(\`${name}\`)) AS \`${name}\``
    if (type.includes('DateTime64(9')) return `toString(toUnixTimestamp64Nano(\`${name}\`)) AS \`${name}\``
    if (type.includes('DateTime64(3')) return `toString(toUnixTimestamp64Milli(\`${name}\`)) AS \`${name}\``
    if (type.startsWith('DateTime')) return `toUnixTimestamp(\`${name}\`) AS \`${name}\``
    return `\`${name}\``
  })
  const answer = session.query(
    `SELECT ${columns.join(', ')} FROM ${table} SETTINGS output_format_json_quote_64bit_integers = 1, max_threads = 1 FORMAT JSONEachRow`,
  )
  return answer
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row)
}

const clip = (text: string): string => {
  const bytes = Buffer.from(text)
  return bytes.length <= 256
    ? text
    : bytes
        .subarray(0, 256)
        .toString()
        .replace(/\ufffd+$/, '')
}

function expectedRow(spec: ColumnSpec, value: Value): Value {
  if (value === null || typeof value === 'boolean') return value
  if (spec.kind === 'bytes8' || spec.kind === 'bytes16') return value
  if (spec.kind === 'u64' || spec.kind === 'nullable_u64') return String(value)
  if (spec.kind === 'dimension') return clip(value as string)
  if (spec.kind === 'f32') return Math.fround(value as number)
  return typeof value === 'string' ? value.toWellFormed() : value
}

describe('record, block and Native format', () => {
  test('what payloads hold comes back from the engine unchanged, with its origin', () => {
    fc.assert(
      fc.property(
        fc.array(content, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 1e6 }),
        (payloads, first) => {
          const block = new Block('inline:test', 10_000)
          block.reset(first)
          for (const [i, payload] of payloads.entries()) block.add(first + i, toRecord(payload, 10_000))
          for (const table of ['errors', 'attempts', 'quota_samples'] as const) {
            const got = readBack(block, table)
            const want = payloads.flatMap((payload, i) =>
              payload[table].map((row) => ({ row, offset: first + i })),
            )
            expect(got.length).toBe(want.length)
            for (const [i, { row, offset }] of want.entries()) {
              for (const spec of carried(table)) {
                const got32 =
                  spec.kind === 'f32' ? Math.fround(got[i]![spec.name] as number) : got[i]![spec.name]
                expect(got32, spec.name).toEqual(expectedRow(spec, row[spec.name]!))
              }
              expect(got[i]!.origin).toBe('inline:test')
              expect(got[i]!.origin_offset).toBe(String(table === 'quota_samples' ? first : offset))
              if (table === 'quota_samples') expect(got[i]!.origin_end).toBe(String(first + payloads.length))
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('traffic of many payloads is one row a key, and its sums are those of the calls', () => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (payloads) => {
        const block = new Block('inline:test', 10_000)
        block.reset(7)
        for (const [i, payload] of payloads.entries()) block.add(7 + i, toRecord(payload, 10_000))
        const want = new Map<string, number[]>()
        for (const call of payloads.flatMap(({ calls }) => calls)) {
          const { bucket, provider, service, environment, route, side, statusClass, errors, retries } = call
          const key = JSON.stringify([
            bucket,
            ...[provider, service, environment, route].map((text) => clip(text.toWellFormed())),
            SIDES[side],
            STATUS_CLASSES[statusClass],
          ])
          const sums = want.get(key) ?? [0, 0, 0, 0]
          want.set(key, [sums[0]! + 1, sums[1]! + errors, sums[2]! + retries, sums[3]! + 1 - retries])
        }
        const got = readBack(block, 'traffic').map((row) => [
          JSON.stringify([
            row.ts,
            row.provider,
            row.service,
            row.environment,
            row.route,
            row.side,
            row.status_class,
          ]),
          [row.calls, row.errors, row.retries, row.logical_calls],
        ])
        expect(new Map(got as [string, number[]][])).toEqual(want)
        expect(got.length).toBe(want.size)
        expect(block.expected('traffic').calls).toBe(payloads.flatMap(({ calls }) => calls).length)
      }),
      { numRuns: 60 },
    )
  })

  test('past a column’s limit new values become _OTHER, in the record and again in the block', () => {
    const calls = (from: number): Call[] =>
      Array.from({ length: 30 }, (_, i) => ({
        bucket: 1_000_000_000,
        provider: 'p',
        service: `service-${from + i}`,
        environment: '',
        route: '/',
        side: 0,
        statusClass: 2,
        errors: 0,
        retries: 0,
      }))
    const none = { errors: [], attempts: [], quota_samples: [] }
    const block = new Block('inline:test', 40)
    block.reset(0)
    block.add(0, toRecord({ ...none, calls: calls(0) }, 40))
    block.add(1, toRecord({ ...none, calls: calls(20) }, 40))
    const rows = readBack(block, 'traffic')
    expect(rows.length).toBe(41)
    expect(rows.find(({ service }) => service === OTHER)?.calls).toBe(10)
    expect(block.overflowed).toBe(10)
  })

  test('the same records give the same bytes', () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 3 }), (payloads) => {
        const records = payloads.map((payload) => toRecord(payload, 100))
        const [one, two] = [new Block('o', 100), new Block('o', 100)]
        two.reset(900)
        two.add(900, toRecord({ errors: [], attempts: [], quota_samples: [], calls: [] }, 100))
        for (const block of [one, two]) {
          block.reset(5)
          for (const [i, record] of records.entries()) block.add(5 + i, record)
        }
        for (const table of Object.keys(TABLES) as TableName[])
          expect(Buffer.concat(one.native(table)).equals(Buffer.concat(two.native(table)))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})
