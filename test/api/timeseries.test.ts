import { beforeAll, describe, expect, test } from 'vitest'
import type { Series } from '../../services/store/queries/timeseries.ts'
import type { TrafficSeries } from '../../services/store/queries/traffic.ts'
import { appOnStore } from './app-on-store.ts'
import { store } from './stored-rows.ts'

const on = appOnStore()

const MINUTE = 60_000
const DAY = 86_400_000
const then = Math.floor((Date.now() - 20 * MINUTE) / MINUTE) * MINUTE + 10_000

beforeAll(async () => {
  await store(on.client, 'errors', [
    ...[0, 1, 2, 3].map((i) => ({ ts: then + i })),
    { ts: then, code: 'B', standing: 'unknown' },
    { ts: then, code: 'B', standing: 'unknown' },
    { ts: then, code: 'C', standing: 'unknown' },
    { ts: then, code: 'D', standing: 'unknown', service: 'search' },
    { ts: then - DAY, code: 'B', standing: 'unknown' },
    { ts: then - DAY, code: 'GONE', standing: 'deprecated' },
  ])
  await store(on.client, 'traffic', [
    { ts: then, calls: 30, errors: 5, retries: 10, logical_calls: 20, status_class: '4xx' },
    { ts: then + MINUTE, calls: 10, logical_calls: 10 },
    { ts: then, calls: 8, logical_calls: 8, provider: 'wallet-gateway', service: 'wallet', side: 'server' },
    { ts: then, calls: 2, logical_calls: 1, retries: 1, provider: 'wallet-gateway', route: '/x' },
    { ts: then - 3 * 60 * MINUTE, calls: 7, provider: 'small-api' },
  ])
})
const around = (time: number) =>
  `from=${new Date(time - 10 * MINUTE).toISOString()}&to=${new Date(time + 10 * MINUTE).toISOString()}`
const filled = <Point extends number[]>(points: Point[]) => points.filter(([, count]) => count! > 0)

describe('GET /api/v1/timeseries', () => {
  test('a series for each value, zero-filled', async () => {
    const from = new Date(then - 10 * MINUTE).toISOString()
    const to = new Date(then + 10 * MINUTE).toISOString()
    const { data } = await on.get<Series[]>(`/api/v1/timeseries?by=standing&from=${from}&to=${to}&step=1m`)
    expect(data[0].key).toBe('known')
    expect(data[0].points.length).toBeGreaterThanOrEqual(20)
    expect(data[0].points.filter(([, count]) => count > 0)).toEqual([[(then - 10_000) / 1000, 4]])
  })

  test('chooses a step by itself, and a coarser one where time has taken the finer', async () => {
    const spacing = async (from: string, to: string) => {
      const { data } = await on.get<Series[]>(`/api/v1/timeseries?from=${from}&to=${to}`)
      return data.length > 0 ? data[0].points[1][0] - data[0].points[0][0] : 0
    }
    expect(await spacing(new Date(then - MINUTE).toISOString(), new Date(then + MINUTE).toISOString())).toBe(
      10,
    )
    expect(await spacing('-1h', 'now')).toBe(30)
    expect(await spacing('-60d', 'now')).toBe(43_200)
    const { error } = await on.fail('/api/v1/timeseries?from=-3d&to=-71h&step=10s')
    expect(error).toMatchObject({ code: 'invalid_parameter', details: [{ parameter: 'step' }] })
  })

  test('refuses more points than anybody draws', async () => {
    const { error } = await on.fail('/api/v1/timeseries?from=-20d&step=1m')
    expect(error).toMatchObject({ code: 'invalid_parameter', details: [{ parameter: 'step' }] })
  })

  test('the largest have a series of their own, the rest is one', async () => {
    const { data } = await on.get<Series[]>(`/api/v1/timeseries?${around(then)}&series=2`)
    expect(data.map(({ key, points }) => [key, filled(points)[0]?.[1]])).toEqual([
      ['RATE_LIMIT_EXCEEDED', 4],
      ['B', 2],
      ['_OTHER', 2],
    ])
  })

  test('beside the same time of the day before', async () => {
    const { data } = await on.get<Series[]>(`/api/v1/timeseries?${around(then)}&compare=-1d&step=1m`)
    const of = (key: string) => data.find((one) => one.key === key)!
    const at = (then - 10_000) / 1000
    expect([filled(of('B').points), filled(of('B').compare!)]).toEqual([[[at, 2]], [[at, 1]]])
    expect(filled(of('C').compare!)).toEqual([])
    // What there was only then is seen, too.
    expect([filled(of('_OTHER').points), filled(of('_OTHER').compare!)]).toEqual([[], [[at, 1]]])
    for (const { points, compare } of data) expect(compare!.map(([t]) => t)).toEqual(points.map(([t]) => t))
  })

  test.each([
    ['compare=-1', 'compare'],
    ['compare=1d', 'compare'],
    ['compare=-0d', 'compare'],
    ['compare=-90s&step=1m', 'compare'],
    ['compare=-1d&compare=-2d', 'compare'],
    ['series=0', 'series'],
    ['series=51', 'series'],
    ['by=colour', 'by'],
    ['code=%00', 'code'],
  ])('%s is refused', async (query, parameter) => {
    const { status, error } = await on.fail(`/api/v1/timeseries?${query}`)
    expect([status, error.details]).toMatchObject([400, [{ parameter }]])
  })
})

describe('GET /api/v1/traffic', () => {
  const ask = async (query: string) => (await on.get<TrafficSeries[]>(`/api/v1/traffic?${query}`)).data

  test('calls, errors, retries and amplification, of one side each, in total and over time', async () => {
    const data = await ask(`${around(then)}&step=1m`)
    expect(data).toMatchObject([
      {
        key: 'session-api',
        calls: 40,
        errors: 5,
        error_rate: 0.125,
        retries: 10,
        logical_calls: 30,
        amplification: 40 / 30,
      },
      { key: 'wallet-gateway', calls: 8, error_rate: 0, amplification: 1 },
    ])
    const at = (then - 10_000) / 1000
    expect(data[0].points.length).toBeGreaterThanOrEqual(20)
    expect(filled(data[0].points)).toEqual([
      [at, 30, 5, 10, 20],
      [at + 60, 10, 0, 0, 10],
    ])
  })

  test.each([
    ['by=side', ['client', 'server']],
    ['by=service', ['checkout', 'wallet']],
    ['by=route&side=client', ['/v1/sessions/{id}', '/x']],
    ['by=status_class', ['4xx', '2xx']],
    ['by=environment', ['production']],
    ['status_class=4xx', ['session-api']],
    ['route=/x&side=client', ['wallet-gateway']],
    ['provider=nobody', []],
    ['series=1', ['session-api', '_OTHER']],
  ])('%s', async (query, keys) => {
    expect((await ask(`${around(then)}&${query}`)).map(({ key }) => key)).toEqual(keys)
  })

  test('of a day', async () => {
    expect((await ask('')).map(({ key, calls }) => [key, calls])).toEqual([
      ['session-api', 40],
      ['wallet-gateway', 8],
      ['small-api', 7],
    ])
  })

  test.each([
    ['by=code', 'by'],
    ['status_class=9xx', 'status_class'],
    ['step=7', 'step'],
    ['from=-20d&step=1m', 'step'],
    ['standing=known', 'standing'],
  ])('%s is refused', async (query, parameter) => {
    const { status, error } = await on.fail(`/api/v1/traffic?${query}`)
    expect([status, error.details]).toMatchObject([400, [{ parameter }]])
  })
})
