import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { soleWriter } from '../../services/store/turns/writers.ts'
import { erase, settleErasures } from '../../services/store/upkeep/erase.ts'
import { blockOf, SMALL } from './block-of.ts'
import { ledgerOf } from './ledger.ts'
import { temporaryStore } from './temp-store.ts'

const DAYS = ['2026-11-19', '2026-11-20']
const of = (seed: number) => ({ ...SMALL, seed, days: DAYS, errors: 120, attempts: 60, samples: 60 })
const before = blockOf('journal', 0, [of(1)])
const doubtful = blockOf('journal', 1, [of(2)])
const CONSUMER = 'acct_3'

const store = await temporaryStore()
const { client, inTurn } = store
beforeAll(async () => {
  for (const block of [before, doubtful]) await store.insert(block)
})
afterAll(async () => {
  await store.close()
  store.remove()
})

const one = async (sql: string, params?: Record<string, unknown>) =>
  Number((await client.query(`SELECT (${sql}) AS n`, params))[0]!.n)
const rowsOf = (consumer: string) =>
  one(
    ['errors', 'attempts', 'quota_samples']
      .map((table) => `(SELECT count() FROM ${table} WHERE consumer = '${consumer}')`)
      .join(' + '),
  )
/** Everything that is derived from errors and traffic, by what it says. */
async function counts() {
  const steps = ['10s', 'minute', 'hour', 'day']
  const sums = steps
    .flatMap((step) => [`errors_by_${step}`, `traffic_by_${step}`])
    .map(
      (table) =>
        `SELECT '${table}' AS table, count() AS rows, sum(sipHash64(*)) AS sum FROM (SELECT * FROM ${table} FINAL)`,
    )
  const said: Record<string, unknown> = {}
  for (const { table, ...sum } of await client.query(sums.join(' UNION ALL '))) said[String(table)] = sum
  expect(Object.keys(said).length).toBe(sums.length)
  for (const table of ['codes', 'codes_by_hour'])
    said[table] = await client.query(
      `SELECT ts, provider, code, status, retry, side, sum(count) AS n, min(first_seen) AS first, max(last_seen) AS last,
         argMinMerge(first_service) AS service, argMinMerge(first_version) AS version, uniqHLL12IfMerge(consumers) AS consumers,
         arraySort(groupUniqArrayArray(services)) AS services
       FROM ${table} GROUP BY ts, provider, code, status, retry, side ORDER BY ALL`,
    )
  return said
}
const indexAgrees = async () => {
  const { derived } = await ledgerOf(client.query)
  const ids = (table: string) =>
    one(
      `SELECT sum((request_id != '') + (trace_id != toFixedString('', 16)) + (call_id != '') + if(other_request_ids = '', 0, length(splitByChar('\\n', other_request_ids)))) FROM ${table}`,
    )
  expect(derived.ids_of_errors).toBe(await ids('errors'))
  expect(derived.ids_of_attempts).toBe(await ids('attempts'))
}

describe('erasing a consumer', () => {
  test('removes its rows and nothing else; counts and the index stay right', async () => {
    const had = { rows: await rowsOf(CONSUMER), others: await rowsOf('acct_4'), counts: await counts() }
    expect(had.rows).toBeGreaterThan(5)
    const erased = await erase(client, { kind: 'consumer', value: CONSUMER }, inTurn)
    expect(erased.rows.errors + erased.rows.attempts + erased.rows.quota_samples).toBe(had.rows)
    expect(await rowsOf(CONSUMER)).toBe(0)
    expect(await rowsOf('acct_4')).toBe(had.others)
    expect(await counts()).toEqual(had.counts)
    await indexAgrees()
  })

  test('is recorded, without saying whose', async () => {
    const [row] = await client.query('SELECT * REPLACE (hex(hash) AS hash) FROM erasures FINAL')
    expect(row).toMatchObject({ kind: 'consumer', state: 'done' })
    expect(Number(row!.rows)).toBeGreaterThan(5)
    expect(JSON.stringify(await client.query('SELECT * FROM erasures'))).not.toContain(CONSUMER)
    expect(JSON.stringify(await client.query('SELECT command FROM system.mutations'))).not.toContain(CONSUMER)
  })

  test('leaves nothing of it in the files that the engine reads', async () => {
    const parts = await client.query(
      'SELECT path FROM system.parts WHERE active AND database = currentDatabase() AND rows > 0',
    )
    expect(parts.length).toBeGreaterThan(5)
    for (const { path } of parts)
      for (const file of readdirSync(String(path), { withFileTypes: true }).filter((entry) => entry.isFile()))
        expect(readFileSync(join(String(path), file.name)).includes(CONSUMER), `${path}${file.name}`).toBe(
          false,
        )
  })

  test('is nothing to mend: neither the rollups of those days nor anything else', async () => {
    const had = await counts()
    // A block of those days that is new, and in doubt.
    const later = blockOf('journal', 2, [{ ...of(3), errors: 30 }])
    await store.insert(later)
    const with3 = await counts()
    expect(with3).not.toEqual(had)
    await store.mend(later)
    expect(store.notices).toEqual([])
    expect(await counts()).toEqual(with3)
    expect(await rowsOf(CONSUMER)).toBeGreaterThan(0)
  })

  test('is kept in what is built anew after a crash', async () => {
    const had = await counts()
    const later = blockOf('journal', 2, [{ ...of(3), errors: 30 }])
    for (const table of ['errors_by_10s', 'errors_by_hour', 'errors_by_day', 'codes', 'codes_by_hour'])
      await client.command(`TRUNCATE TABLE ${table}`)
    await store.mend(later)
    expect(await counts()).toEqual(had)
  })

  test('is nothing when there are no rows', async () => {
    const { rows } = await erase(client, { kind: 'consumer', value: "nobody'; DROP TABLE errors" }, inTurn)
    expect(rows).toEqual({ errors: 0, attempts: 0, quota_samples: 0 })
  })
})

