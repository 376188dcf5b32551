import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ErrorRow, errors } from '../../services/store/queries/errors.ts'
import type { RowFilter } from '../../services/store/queries/row-filter.ts'
import type { ErrorPosition } from '../../services/store/queries/row-places.ts'
import { blockOf, SMALL } from './block-of.ts'
import { temporaryStore } from './temp-store.ts'

// Pages of rows, when a page may look at few of them: their places come from rollups and the index of ids.

const store = await temporaryStore()
const { query } = store.client
afterAll(async () => {
  await store.close()
  store.remove()
})
beforeAll(async () => {
  const days = ['2026-01-30', '2026-01-31']
  for (let i = 0; i < 2; i++)
    await store.insert(blockOf('journal', i, [{ ...SMALL, seed: i, days, errors: 700 }]))
})
const PERIOD = { from: new Date('2026-01-30T05:17:21Z'), to: new Date('2026-01-31T20:31:11Z') }

const FILTERS: [string, RowFilter][] = [
  ['', {}],
  ['a provider', { provider: 'session-api' }],
  ['a code of a service', { code: 'TIMEOUT', service: 'billing', environment: 'staging' }],
  ['a status', { status: 504, retryable: true }],
  ['what no rollup has', { consumer: 'acct_3' }],
  ['what a rollup has and what none has', { provider: 'shop', consumer: 'acct_3' }],
  ['nobody', { provider: 'nobody' }],
]

test.each(FILTERS)('%s', async (_, filter) => {
  for (const lookAt of [60, 1_000_000]) {
    const found: ErrorRow[] = []
    let after: ErrorPosition | undefined
    let pages = 0
    do {
      const { rows, next } = await errors(query, { ...PERIOD, limit: 90, after, ...filter }, lookAt)
      found.push(...rows)
      after = next ?? undefined
      expect(++pages).toBeLessThan(500)
    } while (after !== undefined)
    const names = Object.keys(filter) as (keyof RowFilter)[]
    const all = await query(
      `SELECT origin_offset, origin_index, ${['provider', ...names].join(', ')} FROM errors
       WHERE ts >= '2026-01-30 05:17:21' AND ts < '2026-01-31 20:31:11' ORDER BY ts DESC, origin DESC, origin_offset DESC, origin_index DESC`,
    )
    const truth = all.filter((row) => names.every((name) => row[name] === filter[name]))
    expect(found.map(({ origin_offset, origin_index }) => [origin_offset, origin_index])).toEqual(
      truth.map(({ origin_offset, origin_index }) => [origin_offset, origin_index]),
    )
  }
})

test('one id, of many rows too', async () => {
  await store.client.command(
    `INSERT INTO errors (ts, provider, request_id, origin_index) SELECT toDateTime64('2026-01-31 00:00:00', 9, 'UTC') + number * 7, 'session-api', 'always-the-same', number FROM numbers(700)`,
  )
  const found = new Set<number>()
  let after: ErrorPosition | undefined
  do {
    const page = await errors(query, { ...PERIOD, limit: 300, after, request_id: 'always-the-same' }, 1)
    for (const row of page.rows) found.add(row.origin_index)
    after = page.next ?? undefined
  } while (after !== undefined)
  expect(found.size).toBe(700)
})

test('rows of a day whose minutes were dropped before them', async () => {
  const filter = { provider: 'session-api' }
  const listed = async () => {
    const found: ErrorRow[] = []
    let after: ErrorPosition | undefined
    do {
      const { rows, next } = await errors(query, { ...PERIOD, limit: 1_000, after, ...filter })
      found.push(...rows)
      after = next ?? undefined
    } while (after !== undefined)
    return found
  }
  const before = await listed()
  await store.client.command("ALTER TABLE errors_by_minute DROP PARTITION '20260130'")
  await store.client.command("ALTER TABLE codes_by_minute DROP PARTITION '20260130'")
  expect(await listed()).toEqual(before)
  expect(before.some(({ ts }) => ts < '2026-01-31')).toBe(true)
})
