import { beforeAll, describe, expect, test } from 'vitest'
import type { CodeRow } from '../../services/store/queries/codes.ts'
import type { UnknownCode } from '../../services/store/queries/unknown.ts'
import { appOnStore } from './app-on-store.ts'
import { pagesOf } from './pages.ts'
import { store } from './stored-rows.ts'

const on = appOnStore()

const MINUTE = 60_000
/** In the middle of a minute of the last hour, so that what follows within seconds is in the same one. */
const then = Math.floor((Date.now() - 20 * MINUTE) / MINUTE) * MINUTE + 10_000
const SCRIPT = `<script>alert("'x'")</script>`
const UNKNOWN = {
  code: SCRIPT,
  standing: 'unknown',
  retry: 'unknown',
  retryable: false,
  class: 'internal',
  status: 500,
  provider: 'wallet-gateway',
}

beforeAll(async () => {
  await store(on.client, 'errors', [
    { ts: then, request_id: 'req_a' },
    { ts: then + 1_000, request_id: 'req_b' },
    { ts: then + 2_000, request_id: 'req_c' },
    {
      ts: then + 3_000,
      request_id: 'req_d',
      code: 'AUTH_INVALID_KEY',
      status: 401,
      retry: 'never',
      retryable: false,
      class: 'auth',
    },
    { ...UNKNOWN, ts: then + 4_000, service: 'wallet' },
    { ...UNKNOWN, ts: then - 3 * 60 * MINUTE, service: 'ledger', service_version: '0.9' },
    { ts: then + 5_000, code: '', standing: 'uncoded', status: 503, retry: 'backoff' },
  ])
  await store(on.client, 'traffic', [
    { ts: then, calls: 25, errors: 5, logical_calls: 20, status_class: '4xx' },
    { ts: then, calls: 5, service: 'search' },
  ])
})

describe('GET /api/v1/codes', () => {
  test('the most frequent first, with count, shares, reach and trend', async () => {
    const { data, meta } = await on.get<CodeRow[]>('/api/v1/codes?from=-1h')
    expect(data.map(({ code, count }) => [code, count])).toEqual([
      ['RATE_LIMIT_EXCEEDED', 3],
      ['', 1],
      ['AUTH_INVALID_KEY', 1],
      [SCRIPT, 1],
    ])
    expect(data[0]).toMatchObject({
      provider: 'session-api',
      status: 429,
      share: 0.5,
      share_of_traffic: 0.1,
      requests: 3,
      consumers: 1,
      services: 1,
    })
    expect(data[0].trend.reduce((sum, count) => sum + count, 0)).toBe(3)
    expect(Date.parse(data[0].first_seen)).toBe(then)
    expect(data[3].share_of_traffic).toBe(null)
    expect(meta).toMatchObject({ next_cursor: null })
  })

  test.each([
    ['provider=wallet-gateway', 1],
    ['service=checkout', 3],
    ['standing=unknown', 1],
    ['retry=never', 1],
    ['class=auth', 1],
    ['environment=staging', 0],
    ['side=server', 0],
    ['q=rate_limit', 1],
    [`q=${encodeURIComponent("' OR 1=1 --")}`, 0],
    [`provider=${encodeURIComponent('日本 💥\\')}`, 0],
    ['limit=2', 2],
  ])('%s', async (filter, rows) => {
    expect((await on.get<CodeRow[]>(`/api/v1/codes?from=-1h&${filter}`)).data).toHaveLength(rows)
  })

  test('without a period, the last 24 hours', async () => {
    const { data } = await on.get<CodeRow[]>('/api/v1/codes?standing=unknown')
    expect(data[0].count).toBe(2)
  })

  test('in any time zone', async () => {
    const of = async (from: string) =>
      (await on.get<CodeRow[]>(`/api/v1/codes?from=${encodeURIComponent(from)}`)).data.length
    for (const [zone, minutes] of [
      ['Z', 0],
      ['+02:00', 120],
      ['-05:30', -330],
    ] as const) {
      const local = new Date(then + minutes * MINUTE).toISOString().replace('Z', zone)
      expect([zone, await of(local)]).toEqual([zone, 4])
    }
  })

  test.each([
    ['sort=code', ['', SCRIPT, 'AUTH_INVALID_KEY', 'RATE_LIMIT_EXCEEDED']],
    ['sort=code&order=desc', ['RATE_LIMIT_EXCEEDED', 'AUTH_INVALID_KEY', SCRIPT, '']],
    ['sort=last_seen', ['', SCRIPT, 'AUTH_INVALID_KEY', 'RATE_LIMIT_EXCEEDED']],
    ['sort=first_seen&order=asc', [SCRIPT, 'RATE_LIMIT_EXCEEDED', 'AUTH_INVALID_KEY', '']],
    ['sort=requests&limit=2', ['RATE_LIMIT_EXCEEDED', 'AUTH_INVALID_KEY']],
  ])('%s', async (sort, codes) => {
    const { data } = await on.get<CodeRow[]>(`/api/v1/codes?from=-1h&${sort}`)
    expect(data.map(({ code }) => code)).toEqual(codes)
  })
})

