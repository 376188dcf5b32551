import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CODE_SORTS, type CodeRow, codeKey, codes } from '../../services/store/queries/codes.ts'
import type { Filter } from '../../services/store/queries/filter.ts'
import { lookup } from '../../services/store/queries/lookup.ts'
import { markOf } from '../../services/store/queries/page.ts'
import { quotas } from '../../services/store/queries/quotas.ts'
import { SERIES_BY, timeseries } from '../../services/store/queries/timeseries.ts'
import { unknownCodes } from '../../services/store/queries/unknown.ts'
import { blockOf, SMALL } from './block-of.ts'
import { temporaryStore } from './temp-store.ts'

// What the questions answer from rollups, held against the rows themselves, in the plainest way.

const store = await temporaryStore()
const { query } = store.client
afterAll(async () => {
  await store.close()
  store.remove()
})

const DAYS = ['2026-01-30', '2026-01-31', '2026-02-01', '2026-02-02']
beforeAll(async () => {
  for (let i = 0; i < 3; i++)
    await store.insert(
      blockOf('journal', i, [{ ...SMALL, seed: i, days: DAYS, errors: 1_500, attempts: 60, samples: 40 }]),
    )
})

interface Stored {
  ts: number
  provider: string
  code: string
  status: number
  retry: string
  retryable: boolean
  standing: string
  class: string
  side: string
  service: string
  environment: string
}
let rows: Stored[]
beforeAll(async () => {
  rows = (await query(
    `SELECT toUnixTimestamp(ts) AS ts, provider, code, status, retry, retryable, standing, class, side, service, environment
     FROM errors ORDER BY errors.ts`,
  )) as unknown as Stored[]
})
/** The rows of one side that a question is about, its period in full minutes. */
function rowsOf(from: Date, to: Date, filter: Filter = {}): Stored[] {
  const [first, end] = [Math.floor(from.getTime() / 60_000) * 60, Math.ceil(to.getTime() / 60_000) * 60]
  const { q, ...exact } = filter
  const wanted = rows.filter(
    (row) =>
      row.ts >= first &&
      row.ts < end &&
      Object.entries(exact).every(([name, value]) => row[name as keyof Stored] === value) &&
      (q === undefined || row.code.toLowerCase().includes(q.toLowerCase())),
  )
  if (filter.side !== undefined) return wanted
  const own = new Set(wanted.filter(({ side }) => side === 'server').map(({ provider }) => provider))
  return wanted.filter(({ provider, side }) => side === (own.has(provider) ? 'server' : 'client'))
}
const keyOf = ({ provider, code, status }: Pick<Stored, 'provider' | 'code' | 'status'>) =>
  `${provider} ${code} ${status}`
const tally = <T>(list: T[], key: (one: T) => string) => {
  const counts = new Map<string, number>()
  for (const one of list) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1)
  return counts
}
const at = (text: string) => new Date(text)

const PERIODS: [string, Date, Date][] = [
  ['minutes within an hour', at('2026-01-31T05:12:10Z'), at('2026-01-31T05:47:50Z')],
  ['minutes of two hours', at('2026-01-31T05:52:10Z'), at('2026-01-31T06:07:00Z')],
  ['six hours', at('2026-01-31T05:12:00Z'), at('2026-01-31T11:12:00Z')],
  ['a day from noon to noon', at('2026-01-31T12:34:56Z'), at('2026-02-01T12:34:56Z')],
  ['a full day', at('2026-01-31T00:00:00Z'), at('2026-02-01T00:00:00Z')],
  ['over the turn of a month', at('2026-01-30T23:59:00Z'), at('2026-02-02T00:01:00Z')],
  ['a year', at('2025-06-01T00:00:00Z'), at('2026-06-01T00:00:00Z')],
]
const FILTERS: Filter[] = [
  {},
  { side: 'client' },
  { provider: 'session-api' },
  { service: 'checkout' },
  { environment: 'staging', retry: 'never' },
  { standing: 'unknown', class: 'permission' },
  { q: 'time' },
]

