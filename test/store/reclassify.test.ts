import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { DERIVED } from '../../services/store/derived/derived.ts'
import { soleWriter } from '../../services/store/turns/writers.ts'
import { erase } from '../../services/store/upkeep/erase.ts'
import { reclassify, settleReclassifications, type Verdict } from '../../services/store/upkeep/reclassify.ts'
import { retentionOf } from '../../services/store/upkeep/retention.ts'
import { blockOf, SMALL } from './block-of.ts'
import { KEEP, temporaryStore } from './temp-store.ts'

const DAYS = ['2026-11-19', '2026-11-20']
const store = await temporaryStore()
const { client, inTurn } = store
let provider: string
let code: string
beforeAll(async () => {
  for (const seed of [1, 2])
    await store.insert(blockOf('journal', seed, [{ ...SMALL, seed, days: DAYS, errors: 80 }]))
  const [row] = await client.query(
    "SELECT provider, code FROM errors WHERE code != '' GROUP BY provider, code ORDER BY count() DESC LIMIT 1",
  )
  ;[provider, code] = [String(row!.provider), String(row!.code)]
})
afterAll(async () => {
  await store.close()
  store.remove()
})

const verdictOf = (retry: Verdict['retry']): Verdict => ({
  retry,
  retryable: retry === 'backoff',
  standing: 'known',
  class: 'conflict',
})
const KEY = 'provider, code, status, retry, retryable, standing, class, side'

/** Every rollup of errors, and what its rows say it must be. */
async function expectExact() {
  const looks: string[] = []
  for (const { table, select, columns } of DERIVED) {
    if (!/^(errors|codes)/.test(table)) continue
    const must = DAYS.map((day) => select(`'${day}'`)).join(' UNION ALL ')
    const names = columns.split(', ')
    const at = (name: string) => `c${names.indexOf(name) + 1}`
    const key = KEY.split(', ')
    const has = `SELECT toString(ts) AS time, ${KEY}, toInt64(count) AS has, toInt64(0) AS needs FROM ${table}`
    const needs = `SELECT toString(${at('ts')}) AS time, ${key.map((name) => `${at(name)} AS ${name}`).join(', ')}, 0 AS has, toInt64(${at('count')}) AS needs
       FROM (SELECT * FROM (${must})) AS t(${names.map((_, index) => `c${index + 1}`).join(', ')})`
    looks.push(
      `SELECT '${table}' AS table, count() AS keys, groupArrayIf(10)(k, h != n) AS wrong FROM (
         SELECT (time, ${KEY}) AS k, sum(has) AS h, sum(needs) AS n FROM (${has} UNION ALL ${needs}) GROUP BY k)`,
    )
  }
  const found = await client.query(looks.join(' UNION ALL '))
  expect(found.length).toBe(looks.length)
  for (const { table, keys, wrong } of found) {
    expect(Number(keys), String(table)).toBeGreaterThan(0)
    expect(wrong, String(table)).toEqual([])
  }
}
const counts = async () =>
  client.query(
    'SELECT toString(toDate(ts)) AS day, provider, code, count() AS n FROM errors GROUP BY ALL ORDER BY ALL',
  )
const run = (
  verdict: (code: string, status: number, time: number) => Verdict,
  from = DAYS[0]!,
  on = client,
) =>
  reclassify(
    on,
    { provider, from: new Date(`${from}T00:00:00Z`), verdict },
    KEEP,
    soleWriter(on, store.directory).inTurn,
  )
/** The verdicts of rows as they are, but of one code. */
const only =
  (retry: Verdict['retry']) =>
  (one: string, status: number): Verdict =>
    one === code ? verdictOf(retry) : (asStored.get(`${one} ${status}`) as Verdict)
const asStored = new Map<string, Verdict>()
beforeAll(async () => {
  // Stored at random: first everything of the provider gets one verdict for each code and status.
  for (const row of await client.query(
    `SELECT code, status, any(retry) AS retry FROM errors WHERE provider = '${provider}' GROUP BY code, status`,
  ))
    asStored.set(`${row.code} ${row.status}`, verdictOf(row.retry as Verdict['retry']))
})

