import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { blockStore } from '../../services/store/blocks/block-store.ts'
import type { Client } from '../../services/store/client.ts'
import { DERIVED } from '../../services/store/derived/derived.ts'
import { soleWriter } from '../../services/store/turns/writers.ts'
import { nothingUnsettled } from '../../services/store/upkeep/unsettled.ts'
import { createUpkeep } from '../../services/store/upkeep/upkeep.ts'
import { fillDisk, NO_SMALL_DISK, smallDisk } from '../small-disk.ts'
import { blockOf, SMALL } from './block-of.ts'
import { checkOf, KEEP, temporaryStore } from './temp-store.ts'

// Something else takes the last byte of the disk between two statements: whoever asked hears of it at once, and with
// room again everything adds up and the same is done when it is asked for again.

const DAYS = ['2026-11-19', '2026-11-20']
const disk = smallDisk(128)
const data = join(disk.directory, 'data')
const ballast = join(disk.directory, 'ballast')

describe('a disk that fills midway', async () => {
  if (!disk.mounted) {
    disk.remove()
    test('needs a disk of its own', ({ skip }) => skip(NO_SMALL_DISK))
    return
  }
  mkdirSync(join(data, 'journal'), { recursive: true })
  const store = await temporaryStore(data)
  const { client } = store
  afterAll(async () => {
    await store.close()
    disk.remove('lazily')
  })
  for (const seed of [1, 2])
    await store.insert(blockOf('journal', seed, [{ ...SMALL, seed, days: DAYS, errors: 300 }]))
  const rows = 600

  /** The store's client, and all upon it; before its statement of that number the disk gets full. */
  function filling(before: number, stored: () => Promise<boolean> = async () => true) {
    let left = before
    const upon: Client = {
      ...client,
      async command(sql) {
        if (left-- === 0) fillDisk(ballast)
        await client.command(sql)
      },
    }
    const writers = soleWriter(upon, data)
    const unsettled = nothingUnsettled(KEEP)
    const upkeep = createUpkeep({
      client: upon,
      stream: store.embedded.stream,
      inTurn: writers.inTurn,
      retention: KEEP,
      unsettled,
      embedded: { data, database: 'telltale' },
      incoming: async () => ({ between: { run: (work) => work() }, stored }),
    })
    onTestFinished(() => rmSync(ballast, { force: true }))
    return { upkeep, blocks: blockStore(upon, KEEP, () => {}, writers, unsettled), isFull: () => left < 0 }
  }

  async function expectExact() {
    const dates = DAYS.map((day) => `'${day}'`).join(', ')
    const by = (of: 'holds' | 'must') =>
      client.query(
        `SELECT * FROM (${DERIVED.map((derived) => {
          const ofAttempts = derived.table === 'requests' ? 'of_attempts' : '0 AS of_attempts'
          return `SELECT '${derived.table}' AS table, day, n, ${ofAttempts} FROM (${derived[of](dates)})`
        }).join(' UNION ALL ')}) ORDER BY table, day`,
      )
    const held = await by('holds')
    expect(held.length).toBe(DAYS.length * DERIVED.length)
    expect(held).toEqual(await by('must'))
    const [kept] = await client.query(
      'SELECT (SELECT count() FROM errors) + (SELECT sum(count) FROM errors_erased) AS n, (SELECT uniqExact(origin, origin_offset, origin_index) FROM errors) + (SELECT sum(count) FROM errors_erased) AS different',
    )
    expect(kept).toEqual({ n: rows, different: rows })
    // Verdicts, too, as the rows have them.
    const verdicts = (from: string) =>
      client.query(`SELECT retry, sum(n) AS n FROM (${from}) GROUP BY retry ORDER BY retry`)
    const ofRows = await verdicts(
      'SELECT retry, count() AS n FROM errors GROUP BY retry UNION ALL SELECT retry, sum(count) AS n FROM errors_erased GROUP BY retry',
    )
    const tables = ['errors_by_10s', 'errors_by_minute', 'errors_by_day', 'codes_by_hour', 'codes']
    const ofTables = await client.query(
      `SELECT * FROM (${tables.map((table) => `SELECT '${table}' AS table, retry, sum(count) AS n FROM ${table} GROUP BY retry`).join(' UNION ALL ')}) ORDER BY table, retry`,
    )
    for (const table of tables)
      expect(
        ofTables.filter((row) => row.table === table).map(({ retry, n }) => ({ retry, n })),
        table,
      ).toEqual(ofRows)
  }

  test('while what was reported before waits to be stored', async () => {
    const { upkeep } = filling(Number.POSITIVE_INFINITY, async () => {
      fillDisk(ballast)
      return new Promise(() => {})
    })
    await expect(upkeep.erase({ kind: 'consumer', value: 'acct_1' })).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/\d+ MiB more must be free/),
    })
  })

  const told = {
    code: 'disk_full',
    message: expect.stringMatching(/\d+ MiB more must be free\. .*Ask again for the rest/),
  }

  test('mending', { timeout: 120_000 }, async () => {
    const block = blockOf('journal', 2, [{ ...SMALL, seed: 2, days: DAYS, errors: 300 }])
    for (const before of [0, 3, 6]) {
      for (const table of ['attempts', 'traffic_by_hour'])
        await client.command(
          `ALTER TABLE ${table} DELETE WHERE toDate(ts) = '2026-11-20' SETTINGS mutations_sync = 2`,
        )
      const { blocks, isFull } = filling(before)
      const outcome = await blocks.mend(checkOf(block))
      expect(outcome, `before statement ${before}`).toMatchObject({ status: 'retry' })
      expect(isFull()).toBe(true)
      rmSync(ballast)
      expect(await blocks.mend(checkOf(block))).toEqual({ status: 'done' })
      await blocks.mend(checkOf(blockOf('journal', 1, [{ ...SMALL, seed: 1, days: DAYS, errors: 300 }])))
      await expectExact()
    }
  })

  test('reclassify', { timeout: 120_000 }, async () => {
    const [some] = await client.query(
      "SELECT provider, count() AS n FROM errors WHERE code != '_OTHER' GROUP BY provider ORDER BY n DESC LIMIT 1",
    )
    let turn = 0
    for (const before of [0, 2, 4, 12]) {
      const retry = turn++ % 2 === 0 ? ('never' as const) : ('backoff' as const)
      const what = {
        provider: String(some!.provider),
        from: new Date('2026-11-01'),
        verdict: () => ({ retry, retryable: false, standing: 'known', class: 'conflict' }) as const,
      }
      const { upkeep, isFull } = filling(before)
      await expect(upkeep.reclassify(what), `before statement ${before}`).rejects.toMatchObject(told)
      expect(isFull()).toBe(true)
      rmSync(ballast)
      expect((await upkeep.reclassify(what))!.left).toEqual([])
      await expectExact()
      const other = `provider = '${what.provider}' AND code != '_OTHER' AND retry != '${retry}'`
      expect(await client.query(`SELECT count() AS n FROM errors WHERE ${other}`)).toEqual([{ n: 0 }])
    }
  })

  test('erase', { timeout: 120_000 }, async () => {
    const consumers = await client.query(
      "SELECT consumer FROM errors WHERE consumer != '' GROUP BY consumer HAVING uniq(toDate(ts)) = 2 ORDER BY consumer",
    )
    const points = [0, 2, 4]
    expect(consumers.length).toBeGreaterThanOrEqual(points.length)
    for (const [index, before] of points.entries()) {
      const consumer = { kind: 'consumer', value: String(consumers[index]!.consumer) } as const
      const { upkeep, isFull } = filling(before)
      await expect(upkeep.erase(consumer), `before statement ${before}`).rejects.toMatchObject({
        code: 'disk_full',
      })
      expect(isFull()).toBe(true)
      rmSync(ballast)
      await upkeep.erase(consumer)
      await expectExact()
      expect(
        await client.query('SELECT count() AS n FROM errors WHERE consumer = {value:String}', {
          value: consumer.value,
        }),
      ).toEqual([{ n: 0 }])
    }
  })
})
