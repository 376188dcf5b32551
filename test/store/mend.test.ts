import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TABLE_NAMES } from '../../services/contract/tables.ts'
import { blockStore } from '../../services/store/blocks/block-store.ts'
import { insertBlock } from '../../services/store/blocks/insert.ts'
import { mend } from '../../services/store/blocks/mend.ts'
import { soleWriter } from '../../services/store/turns/writers.ts'
import { retentionOf } from '../../services/store/upkeep/retention.ts'
import { blockOf, type Content, SMALL } from './block-of.ts'
import { ledgerMustBe, ledgerOf } from './ledger.ts'
import { checkOf, temporaryStore } from './temp-store.ts'

// Each test breaks the store in one of the ways in which a killed engine could leave it, replays the block that was
// under way as the consumer does (the same insert again, then a second look), and compares everything with before.

const store = await temporaryStore()
const { client } = store
afterAll(async () => {
  await store.close()
  store.remove()
})

const DAYS = ['2026-11-19', '2026-11-20']
const of = (seed: number): Content => ({ ...SMALL, seed, days: DAYS })
const settled = blockOf('journal', 0, [of(1), of(2)])
// As many rows on one day as on the other: what is lost here and doubled there must not even out.
const doubtful = blockOf('journal', 2, [of(4), of(5)])
const OF_DOUBTFUL = 'origin_offset >= 2'

const DERIVED = [
  ...['10s', 'minute', 'hour', 'day'].flatMap((step) => [`errors_by_${step}`, `traffic_by_${step}`]),
  'codes_by_minute',
  'codes_by_hour',
  'codes',
  'requests',
]

/** Every table by what is in it, however its rows are merged. */
async function content(): Promise<Record<string, unknown>> {
  const all = [...TABLE_NAMES, ...DERIVED].map((table) => {
    const merged = /_by_|^codes$/.test(table) ? 'FINAL' : ''
    const columns = table === 'codes_by_hour' || table === 'codes' ? COMPARABLE : []
    const rows = `SELECT * ${columns.length > 0 ? `REPLACE (${columns.join(', ')})` : ''} FROM ${table} ${merged}`
    return `SELECT '${table}' AS table, count() AS rows, toString(sum(sipHash64(*))) AS sum FROM (${rows})`
  })
  const found = await client.query(all.join(' UNION ALL '))
  return Object.fromEntries(found.map(({ table, ...said }) => [table, said]))
}
const COMPARABLE = [
  // States are compared by what they say: their bytes depend on the order in which they were merged.
  ...['first_service', 'first_version', 'consumers'].map((name) => `finalizeAggregation(${name}) AS ${name}`),
  'arraySort(services) AS services',
  // Request ids are distinct within an insert only, and a day is rebuilt as one.
  '0 AS requests',
]

let before: Record<string, unknown>
beforeAll(async () => {
  for (const block of [settled, doubtful]) await store.insert(block)
  expect(await ledgerOf(client.query)).toEqual(await ledgerMustBe(client.query, [settled, doubtful]))
  before = await content()
})
const exact = async () => expect(await content()).toEqual(before)
/** What a crash leads to: the insert once more under its token, then the second look. */
const replay = async () => {
  await store.insert(doubtful)
  await store.mend(doubtful)
}

/** Rows vanish from this table alone: the views have done their work already. */
const lose = (table: string, where: string) => swap(table, `SELECT * FROM ${table} WHERE NOT (${where})`)
/** Rows are there twice in this table alone. */
const double = (table: string, where: string) =>
  swap(table, `SELECT * FROM ${table} UNION ALL SELECT * FROM ${table} WHERE ${where}`)

async function swap(table: string, rows: string): Promise<void> {
  await client.command(`CREATE TABLE other AS ${table}`)
  await client.command(`INSERT INTO other SETTINGS insert_deduplicate = 0, optimize_on_insert = 0 ${rows}`)
  const partitions = await client.query(
    `SELECT DISTINCT partition_id AS id FROM system.parts WHERE active AND database = currentDatabase() AND table = '${table}'`,
  )
  for (const { id } of partitions)
    await client.command(
      `ALTER TABLE ${table} REPLACE PARTITION ID '${String(id)}' FROM other SETTINGS allow_replace_partition_from_empty_source = 1`,
    )
  await client.command('DROP TABLE other SYNC')
}
const on = (day: string) => `toDate(ts) = '${day}'`
const [ONE, OTHER] = DAYS as [string, string]

describe('nothing is wrong', () => {
  test('nothing is done', async () => {
    await replay()
    await exact()
    expect(store.notices).toEqual([])
  })
})

describe('the base tables', () => {
  test('have lost the block', async () => {
    for (const table of TABLE_NAMES) await lose(table, OF_DOUBTFUL)
    await replay()
    await exact()
  })
  test('have it twice', async () => {
    for (const table of TABLE_NAMES) await double(table, OF_DOUBTFUL)
    await replay()
    await exact()
  })
  test('have one day of it twice and the other not at all', async () => {
    for (const table of TABLE_NAMES) {
      await double(table, `${OF_DOUBTFUL} AND ${on(ONE)}`)
      await lose(table, `${OF_DOUBTFUL} AND ${on(OTHER)}`)
    }
    await replay()
    await exact()
  })
  test('and everything below them have the block twice', async () => {
    for (const table of TABLE_NAMES)
      expect((await insertBlock(client, table, doubtful.native(table), 'once-more')).status).toBe('done')
    await replay()
    await exact()
  })
  test('and everything below them have never seen it', async () => {
    for (const table of [...TABLE_NAMES, ...DERIVED]) await client.command(`TRUNCATE TABLE ${table}`)
    for (const table of TABLE_NAMES)
      expect((await insertBlock(client, table, settled.native(table), 'anew')).status).toBe('done')
    await replay()
    await exact()
  })
})