describe('rows and rollups', () => {
  test('have the new verdict, exactly, and nothing else changes', async () => {
    const had = await counts()
    const others = `SELECT sum(sipHash64(*)) AS sum FROM errors WHERE provider != '${provider}'`
    const [before] = await client.query(others)
    const { rows, days, left } = await run(only('backoff'))
    expect(rows).toBeGreaterThan(0)
    expect([days, left]).toEqual([DAYS, []])
    const [judged] = await client.query(
      `SELECT count() AS n, countIf(retry = 'backoff' AND retryable AND standing = 'known' AND class = 'conflict') AS so
       FROM errors WHERE provider = '${provider}' AND code = unhex('${Buffer.from(code).toString('hex')}')`,
    )
    expect(Number(judged!.n)).toBe(Number(judged!.so))
    expect(await counts()).toEqual(had)
    expect(await client.query(others)).toEqual([before])
    await expectExact()
  })

  test('are let alone where nothing is to change', async () => {
    expect(await run(only('backoff'))).toMatchObject({ rows: 0, days: [], left: [] })
  })

  test('only from that time on, to the minute', async () => {
    const { days } = await run(only('never'), DAYS[1])
    expect(days).toEqual([DAYS[1]])
    await expectExact()
    const from = new Date(`${DAYS[0]}T12:00:30Z`)
    const answer = await reclassify(client, { provider, from, verdict: only('never') }, KEEP, inTurn)
    expect(answer.from).toBe(`${DAYS[0]}T12:00:00.000Z`)
    const [row] = await client.query(
      `SELECT countIf(ts < '${DAYS[0]} 12:00:00' AND retry = 'never') AS early, countIf(ts >= '${DAYS[0]} 12:00:00' AND retry != 'never') AS late
       FROM errors WHERE provider = '${provider}' AND code = unhex('${Buffer.from(code).toString('hex')}')`,
    )
    expect(row).toEqual({ early: 0, late: 0 })
    await expectExact()
  })

  test('by the day: a code is deprecated from its day on', async () => {
    const verdict = (one: string, status: number, time: number): Verdict => ({
      ...only('once')(one, status),
      standing: one === code && time >= Date.parse(DAYS[1]!) ? 'deprecated' : 'known',
    })
    await run(verdict)
    const rows = await client.query(
      `SELECT DISTINCT toString(toDate(ts)) AS day, standing FROM errors WHERE provider = '${provider}' AND code = unhex('${Buffer.from(code).toString('hex')}') ORDER BY day`,
    )
    expect(rows).toEqual([
      { day: DAYS[0], standing: 'known' },
      { day: DAYS[1], standing: 'deprecated' },
    ])
    await expectExact()
  })

  test('with what was erased, which counts there still', async () => {
    await erase(client, { kind: 'consumer', value: 'acct_3' }, inTurn)
    await run(only('later'))
    await expectExact()
    const [row] = await client.query(
      `SELECT countIf(retry != 'later') AS n FROM errors_erased WHERE provider = '${provider}' AND code = unhex('${Buffer.from(code).toString('hex')}')`,
    )
    expect(row).toEqual({ n: 0 })
  })
})

describe('what is left alone', () => {
  test('days whose rows are gone, or about to go', async () => {
    // Counted from the day after the newest.
    const short = retentionOf({ errors: 1, tenSeconds: 1, minutes: 1, hours: 40_000 })
    const hours = `SELECT sum(sipHash64(*)) AS sum FROM errors_by_hour FINAL WHERE toDate(ts) = '${DAYS[0]}'`
    const had = await client.query(hours)
    const what = { provider, from: new Date(0), verdict: only('once') }
    expect((await reclassify(client, what, short, inTurn)).days).toEqual([DAYS[1]])
    expect(await client.query(hours)).toEqual(had)
  })

  test('nothing that is kept, because the clock is far ahead', async () => {
    const month = retentionOf({ errors: 30, tenSeconds: 1, minutes: 30, hours: 396 })
    const what = { provider, from: new Date(0), verdict: only('never') }
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(DAYS[1]!) + 400 * 86_400_000 })
    try {
      expect((await reclassify(client, what, month, inTurn)).days).toEqual(DAYS)
    } finally {
      vi.useRealTimers()
    }
    // Rollups by ten seconds kept the older day's verdict: it is beyond what they promise.
    await run(only('once'))
    await expectExact()
  })

  test('days whose rollups count what the rows do not', async () => {
    await client.command(
      `INSERT INTO errors_by_day (ts, provider, code, count) VALUES ('${DAYS[0]}', 'gone', 'GONE', 5)`,
    )
    const { days, left } = await run(only('after_reauth'))
    expect([days, left]).toEqual([[DAYS[1]], [DAYS[0]]])
    await client.command(
      "ALTER TABLE errors_by_day DELETE WHERE provider = 'gone' SETTINGS mutations_sync = 2",
    )
    expect((await run(only('after_reauth'))).left).toEqual([])
    await expectExact()
  })
})

/** Not every statement: a day has some fifty, and the kinds of them repeat with each rollup. */
const STEP = 13
test('killed between any two statements: rows and rollups agree, and asking again finishes it', async () => {
  const retries = ['never', 'backoff'] as const
  for (let statements = 0, finished = false; !finished; statements += STEP) {
    let left = statements
    const dying = {
      ...client,
      command: async (sql: string) => {
        if (left-- === 0) throw new Error('killed')
        await client.command(sql)
      },
    }
    const to = only(retries[(statements / STEP) % 2]!)
    finished = await run(to, DAYS[1], dying).then(
      () => true,
      () => false,
    )
    await inTurn((alone) => settleReclassifications(alone, KEEP))
    expect(await inTurn((alone) => settleReclassifications(alone, KEEP))).toEqual([])
    await expectExact()
    await run(to, DAYS[1])
    await expectExact()
    expect(await run(to, DAYS[1])).toMatchObject({ rows: 0 })
  }
}, 120_000)

test('codes of any kind are told apart, and nothing in them is SQL', async () => {
  const odd = ["x'); DROP TABLE errors; --", 'quote\'s \\ "', '支払い', '']
  const seen: string[] = []
  await run((one, status) => {
    seen.push(one)
    return only('once')(one, status)
  })
  expect(seen).not.toContain('_OTHER')
  for (const name of odd)
    expect(
      await reclassify(
        client,
        { provider: name, from: new Date(0), verdict: () => verdictOf('once') },
        KEEP,
        inTurn,
      ),
    ).toMatchObject({ rows: 0, provider: name })
})