describe('page by page', () => {
  const RISING = Array.from({ length: 9 }, (_, i) => ({
    ts: then - 10 * MINUTE + i,
    provider: 'rising-api',
    code: `CODE_${i}`,
  }))
  beforeAll(async () => {
    await store(
      on.client,
      'errors',
      RISING.flatMap((row, i) => Array.from({ length: 20 - i }, () => row)),
    )
  })

  test('every code comes once, though those of later pages rise above those of earlier ones', async () => {
    const url = '/api/v1/codes?from=-1h&provider=rising-api&limit=2'
    const pages = pagesOf<CodeRow>(on, url)
    const codes: string[] = []
    for await (const { data } of pages) {
      codes.push(...data.map(({ code }) => code))
      const now = Date.now()
      await store(
        on.client,
        'errors',
        Array.from({ length: 40 }, (_, i) => ({
          ...RISING[8 - (codes.length % 3)]!,
          ts: i % 2 ? then : now,
        })),
      )
    }
    expect(codes.toSorted()).toEqual(RISING.map(({ code }) => code))
    expect(codes.slice(0, 2)).toEqual(['CODE_0', 'CODE_1'])
  })

  test('a cursor belongs to its question', async () => {
    const url = '/api/v1/codes?from=-1h&provider=rising-api'
    const { meta } = await on.get<CodeRow[]>(`${url}&limit=2`)
    const cursor = (meta as { next_cursor?: string }).next_cursor
    expect((await on.get(`${url}&limit=5&cursor=${cursor}`)).status).toBe(200)
    for (const other of [
      `/api/v1/codes?from=-1h&cursor=${cursor}`,
      `/api/v1/codes?from=-2h&provider=rising-api&cursor=${cursor}`,
      `${url}&order=asc&cursor=${cursor}`,
      `/api/v1/unknown?from=-1h&provider=rising-api&cursor=${cursor}`,
      `${url}&cursor=${cursor}&cursor=${cursor}`,
      `${url}&cursor=`,
      `${url}&cursor=nonsense`,
      `${url}&cursor=${'x'.repeat(10_000)}`,
      `${url}&cursor=${Buffer.from('{"question":1}').toString('base64url')}`,
    ]) {
      const { status, error } = await on.fail(other)
      expect([status, error.details]).toMatchObject([400, [{ parameter: 'cursor' }]])
      expect(error.message).toContain('next_cursor')
    }
  })
})

describe('GET /api/v1/unknown', () => {
  test('codes in no catalog, and who brought them', async () => {
    const { data } = await on.get<UnknownCode[]>('/api/v1/unknown')
    expect(data).toHaveLength(1)
    expect(data[0]).toMatchObject({
      provider: 'wallet-gateway',
      code: SCRIPT,
      count: 2,
      services: 2,
      first_service: 'ledger',
      first_version: '0.9',
    })
  })
})
