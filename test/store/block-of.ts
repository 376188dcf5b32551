import { Block } from '../../services/consumer/block.ts'
import type { FixedColumn, TextColumn } from '../../services/consumer/columns/column.ts'
import { Payload } from '../../services/consumer/columns/payload.ts'
import { createRecordEncoder } from '../../services/consumer/record.ts'

/** What a record is made of; the same content always gives the same bytes. */
export interface Content {
  /** Where its randomness begins. */
  seed: number
  /** The days its rows lie in, as `2026-11-21`; rows go round them. */
  days: string[]
  errors: number
  attempts: number
  samples: number
  /** Distinct keys of traffic, each with a call for every number below its own. */
  keys: number
}

export const SMALL: Content = { seed: 1, days: ['2026-11-20'], errors: 40, attempts: 6, samples: 4, keys: 5 }

const PROVIDERS = ['session-api', 'wallet-gateway', 'shop']
const SERVICES = ['checkout', 'billing', 'search']
const CODES = ['RATE_LIMIT', 'TIMEOUT', 'DECLINED', '', 'NO_SUCH_THING']
const encode = createRecordEncoder()

/** A record with rows in every table. */
function recordOf({ seed, days, errors, attempts, samples, keys }: Content): Buffer {
  const payload = new Payload(1000)
  payload.reset()
  const { dictionaries } = payload
  const random = generator(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const starts = days.map((day) => Date.parse(day))
  const timeOf = (row: number) => BigInt(starts[row % starts.length]! + below(86_400_000)) * 1_000_000n + 7n

  for (const [rows, count] of [
    [payload.errors, errors],
    [payload.attempts, attempts],
    [payload.quotaSamples, samples],
  ] as const) {
    rows.reserve(count)
    for (let row = 0; row < count; row++) {
      const side = below(2)
      const column = (name: string) => rows.column(name)
      const wide = (name: string, value: bigint) => {
        const { u32 } = column(name) as FixedColumn
        u32[2 * row] = Number(value & 0xffff_ffffn)
        u32[2 * row + 1] = Number(value >> 32n)
      }
      const word = (name: keyof typeof dictionaries, value: string) => {
        const owner = name === 'quota' ? 'name' : name
        ;(column(owner) as FixedColumn).u16[row] = dictionaries[name].internText(value)
      }
      wide('ts', timeOf(row))
      word('provider', PROVIDERS[below(3)]!)
      word('service', SERVICES[below(3)]!)
      word('environment', below(4) === 0 ? 'staging' : 'production')
      word('consumer', below(3) === 0 ? '' : `acct_${below(9)}`)
      if (rows.table === 'quota_samples') {
        word('quota', 'requests per minute')
        wide('limit', 1000n)
        wide('remaining', BigInt(below(1000)))
        wide('reset', 0xffff_ffff_ffff_ffffn)
        continue
      }
      const bytes = (name: string, length: number, empty: boolean) => {
        const { u8 } = column(name) as FixedColumn
        for (let i = 0; i < length; i++) u8[row * length + i] = empty ? 0 : 1 + below(255)
      }
      const write = (name: string, value: string) => (column(name) as TextColumn).appendText(value)
      ;(column('side') as FixedColumn).u8[row] = side
      ;(column('status') as FixedColumn).u16[row] = [429, 504, 402, 500, 418][below(5)]!
      ;(column('attempt') as FixedColumn).u16[row] = below(3)
      ;(column('duration_ms') as FixedColumn).f32[row] = below(1000)
      word('service_version', `1.${below(3)}`)
      word('route', '/orders/{id}')
      word('method', 'GET')
      word('server_address', 'api.session.example')
      word('sdk', 'nodejs/2.1.0')
      write('request_id', below(5) === 0 ? '' : `req_${seed}_${rows.table}_${row}`)
      write('other_request_ids', below(8) === 0 ? `other_${seed}_${row}\nthird_${seed}_${row}` : '')
      write('call_id', below(3) === 0 ? `call_${seed}_${row}` : '')
      bytes('trace_id', 16, below(6) === 0)
      bytes('span_id', 8, false)
      bytes('parent_span_id', 8, below(2) === 0)
      if (rows.table === 'attempts') continue
      const code = below(CODES.length)
      word('code', CODES[code]!)
      ;(column('retry') as FixedColumn).u8[row] = code
      ;(column('retryable') as FixedColumn).u8[row] = code % 2
      ;(column('standing') as FixedColumn).u8[row] = code
      ;(column('class') as FixedColumn).u8[row] = code
      ;(column('kind') as FixedColumn).u8[row] = 2 + side
      ;(column('retry_after_ms') as FixedColumn).u32[row] = below(2) === 0 ? 0xffff_ffff : below(5000)
      write('message', `it's broken; SELECT "1"\n\n${row}`)
    }
    if (rows.table !== 'quota_samples')
      for (let row = 0; row < count; row++) (rows.column('origin_index') as FixedColumn).u32[row] = row
  }
  for (let key = 0; key < keys; key++) {
    const word = (name: 'provider' | 'service' | 'environment' | 'route', value: string) =>
      dictionaries[name].internText(value)
    payload.traffic.add(
      starts[key % starts.length]! / 1000 + 10 * below(8640),
      word('provider', PROVIDERS[key % 3]!),
      word('service', SERVICES[below(3)]!),
      word('environment', 'production'),
      word('route', `/route/${key}`),
      below(2),
      2 + below(4),
      1 + key,
      below(1 + key),
      below(1 + key),
    )
  }
  return Buffer.from(encode(payload))
}

/** A block of records, the first at `first`. */
export function blockOf(origin: string, first: number, contents: Content[]): Block {
  const block = new Block(origin, 1000)
  block.reset(first)
  for (const [i, content] of contents.entries()) block.add(first + i, recordOf(content))
  return block
}

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
