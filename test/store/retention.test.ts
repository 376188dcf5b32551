import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newRetentionCounters, startRetention } from '../../services/store/upkeep/keep.ts'
import { expire, isBefore, oldestDay, retentionOf } from '../../services/store/upkeep/retention.ts'
import { blockOf, SMALL } from './block-of.ts'
import { ledgerOf } from './ledger.ts'
import { temporaryStore } from './temp-store.ts'

const DEFAULTS = retentionOf({ errors: 30, tenSeconds: 1, minutes: 30, hours: 396 })
const NOW = Date.parse('2026-11-21T00:00:05Z')

describe('which days are kept', () => {
  test.each([
    ['errors', '20261022', false],
    ['errors', '20261021', true],
    ['requests', '20261021', true],
    ['attempts', '20261021', true],
    ['traffic', '20261021', true],
    ['quota_samples', '20261021', true],
    ['errors_by_10s', '20261120', false],
    ['errors_by_10s', '20261119', true],
    ['traffic_by_minute', '20261021', true],
    ['errors_by_hour', '20251021', false],
    ['codes_by_hour', '20251020', true],
    ['errors_by_day', '197001', false],
    ['codes', '197001', false],
    ['alerts', 'all', false],
    ['tokens', 'all', false],
  ])('%s of %s is expired: %s', (table, partition, expired) => {
    expect(isBefore(oldestDay(DEFAULTS, table, NOW), partition)).toBe(expired)
  })

  test('a table that keeps everything has no oldest day', () => {
    expect(oldestDay(DEFAULTS, 'codes', NOW)).toBe(0)
  })
})

describe('expiring', () => {
  const DAYS = ['2025-09-01', '2026-10-21', '2026-10-22', '2026-11-19', '2026-11-21']
  let store: Awaited<ReturnType<typeof temporaryStore>>
  beforeAll(async () => {
    store = await temporaryStore()
    await store.insert(blockOf('journal', 0, [{ ...SMALL, days: DAYS, errors: 50, attempts: 10, keys: 10 }]))
  })
  afterAll(async () => {
    await store.close()
    store.remove()
  })
  const daysOf = async (table: string) =>
    (await store.client.query(`SELECT DISTINCT toString(toDate(ts)) AS day FROM ${table} ORDER BY day`)).map(
      ({ day }) => day,
    )

  test('drops whole days, of rows and of what was counted of them', async () => {
    const { dropped } = await expire(store.client, store.inTurn, DEFAULTS, NOW)
    expect(dropped.partitions).toContain('errors 20250901')
    expect(dropped.bytes).toBeGreaterThan(0)
    for (const table of [
      'errors',
      'attempts',
      'traffic',
      'requests',
      'errors_by_minute',
      'traffic_by_minute',
    ])
      expect([table, await daysOf(table)]).toEqual([table, DAYS.slice(2)])
    for (const table of ['errors_by_10s', 'traffic_by_10s'])
      expect([table, await daysOf(table)]).toEqual([table, DAYS.slice(4)])
    for (const table of ['errors_by_hour', 'traffic_by_hour', 'codes_by_hour'])
      expect([table, await daysOf(table)]).toEqual([table, DAYS.slice(1)])
    for (const table of ['errors_by_day', 'traffic_by_day', 'codes'])
      expect([table, await daysOf(table)]).toEqual([table, DAYS])
  })

  test('has nothing to do a second time', async () => {
    const before = await ledgerOf(store.client.query)
    expect(await expire(store.client, store.inTurn, DEFAULTS, NOW)).toEqual({
      dropped: { partitions: [], bytes: 0 },
      daysAhead: 0,
    })
    expect(await ledgerOf(store.client.query)).toEqual(before)
  })
})

describe('a clock that is 40 days ahead', () => {
  const AHEAD = NOW + 40 * 86_400_000
  const DAYS = ['2026-10-21', '2026-10-22', '2026-10-23', '2026-11-20', '2026-11-21']
  let store: Awaited<ReturnType<typeof temporaryStore>>
  beforeAll(async () => {
    store = await temporaryStore()
    await store.insert(blockOf('journal', 0, [{ ...SMALL, days: DAYS, errors: 50 }]))
  })
  afterAll(async () => {
    await store.close()
    store.remove()
  })
  const days = async () =>
    (await store.client.query('SELECT DISTINCT toString(toDate(ts)) AS day FROM errors ORDER BY day')).map(
      ({ day }) => day,
    )
  const start = async (now: number) => {
    const said: [unknown, string][] = []
    const stop = await startRetention({
      client: store.client,
      inTurn: store.inTurn,
      retention: DEFAULTS,
      diskBytes: undefined,
      counters: newRetentionCounters(),
      now: () => now,
      log: { info: () => {}, warn: (...line) => said.push(line), error: (...line) => said.push(line) },
    })
    await stop()
    return said
  }

  test('drops only what is too old beside the newest row, and says so', async () => {
    expect(await start(AHEAD)).toEqual([[{ days: 39 }, expect.stringContaining('check the clock')]])
    // As on the day after the newest.
    expect(await days()).toEqual(DAYS.slice(2))
  })

  test('of a day or two nobody is told: there may have been nothing to report', async () => {
    expect(await start(NOW + 2 * 86_400_000)).toEqual([])
    expect(await days()).toEqual(DAYS.slice(2))
  })

  test('counts on once something newer is stored', async () => {
    await store.insert(blockOf('journal', 1, [{ ...SMALL, seed: 5, days: ['2026-12-31'] }]))
    expect(await start(AHEAD)).toEqual([])
    expect(await days()).toEqual(['2026-12-31'])
  })
})
