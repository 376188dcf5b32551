import { beforeAll, describe, expect, test } from 'vitest'
import type { CodeDetail } from '../../services/store/queries/code-detail.ts'
import { appOnStore } from './app-on-store.ts'
import { store } from './stored-rows.ts'

const on = appOnStore()

const MINUTE = 60_000
const then = Math.floor((Date.now() - 20 * MINUTE) / MINUTE) * MINUTE
const TRACE = '0af7651916cd43dd8448eb211c80319c'

beforeAll(async () => {
  await store(on.client, 'errors', [
    // Sent again twice, and well in the end.
    { ts: then, request_id: 'req_a0', call_id: 'call_a' },
    { ts: then + 1_000, request_id: 'req_a1', call_id: 'call_a', attempt: 1 },
    // Sent again, to fail with another code; known by its trace.
    { ts: then + MINUTE, trace_id: TRACE, service: 'search', service_version: '2', sdk: 'ruby' },
    { ts: then + MINUTE + 500, trace_id: TRACE, service: 'search', code: 'OTHER', status: 500, attempt: 1 },
    // Never sent again.
    { ts: then + 2 * MINUTE, call_id: 'call_c', consumer: 'zeta', environment: 'staging' },
    // Nobody can tell.
    { ts: then + 3 * MINUTE, route: '/other', status: 503 },
    { ts: then - 5 * 60 * MINUTE, side: 'client', service: 'ledger' },
    { ts: then, code: '', standing: 'uncoded' },
    { ts: then, code: 'a/b?c=d#e', provider: 'wallet-gateway', standing: 'unknown' },
    ...Array.from({ length: 24 }, (_, i) => ({
      ts: then + i * 10_000,
      code: 'OFTEN',
      request_id: i % 2 === 0 ? `req_${i}` : '',
    })),
    { ts: then, code: 'BUSY', request_id: 'older' },
    ...Array.from({ length: 12 }, (_, i) => ({
      ts: then + 3 * MINUTE + i,
      code: 'BUSY',
      request_id: `busy_${i}`,
    })),
  ])
  await store(on.client, 'attempts', [{ ts: then + 4_000, call_id: 'call_a', attempt: 2 }])
})
type Answer = CodeDetail & { provider: string; code: string; catalog: { meaning: string } | null }
const detail = async (code: string, query = 'from=-1h') =>
  (await on.get<Answer>(`/api/v1/codes/${code}?${query}`)).data

describe('GET /api/v1/codes/{provider}/{code}', () => {
  test('what it means, who met it, and what happened after', async () => {
    const answer = await detail('session-api/RATE_LIMIT_EXCEEDED')
    expect(answer).toMatchObject({
      provider: 'session-api',
      code: 'RATE_LIMIT_EXCEEDED',
      catalog: { of: 'code', meaning: 'Too many requests', retry: 'after_wait' },
      side: 'client',
      count: 5,
      retry: 'after_wait',
      standing: 'known',
      first_service: 'ledger',
      sampled: { rows: 5, of: 5 },
      after: { calls: 3, retried: 2, retries: 3, succeeded: 1, failed: 1, not_retried: 1 },
    })
    expect(answer.by).toMatchObject({
      service: [
        { key: 'checkout', count: 4 },
        { key: 'search', count: 1 },
      ],
      environment: [
        { key: 'production', count: 4 },
        { key: 'staging', count: 1 },
      ],
      status: [
        { key: '429', count: 4 },
        { key: '503', count: 1 },
      ],
      service_version: [
        { key: '4.2.1', count: 4 },
        { key: '2', count: 1 },
      ],
      route: [
        { key: '/v1/sessions/{id}', count: 4 },
        { key: '/other', count: 1 },
      ],
      consumer: [
        { key: 'acme', count: 4 },
        { key: 'zeta', count: 1 },
      ],
      sdk: [
        { key: 'nodejs', count: 4 },
        { key: 'ruby', count: 1 },
      ],
    })
    expect(answer.trend.reduce((sum, count) => sum + count, 0)).toBe(5)
    expect(answer.recent.map(({ request_id, trace_id }) => request_id || trace_id)).toEqual([
      TRACE,
      'req_a1',
      'req_a0',
    ])
  })

  test('the newest rows that have an id, over as many minutes as these take', async () => {
    const { recent } = await detail('session-api/OFTEN')
    const ids = [22, 20, 18, 16, 14, 12, 10, 8, 6, 4].map((i) => `req_${i}`)
    expect(recent.map(({ request_id }) => request_id)).toEqual(ids)
    const newest = new Date(then + 4 * MINUTE).toISOString()
    const busy = await detail('session-api/BUSY', `from=-1h&to=${newest}`)
    expect(busy.recent.map(({ request_id }) => request_id)).toEqual(
      Array.from({ length: 10 }, (_, i) => `busy_${11 - i}`),
    )
  })

  test('of one service, of a longer time, of the other side', async () => {
    expect((await detail('session-api/RATE_LIMIT_EXCEEDED', 'from=-1h&service=search')).count).toBe(1)
    expect((await detail('session-api/RATE_LIMIT_EXCEEDED', 'from=-24h')).count).toBe(6)
    expect(await detail('session-api/RATE_LIMIT_EXCEEDED', 'from=-1h&side=server')).toMatchObject({
      side: null,
      count: 0,
      retry: null,
      sampled: { rows: 0, of: 0, since: null },
    })
  })

  test('a code that no catalog has, one that is hard to write, and none at all', async () => {
    expect(await detail(`wallet-gateway/${encodeURIComponent('a/b?c=d#e')}`)).toMatchObject({
      code: 'a/b?c=d#e',
      count: 1,
      standing: 'unknown',
    })
    expect(await detail('session-api/')).toMatchObject({ code: '', count: 1, standing: 'uncoded' })
  })

  test('a code that is documented and was never seen', async () => {
    expect(await detail('session-api/AUTH_INVALID_KEY')).toMatchObject({
      catalog: { meaning: 'Invalid API Key' },
      count: 0,
      first_seen: null,
    })
  })

  test('what nobody has seen or documented: 404', async () => {
    const { status, error } = await on.fail('/api/v1/codes/session-api/NO_SUCH')
    expect([status, error.code]).toEqual([404, 'code_not_found'])
    expect((await on.fail('/api/v1/codes/nobody/NO_SUCH')).status).toBe(404)
  })

  test.each([
    [`/api/v1/codes/session-api/${'x'.repeat(300)}`, 'code'],
    ['/api/v1/codes/session-api/a%00', 'code'],
    ['/api/v1/codes/a%00/X', 'provider'],
    ['/api/v1/codes/session-api/X?from=0', 'from'],
    ['/api/v1/codes/session-api/X?standing=known', 'standing'],
  ])('%.60s is refused', async (url, parameter) => {
    const { status, error } = await on.fail(url)
    expect([status, error.details]).toMatchObject([400, [{ parameter }]])
  })
})