describe('codes', () => {
  test.each(PERIODS)('of %s are those of the rows', async (_, from, to) => {
    for (const filter of FILTERS) {
      const rows = rowsOf(from, to, filter)
      const { rows: answer } = await codes(query, { from, to, limit: 1000, ...filter })
      const counts = new Map(answer.map((row) => [keyOf(row), row.count]))
      expect(counts, JSON.stringify(filter)).toEqual(tally(rows, keyOf))
      expect(answer.map(({ count }) => count)).toEqual(
        answer.map(({ count }) => count).toSorted((a, b) => b - a),
      )
      for (const row of answer) {
        const own = rows.filter((one) => keyOf(one) === keyOf(row))
        expect(row.share).toBeCloseTo(own.length / rows.length, 10)
        expect(row.trend.reduce((sum, n) => sum + n, 0)).toBe(row.count)
        expect(row.trend.length).toBeLessThanOrEqual(25)
        expect(own.map(verdict)).toContain(verdict(row))
        if (filter.service !== undefined || filter.environment !== undefined)
          expect(row.services).toBe(new Set(own.map(({ service }) => service)).size)
      }
    }
  })
  const verdict = (row: Pick<CodeRow, 'retry' | 'retryable' | 'standing' | 'class'> | Stored) =>
    `${row.retry} ${row.retryable} ${row.standing} ${row.class}`

  test('reach as far as the rows of their hours do, and never beyond their count', async () => {
    const [from, to] = [at('2026-01-31T00:00:00Z'), at('2026-02-01T00:00:00Z')]
    const { rows: answer } = await codes(query, { from, to, limit: 1000, side: 'client' })
    const real = await query(
      `SELECT provider, code, status, uniqExact(service) AS services, uniqExactIf(consumer, consumer != '') AS consumers,
         uniqExactIf(request_id, request_id != '') AS requests
       FROM errors WHERE toDate(ts) = '2026-01-31' AND side = 'client' GROUP BY provider, code, status`,
    )
    for (const row of answer) {
      const truth = real.find((one) => keyOf(one as unknown as Stored) === keyOf(row))!
      expect(row.services).toBe(Number(truth.services))
      expect(Math.abs(row.consumers - Number(truth.consumers))).toBeLessThanOrEqual(1)
      expect(row.requests).toBe(Number(truth.requests))
      expect(row.requests).toBeLessThanOrEqual(row.count)
    }
  })

  test.each(CODE_SORTS)('come sorted by %s, either way, and page by page', async (sort) => {
    const period = { from: at('2026-01-31T00:00:00Z'), to: at('2026-02-01T00:00:00Z'), sort }
    const { rows, more } = await codes(query, { ...period, limit: 1000, order: 'asc' })
    expect(more).toBe(false)
    expect(rows.map((row) => row[sort])).toEqual(
      rows.map((row) => row[sort]).toSorted((a, b) => (a < b ? -1 : Number(a > b))),
    )
    const { rows: down } = await codes(query, { ...period, limit: 1000, order: 'desc' })
    expect(down.map((row) => row[sort])).toEqual(rows.map((row) => row[sort]).toReversed())

    const marks = new Set<number>()
    const paged: CodeRow[] = []
    expect(rows.length).toBeGreaterThan(40)
    for (let more = true; more; ) {
      const page = await codes(query, { ...period, limit: 20, order: 'asc', shown: { marks, forgotten: 0 } })
      paged.push(...page.rows)
      for (const row of page.rows) marks.add(markOf(codeKey(row)))
      more = page.more
    }
    expect(paged).toEqual(rows)
    const last = { marks: new Set<number>(), forgotten: rows.length - 3 }
    expect((await codes(query, { ...period, limit: 7, order: 'asc', shown: last })).rows).toEqual(
      rows.slice(-3),
    )
  })

  test('have a share of the calls of their provider, where calls were counted', async () => {
    const day = at('2026-01-31T00:00:00Z')
    const options = { from: day, to: at('2026-02-01T00:00:00Z'), limit: 1000, side: 'client' as const }
    const traffic = await query(
      `SELECT provider, sum(calls) AS calls FROM traffic WHERE toDate(ts) = '2026-01-31' AND side = 'client' GROUP BY provider`,
    )
    const calls = new Map(traffic.map((row) => [row.provider, Number(row.calls)]))
    for (const row of (await codes(query, options)).rows) {
      const ofProvider = calls.get(row.provider)
      expect(row.share_of_traffic).toBe(ofProvider === undefined ? null : Math.min(1, row.count / ofProvider))
    }
  })

  test('say since when a code is known at all, in full precision', async () => {
    const { rows } = await codes(query, {
      from: at('2026-02-01T00:00:00Z'),
      to: at('2026-02-01T06:00:00Z'),
      limit: 1,
    })
    const [row] = rows
    const [truth] = await query(
      `SELECT replaceOne(toString(min(ts)), ' ', 'T') AS first, replaceOne(toString(max(ts)), ' ', 'T') AS last
       FROM errors WHERE provider = {provider:String} AND code = {code:String}`,
      { provider: row!.provider, code: row!.code },
    )
    expect([row!.first_seen, row!.last_seen]).toEqual([`${truth!.first}Z`, `${truth!.last}Z`])
  })

  test('of nothing are none', async () => {
    const never = { from: at('2020-01-01T00:00:00Z'), to: at('2020-01-02T00:00:00Z'), limit: 10 }
    expect(await codes(query, never)).toEqual({ rows: [], more: false })
    expect(await unknownCodes(query, never)).toEqual({ rows: [], more: false })
  })

  test('that nobody knows come with who brought them', async () => {
    const [from, to] = [at('2026-01-30T00:00:00Z'), at('2026-02-03T00:00:00Z')]
    const { rows: answer } = await unknownCodes(query, { from, to, limit: 1000 })
    expect(answer.length).toBeGreaterThan(0)
    for (const { provider, code, standing, first_service, first_version } of answer) {
      expect(standing).toBe('unknown')
      const [first] = await query(
        `SELECT service, service_version FROM errors
         WHERE provider = {provider:String} AND code = {code:String} ORDER BY ts LIMIT 1`,
        { provider, code },
      )
      expect([first_service, first_version]).toEqual([first!.service, first!.service_version])
    }
  })
})

