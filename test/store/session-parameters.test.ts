import { afterAll, describe, expect, test } from 'vitest'
import { temporaryStore } from './temp-store.ts'

const store = await temporaryStore()
afterAll(async () => {
  await store.close()
  store.remove()
})

describe('a bound text arrives as it was, whatever is in it', () => {
  const TEXTS = [
    '',
    "it's",
    "'; DROP TABLE errors; --",
    '\\',
    "\\'",
    "\\\\'",
    'a\tb\r\nc\n\nd',
    '\\N',
    '\\n',
    'a\0b',
    '"`{x:String}`"',
    '日本 💥',
    '[1]',
    'x'.repeat(10_000),
  ]
  test.each(TEXTS)('%.20j', async (text) => {
    const [row] = await store.client.query('SELECT {text:String} AS back, {list:Array(String)} AS list', {
      text,
      list: [text, 'other', text],
    })
    expect(row).toEqual({ back: text, list: [text, 'other', text] })
  })
})

test('numbers, and lists of them', async () => {
  const params = { whole: -5, broken: 0.25, list: [1, 2, 65_535], none: [] }
  expect(
    await store.client.query(
      'SELECT {whole:Int64} AS whole, {broken:Float64} AS broken, {list:Array(UInt16)} AS list, {none:Array(String)} AS none',
      params,
    ),
  ).toEqual([params])
})

test('a value of the wrong type is refused, and the connection goes on', async () => {
  await expect(store.client.query('SELECT {n:UInt32} AS n', { n: 'DROP' })).rejects.toThrow()
  expect(await store.client.query('SELECT {n:UInt32} AS n', { n: 7 })).toEqual([{ n: 7 }])
})

test('questions with parameters run side by side', async () => {
  const [first, second] = await Promise.all([
    store.embedded.connect('reads'),
    store.embedded.connect('reads'),
  ])
  const running = async () => {
    const [row] = await store.client.query(
      "SELECT count() AS n FROM system.processes WHERE query LIKE '%sleepEachRow%' AND query NOT LIKE '%system.processes%'",
    )
    return Number(row!.n)
  }
  const asked = [first, second].map(({ query }) =>
    query(
      'SELECT sum(sleepEachRow(0.05)) FROM numbers(60) WHERE number >= {x:UInt8} SETTINGS max_block_size = 1',
      {
        x: 0,
      },
    ),
  )
  const deadline = Date.now() + 2_500
  let most = 0
  while (most < 2 && Date.now() < deadline) most = Math.max(most, await running())
  expect(most).toBe(2)
  await Promise.all(asked)
  await Promise.all([first.close(), second.close()])
})