describe('a block that was in doubt while something of it was erased', () => {
  // Another process had it under way, died, and the next owner of its records delivers it again.
  const CONSUMER_THEN = 'acct_5'
  const again = blockOf('journal', 7, [of(8)])

  test('is not put back: neither its rows nor their counts twice', async () => {
    await store.insert(again)
    const had = await counts()
    expect(await rowsOf(CONSUMER_THEN)).toBeGreaterThan(5)
    await erase(client, { kind: 'consumer', value: CONSUMER_THEN }, inTurn)
    await store.insert(again)
    await store.mend(again)
    expect(await rowsOf(CONSUMER_THEN)).toBe(0)
    expect(await counts()).toEqual(had)
    await indexAgrees()
  })

  test('has a lost table put back, but nothing of who was ever forgotten', async () => {
    const others = () =>
      client.query(
        `SELECT * EXCEPT (origin_index) FROM attempts WHERE consumer != '${CONSUMER}' ORDER BY ALL`,
      )
    const had = await others()
    await client.command('ALTER TABLE attempts DELETE WHERE origin_offset = 7 SETTINGS mutations_sync = 2')
    expect((await others()).length).toBeLessThan(had.length)
    await store.mend(again)
    expect(await others()).toEqual(had)
    expect(await rowsOf(CONSUMER_THEN)).toBe(0)
    await indexAgrees()
  })
})

describe('erasing a request id', () => {
  test.each([
    ['the first', "min(request_id) AS id FROM errors WHERE request_id != ''"],
    [
      'a further',
      "any(splitByChar('\\n', other_request_ids)[2]) AS id FROM errors WHERE other_request_ids != ''",
    ],
  ])('%s of a row', async (_, some) => {
    const value = String((await client.query(`SELECT ${some}`))[0]!.id)
    const total = await one('SELECT count() FROM errors')
    const had = await counts()
    const { rows } = await erase(client, { kind: 'request_id', value }, inTurn)
    expect(rows.errors).toBeGreaterThan(0)
    expect(rows.quota_samples).toBe(0)
    const left = `SELECT count() FROM errors WHERE request_id = {value:String} OR has(splitByChar('\\n', other_request_ids), {value:String})`
    expect(await one(left, { value })).toBe(0)
    expect(await one('SELECT count() FROM errors')).toBe(total - rows.errors)
    expect(await counts()).toEqual(had)
    await indexAgrees()
  })
})

describe('an erasure that a kill cut short', () => {
  test.each([1, 3])('after %i statements: counts agree, and asking again finishes it', async (statements) => {
    const consumer = `acct_${statements % 9}`
    const had = await counts()
    let left = statements
    const dying = {
      ...client,
      command: async (sql: string) => {
        if (left-- === 0) throw new Error('killed')
        await client.command(sql)
      },
    }
    await expect(
      erase(dying, { kind: 'consumer', value: consumer }, soleWriter(dying, store.directory).inTurn),
    ).rejects.toThrow('killed')
    expect((await inTurn(settleErasures)).length).toBe(1)
    expect(await inTurn(settleErasures)).toEqual([])
    const agrees = async () => {
      const [row] = await client.query(
        'SELECT (SELECT count() FROM errors) + (SELECT sum(count) FROM errors_erased) AS rows, (SELECT sum(count) FROM errors_by_hour) AS counted',
      )
      expect(Number(row!.rows)).toBe(Number(row!.counted))
    }
    await agrees()
    await erase(client, { kind: 'consumer', value: consumer }, inTurn)
    expect(await rowsOf(consumer)).toBe(0)
    await agrees()
    await indexAgrees()
    expect(await counts()).toEqual(had)
  })
})