describe('time series', () => {
  test.each([
    ['10 seconds', 10, at('2026-01-31T05:12:10Z'), at('2026-01-31T05:47:50Z')],
    ['minutes', 300, at('2026-01-31T05:12:10Z'), at('2026-01-31T11:47:50Z')],
    ['hours', 3_600, at('2026-01-31T12:00:00Z'), at('2026-02-01T12:00:00Z')],
    ['days', 86_400, at('2026-01-30T00:00:00Z'), at('2026-02-03T00:00:00Z')],
  ] as const)('by %s are those of the rows', async (_, step, from, to) => {
    const start = (Math.floor(from.getTime() / 1000 / step) * step * 1000) as number
    const end = Math.ceil(to.getTime() / 1000 / step) * step * 1000
    for (const by of SERIES_BY)
      for (const filter of [{}, { environment: 'production' }] as Filter[]) {
        // Full steps; the rows of the outer ones too.
        const all = rowsOf(new Date(start - 60_000), new Date(end + 60_000), {
          ...filter,
          side: 'client',
        }).filter(({ ts }) => ts * 1000 >= start && ts * 1000 < end)
        const series = await timeseries(query, { by, from, to, step, ...filter, side: 'client' })
        const counted = new Map<string, number>()
        for (const { key, points } of series) {
          expect(points.length).toBe((end - start) / 1000 / step)
          for (const [time, n] of points) if (n > 0) counted.set(`${key} ${time}`, n)
        }
        expect(counted, `${by} ${JSON.stringify(filter)}`).toEqual(
          tally(all, (row) => `${String(row[by])} ${Math.floor(row.ts / step) * step}`),
        )
      }
  })
})

