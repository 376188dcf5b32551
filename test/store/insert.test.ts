import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { blockOf, SMALL } from './block-of.ts'
import { ledgerMustBe, ledgerOf } from './ledger.ts'
import { temporaryStore } from './temp-store.ts'

const store = await temporaryStore()
const { client } = store
afterAll(async () => {
  await store.close()
  store.remove()
})

let origin = ''
let number = 0
/** Blocks so far, of all tests: the ledger is of the whole store. */
const inserted: ReturnType<typeof blockOf>[] = []
beforeEach(() => {
  origin = `journal-${number++}`
})
const exact = async () =>
  expect(await ledgerOf(client.query)).toEqual(await ledgerMustBe(client.query, inserted))

describe('a block', () => {
  test('is in every table once, however often it is inserted', async () => {
    const block = blockOf(origin, 7, [SMALL, { ...SMALL, seed: 2, days: ['2026-11-19', '2026-11-20'] }])
    inserted.push(block)
    await store.insert(block)
    await exact()
    for (let again = 0; again < 3; again++) await store.insert(block)
    await exact()
  })

  test('stays known when parts have been merged and the engine has been left alone since', async () => {
    const block = blockOf(origin, 0, [{ ...SMALL, seed: 3 }])
    inserted.push(block)
    await store.insert(block)
    for (const table of [
      'errors',
      'errors_by_10s',
      'errors_by_minute',
      'errors_by_hour',
      'errors_by_day',
      'requests',
    ])
      await client.command(`OPTIMIZE TABLE ${table} FINAL`)
    await store.insert(block)
    await exact()
  })

  test('with the same content under another range counts by itself', async () => {
    const one = blockOf(origin, 0, [{ ...SMALL, seed: 4 }])
    const two = blockOf(origin, 1, [{ ...SMALL, seed: 4 }])
    inserted.push(one, two)
    await store.insert(one)
    await store.insert(two)
    await exact()
  })

  test('is one part a day, in its table and in each that a view feeds', async () => {
    const parts = async () =>
      client.query(
        `SELECT table, uniqExact(partition_id) AS partitions, count() AS parts FROM system.parts
         WHERE active AND database = currentDatabase() AND partition_id LIKE '201507%' GROUP BY table ORDER BY table`,
      )
    const days = ['2015-07-01', '2015-07-02', '2015-07-03']
    // More rows than the engine takes at a time by default, 65,409.
    const many = Array.from({ length: 24 }, (_, seed) => ({ ...SMALL, seed, days, errors: 3_000, keys: 50 }))
    const block = blockOf(origin, 0, many)
    inserted.push(block)
    await client.command('SYSTEM STOP MERGES')
    await store.insert(block)
    const after = await parts()
    await client.command('SYSTEM START MERGES')
    expect(block.expected('errors').rows).toBe(72_000)
    expect(after.length).toBe(16)
    // Two inserts lead to `requests`: errors and attempts.
    for (const { table, partitions, parts } of after)
      expect({ table, parts }).toEqual({ table, parts: Number(partitions) * (table === 'requests' ? 2 : 1) })
    await exact()
  })

  test('of more days than the engine takes otherwise', async () => {
    // By default a hundred, which would be thousands of parts here.
    await client.command('SET max_partitions_per_insert_block = 2')
    const days = ['2016-01-01', '2016-01-02', '2016-01-03']
    const block = blockOf(origin, 0, [{ ...SMALL, seed: 5, days }])
    inserted.push(block)
    await store.insert(block)
    await store.insert(block)
    await client.command('SET max_partitions_per_insert_block = DEFAULT')
    await exact()
  })
})

describe('an insert that fails', () => {
  test('keeps nothing, says so, and spoils neither the next insert nor the next answer', async () => {
    const block = blockOf(origin, 0, [{ ...SMALL, seed: 6 }])
    const whole = Buffer.concat(block.native('errors'))
    const outcome = await store.store.insert(
      'errors',
      [whole.subarray(0, whole.length - 100)],
      `${origin}:torn`,
    )
    expect(outcome.status).not.toBe('done')
    expect(await client.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await exact()
    inserted.push(block)
    await store.insert(block)
    await exact()
  })

  test('below a view keeps what it can and is completed by the same block', async () => {
    const block = blockOf(origin, 0, [{ ...SMALL, seed: 8 }])
    inserted.push(block)
    await client.command('RENAME TABLE errors_by_hour TO away')
    await expect(store.insert(block)).rejects.toThrow()
    await client.command('RENAME TABLE away TO errors_by_hour')
    await store.insert(block)
    await exact()
  })

  test('is never asked for with a token that could be SQL', async () => {
    const block = blockOf(origin, 0, [SMALL])
    await expect(store.store.insert('errors', block.native('errors'), "x', y = '")).rejects.toThrow('token')
  })
})

test('a query that fails leaves nothing behind for the next', async () => {
  const answers = await Promise.allSettled([
    client.query('SELECT number, throwIf(number = 70000) FROM numbers(100000)'),
    client.query('SELECT 2 AS two'),
    client.query('SELECT * FROM nowhere'),
    client.query('SELECT {text:String} AS text', { text: "a'b\n\n; DROP TABLE errors \\" }),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled'])
  expect((answers[1] as PromiseFulfilledResult<unknown>).value).toEqual([{ two: 2 }])
  expect((answers[3] as PromiseFulfilledResult<unknown>).value).toEqual([
    { text: "a'b\n\n; DROP TABLE errors \\" },
  ])
})
