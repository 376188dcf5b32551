import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newRetentionCounters, startRetention } from '../../services/store/upkeep/keep.ts'
import { expire, rowsSince, shrink } from '../../services/store/upkeep/retention.ts'
import { blockOf, SMALL } from './block-of.ts'
import { temporaryStore } from './temp-store.ts'

const DAYS = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20']
const NOW = Date.parse('2026-11-20T12:00:00Z')
const block = blockOf('journal', 0, [{ ...SMALL, days: DAYS, errors: 400, attempts: 40, keys: 40 }])
const ROWS = ['errors', 'attempts', 'traffic', 'requests']
const COUNTS = ['errors_by_minute', 'traffic_by_hour', 'errors_by_day', 'codes']

const store = await temporaryStore()
const { client, inTurn } = store
beforeAll(() => store.insert(block))
afterAll(async () => {
  await store.close()
  store.remove()
})
const daysOf = async (table: string) =>
  (await client.query(`SELECT DISTINCT toString(toDate(ts)) AS day FROM ${table} ORDER BY day`)).map(
    ({ day }) => day,
  )
const bytes = async (where = '1') => {
  const [row] = await client.query(
    `SELECT sum(bytes_on_disk) AS n FROM system.parts WHERE active AND database = currentDatabase() AND ${where}`,
  )
  return Number(row!.n)
}
const expectDays = async (tables: string[], days: string[]) => {
  for (const table of tables) expect([table, await daysOf(table)]).toEqual([table, days])
}

describe('a store that outgrows its disk', () => {
  test('is left alone up to the limit', async () => {
    expect(await shrink(client, inTurn, await bytes(), NOW)).toMatchObject({
      isEnough: true,
      dropped: { partitions: [] },
    })
    await expectDays(ROWS, DAYS)
  })

  test('loses its oldest day of rows, and none of its counts', async () => {
    const { isEnough, dropped } = await shrink(client, inTurn, (await bytes()) - 1, NOW)
    expect(isEnough).toBe(true)
    expect(dropped.partitions).toContain('errors 20261117')
    expect(dropped.bytes).toBeGreaterThan(0)
    await expectDays(ROWS, DAYS.slice(1))
    await expectDays(COUNTS, DAYS)
  })

  test('loses as many days as it takes', async () => {
    const oldest = await bytes(
      "partition_id = '20261118' AND table IN ('errors', 'attempts', 'traffic', 'quota_samples', 'requests')",
    )
    await shrink(client, inTurn, (await bytes()) - oldest - 1, NOW)
    await expectDays(ROWS, DAYS.slice(3))
    await expectDays(COUNTS, DAYS)
  })

  test('is not mended back to what it was: no row returns, no count goes', async () => {
    const counts = async () =>
      (
        await client.query(
          'SELECT (SELECT sum(count) FROM errors_by_minute) AS errors, (SELECT sum(calls) FROM traffic_by_hour) AS calls',
        )
      )[0]
    const before = await counts()
    await store.mend(block)
    await expectDays(ROWS, DAYS.slice(3))
    expect(await counts()).toEqual(before)
    expect(store.notices).toEqual([])
  })

  test('never loses today, and says that this is not enough', async () => {
    expect(await shrink(client, inTurn, 1, NOW)).toMatchObject({
      isEnough: false,
      dropped: { partitions: [] },
    })
    await expectDays(ROWS, DAYS.slice(3))
  })

  test('lets go again of rows that come late for a day that went', async () => {
    await store.insert(blockOf('journal', 1, [{ ...SMALL, seed: 7, days: DAYS }]))
    await expectDays(['errors'], DAYS)
    await expire(client, inTurn, store.retention, NOW)
    await expectDays(ROWS, DAYS.slice(3))
  })

  test('was killed between the note and the deed: the next process does it', async () => {
    await client.command("INSERT INTO rows_since (at, since) VALUES (now64(3), '2026-11-21')")
    expect(await rowsSince(client)).toBe(Date.parse('2026-11-21') / 86_400_000)
    await expire(client, inTurn, store.retention, NOW)
    await expectDays(ROWS, [])
    await expectDays(COUNTS, DAYS)
  })
})

test('what was dropped is counted and logged, and what is too large is said once', async () => {
  await client.command('TRUNCATE TABLE rows_since')
  await store.insert(blockOf('journal', 2, [{ ...SMALL, seed: 9, days: DAYS }]))
  const said: string[] = []
  const counters = newRetentionCounters()
  const say = (_details: object, message: string) => void said.push(message)
  const stop = await startRetention({
    client,
    inTurn,
    retention: store.retention,
    diskBytes: 1,
    counters,
    now: () => NOW + 86_400_000,
    log: { info: say, warn: say, error: say },
  })
  await stop()
  expect(counters.partitions).toEqual({ time: 0, disk: 5 * DAYS.length })
  expect(counters.bytes.disk).toBeGreaterThan(0)
  expect(said).toEqual([
    'oldest days of rows dropped to keep to retention.disk_bytes',
    expect.stringContaining('larger than retention.disk_bytes'),
  ])
})