describe('the tables that views feed', () => {
  test('have lost a day', async () => {
    for (const table of DERIVED) await lose(table, on(OTHER))
    await replay()
    await exact()
  })
  test('have a day twice', async () => {
    for (const table of DERIVED) await double(table, on(ONE))
    await replay()
    await exact()
  })
  test('have lost everything', async () => {
    for (const table of DERIVED) await client.command(`TRUNCATE TABLE ${table}`)
    await replay()
    await exact()
  })
  test('differ from the third in a row of views on', async () => {
    await lose('errors_by_hour', on(ONE))
    await double('errors_by_day', on(ONE))
    await replay()
    await exact()
  })
  test('hold what no base table knows of', async () => {
    await client.command(
      `INSERT INTO errors_by_hour SELECT * REPLACE ('NEVER_SEEN' AS code) FROM errors_by_hour WHERE ${on(ONE)} LIMIT 1`,
    )
    await replay()
    await exact()
  })
  test('have ids of errors twice and as many of attempts not at all', async () => {
    const ids = (source: string) =>
      `SELECT h FROM requests WHERE ${on(ONE)} AND source = '${source}' GROUP BY h HAVING count() = 1 ORDER BY h LIMIT 20`
    await double('requests', `${on(ONE)} AND source = 'errors' AND h IN (${ids('errors')})`)
    await lose('requests', `${on(ONE)} AND source = 'attempts' AND h IN (${ids('attempts')})`)
    await replay()
    await exact()
  })
})

test('what is put back leaves days alone that have expired', async () => {
  // Counted from the day after the newest: the newest alone is kept.
  const keepsOther = retentionOf({ errors: 1, tenSeconds: 1, minutes: 1, hours: 40_000 })
  await lose('errors', `${OF_DOUBTFUL} AND ${on(OTHER)}`)
  const { status } = await blockStore(client, keepsOther, () => {}, soleWriter(client, store.directory)).mend(
    checkOf(doubtful),
  )
  expect(status).toBe('done')
  await exact()
})

test('a clock that is far ahead ends no promise: what retention keeps is mended', async () => {
  for (const table of ['errors', 'errors_by_minute', 'codes_by_hour']) await lose(table, on(OTHER))
  const month = retentionOf({ errors: 30, tenSeconds: 30, minutes: 30, hours: 396 })
  const ahead = Date.parse(OTHER) + 400 * 86_400_000
  for (const block of [settled, doubtful])
    await store.inTurn((alone) => mend(alone, checkOf(block), month, ahead))
  await exact()
})

test('a deletion that was cut off is waited for', async () => {
  // As a kill in the middle leaves it: registered, so that the engine goes on with it by itself.
  await client.command('SYSTEM STOP MERGES errors')
  await client.command(`ALTER TABLE errors DELETE WHERE ${OF_DOUBTFUL} SETTINGS mutations_sync = 0`)
  const mending = replay()
  const other = await store.embedded.connect()
  await other.command('SYSTEM START MERGES errors')
  await other.close()
  await mending
  await exact()
})

test.each([0, 2, 3, 4, 5, 6, 8, 11])(
  'being killed after %i steps of mending costs nothing',
  async (steps) => {
    await lose('attempts', OF_DOUBTFUL)
    await double('errors_by_day', on(ONE))
    let left = steps
    const dying = {
      ...client,
      command: async (sql: string) => {
        if (left-- === 0) throw new Error('killed')
        await client.command(sql)
      },
    }
    const { status } = await blockStore(
      dying,
      store.retention,
      () => {},
      soleWriter(dying, store.directory),
    ).mend(checkOf(doubtful))
    expect(status).toBe('retry')
    await replay()
    await exact()
  },
)

test('a table that outlives its base is not rebuilt from a base that has lost the day', async () => {
  await lose('errors', `NOT (${OF_DOUBTFUL})`)
  for (const table of ['errors_by_hour', 'errors_by_day']) {
    await client.command(
      `INSERT INTO ${table} SELECT * REPLACE (1000000 AS count) FROM ${table} WHERE ${on(ONE)} LIMIT 1`,
    )
  }
  const short = retentionOf({ errors: 39_000, tenSeconds: 39_000, minutes: 39_000, hours: 40_000 })
  const told: string[] = []
  const outcome = await blockStore(
    client,
    short,
    (message) => told.push(message),
    soleWriter(client, store.directory),
  ).mend(checkOf(doubtful))
  expect(outcome.status).toBe('done')
  expect(told.join()).toContain('no crash explains')
  const [row] = await client.query(
    `SELECT (SELECT sum(count) FROM errors_by_hour) AS hours, (SELECT sum(count) FROM errors_by_day) AS days`,
  )
  expect(Number(row!.hours)).toBeGreaterThan(1_000_000)
  expect(Number(row!.days)).toBeGreaterThan(1_000_000)
})