describe('a look-up', () => {
  const one = async (where: string) =>
    (
      await query(
        `SELECT request_id, other_request_ids, lower(hex(trace_id)) AS trace_id, call_id FROM errors WHERE ${where} LIMIT 1`,
      )
    )[0] as Record<'request_id' | 'other_request_ids' | 'trace_id' | 'call_id', string>
  const idsOf = (rows: { request_id: string }[]) => rows.map(({ request_id }) => request_id)

  test('finds a row by each of its ids, and the same row', async () => {
    const row = await one(
      "request_id != '' AND other_request_ids != '' AND call_id != '' AND trace_id != toFixedString('', 16)",
    )
    const [byRequest] = await lookup(query, row.request_id)
    expect(byRequest).toMatchObject({ ...row, other_request_ids: row.other_request_ids.split('\n') })
    for (const id of [
      row.trace_id,
      row.trace_id.toUpperCase(),
      row.call_id,
      ...row.other_request_ids.split('\n'),
    ])
      expect(await lookup(query, id)).toContainEqual(byRequest)
  })

  test('gives every column as it was stored', async () => {
    const { request_id } = await one("request_id != ''")
    const [row] = await lookup(query, request_id)
    const [stored] = await query(
      `SELECT replaceOne(toString(ts), ' ', 'T') AS time, * EXCEPT (ts, trace_id, span_id, parent_span_id, other_request_ids, origin, origin_offset, origin_index),
         lower(hex(trace_id)) AS trace_id, lower(hex(span_id)) AS span_id, lower(hex(parent_span_id)) AS parent_span_id
       FROM errors WHERE request_id = {request_id:String}`,
      { request_id },
    )
    const { time, ...columns } = stored!
    expect(row).toMatchObject({ ...columns, ts: `${String(time)}Z`, succeeded: false })
    expect(row!.message).toContain('it\'s broken; SELECT "1"\n\n')
  })

  test('finds the resend that succeeded', async () => {
    const [resend] = (await query("SELECT request_id FROM attempts WHERE request_id != '' LIMIT 1")) as {
      request_id: string
    }[]
    expect(await lookup(query, resend!.request_id)).toMatchObject([
      { succeeded: true, code: null, retry: null, retryable: null, message: null, retry_after_ms: null },
    ])
  })

  test('brings all attempts of a logical call, oldest first', async () => {
    const { call_id } = await one("call_id != ''")
    await store.client.command(
      `INSERT INTO errors (ts, provider, code, request_id, call_id, attempt) SELECT toDateTime64('2026-02-02 10:00:00', 9, 'UTC') + number, 'session-api', 'TIMEOUT', concat('again_', toString(number)), '${call_id}', number + 1 FROM numbers(3)`,
    )
    const all = idsOf(await lookup(query, call_id))
    expect(all.slice(-3)).toEqual(['again_0', 'again_1', 'again_2'])
    expect(all.length).toBeGreaterThanOrEqual(4)
    expect(idsOf(await lookup(query, 'again_1'))).toEqual(all)
  })

  test.each([
    '',
    ' ',
    "'; DROP TABLE errors; --",
    '%',
    'req_',
    '00000000000000000000000000000000',
    'a\n\nb',
    '💥',
  ])('of %j finds nothing', async (id) => {
    expect(await lookup(query, id)).toEqual([])
  })

  test('of an id that is everywhere ends', async () => {
    await store.client.command(
      `INSERT INTO errors (ts, provider, request_id) SELECT toDateTime64('2026-02-02 00:00:00', 9, 'UTC') + number * 7, 'session-api', 'always-the-same' FROM numbers(3000)`,
    )
    const rows = await lookup(query, 'always-the-same')
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.length).toBeLessThanOrEqual(1_000)
  })
})

describe('quotas', () => {
  test('are the latest readings', async () => {
    const [from, to] = [at('2026-01-30T00:00:00Z'), at('2026-02-03T00:00:00Z')]
    const { rows: answer } = await quotas(query, { from, to, limit: 1000 })
    const truth = await query(
      `SELECT provider, name, service, environment, consumer, limit, remaining, replaceOne(toString(ts), ' ', 'T') AS time
       FROM quota_samples ORDER BY ts DESC LIMIT 1 BY provider, name, service, environment, consumer`,
    )
    expect(answer.length).toBe(truth.length)
    for (const { time, ...sample } of truth)
      expect(answer).toContainEqual({ ...sample, reset: null, ts: `${String(time)}Z` })
    expect(
      (await quotas(query, { from, to, limit: 1000, provider: 'shop', service: 'billing' })).rows,
    ).toEqual(answer.filter(({ provider, service }) => provider === 'shop' && service === 'billing'))
  })
})
