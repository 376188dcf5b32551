import { afterAll, describe, expect, test } from 'vitest'
import { boundedQuery } from '../../services/store/connect/bounded.ts'
import { temporaryStore } from './temp-store.ts'

const store = await temporaryStore()
afterAll(async () => {
  await store.close()
  store.remove()
})
const SLOW = 'SELECT sleepEachRow(0.05) AS slept FROM numbers(6)'
const LONG_MS = 60_000

test('a question is asked with limits of its own', async () => {
  const query = boundedQuery(store.client.query, { atOnce: 1, waiting: 1, waitMs: LONG_MS })
  const [row] = await query(
    "SELECT getSetting('max_execution_time') AS seconds, getSetting('max_memory_usage') AS bytes, getSetting('max_threads') AS threads",
  )
  expect(row).toEqual({ seconds: 10, bytes: 268_435_456, threads: 2 })
  await expect(
    query("SELECT length(groupArray(repeat('x', 100000))) FROM numbers(10000)"),
  ).rejects.toMatchObject({ code: '241' })
  expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }])
})

describe('more questions than can be answered', () => {
  test('wait in line, and beyond it are refused', async () => {
    const query = boundedQuery(store.client.query, { atOnce: 1, waiting: 2, waitMs: LONG_MS })
    const asked = await Promise.allSettled([1, 2, 3, 4, 5].map(() => query(SLOW)))
    expect(asked.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ])
    expect(asked.at(-1)).toMatchObject({ reason: { code: 'store_busy' } })
    expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('do not wait for ever, and leave the line when they go', async () => {
    const query = boundedQuery(store.client.query, { atOnce: 1, waiting: 1, waitMs: 20 })
    const first = query(SLOW)
    await expect(query(SLOW)).rejects.toMatchObject({ code: 'store_busy' })
    const second = query('SELECT 1 AS one')
    await expect(second).rejects.toMatchObject({ code: 'store_busy' })
    await first
    expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('that fail give their place back', async () => {
    const query = boundedQuery(store.client.query, { atOnce: 1, waiting: 5, waitMs: LONG_MS })
    const asked = await Promise.allSettled([
      query('SELECT nothing'),
      query('SELECT nothing'),
      query('SELECT 1 AS one'),
    ])
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  })
})
