import { beforeAll, describe, expect, test } from 'vitest'
import type { LookupAnswer } from '../../services/api/lookup-answer.ts'
import type { QuotaRow } from '../../services/store/queries/quotas.ts'
import { appOnStore } from './app-on-store.ts'
import { pagesOf } from './pages.ts'
import { store } from './stored-rows.ts'

const on = appOnStore()

const MINUTE = 60_000
/** In the middle of a minute of the last hour, so that what follows within seconds is in the same one. */
const then = Math.floor((Date.now() - 20 * MINUTE) / MINUTE) * MINUTE + 10_000
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SCRIPT = `<script>alert("'x'")</script>`
const UNKNOWN = {
  code: SCRIPT,
  standing: 'unknown',
  retry: 'unknown',
  retryable: false,
  class: 'internal',
  status: 500,
}

beforeAll(async () => {
  await store(on.client, 'errors', [
    // A call that succeeds at its third try.
    { ts: then, request_id: 'req_a0', call_id: 'call_a', retry_after_ms: 2000, message: 'slow down' },
    { ts: then + 2_500, request_id: 'req_a1', call_id: 'call_a', attempt: 1 },
    // One whose id was longer than what is stored of it.
    { ts: then - 14_400 * MINUTE, request_id: `long-${'ü'.repeat(125)}`, service: 'long' },
    // One that fails for good, with the code of another kind.
    {
      ts: then + 3_000,
      request_id: 'req_b0',
      trace_id: TRACE,
      other_request_ids: 'req_b0_edge\nreq_b0_inner',
    },
    {
      ts: then + 4_000,
      request_id: 'req_b1',
      trace_id: TRACE,
      attempt: 1,
      code: 'AUTH_INVALID_KEY',
      status: 401,
      retry: 'never',
      retryable: false,
      class: 'auth',
    },
    { ...UNKNOWN, ts: then + 5_000, request_id: 'req_c', provider: 'wallet-gateway', service: 'wallet' },
    {
      ...UNKNOWN,
      ts: then - 3 * 3_600_000,
      request_id: 'req_d',
      provider: 'wallet-gateway',
      service: 'ledger',
      service_version: '0.9',
    },
    {
      ts: then + 6_000,
      request_id: `'; DROP TABLE errors; --`,
      code: '',
      standing: 'uncoded',
      status: 503,
      retry: 'backoff',
    },
  ])
  await store(on.client, 'attempts', [
    { ts: then + 6_000, request_id: 'req_a2', call_id: 'call_a', attempt: 2 },
  ])
  await store(on.client, 'quota_samples', [
    { ts: then, remaining: 500 },
    { ts: then + 30_000, remaining: 12, reset: then + 60_000 },
    { ts: then, provider: 'generation-api', name: 'credits', limit: null, remaining: 3 },
  ])
})

describe('GET /api/v1/requests/{id}', () => {
  const look = async (id: string) =>
    (await on.get<LookupAnswer>(`/api/v1/requests/${encodeURIComponent(id)}`)).data

  test('finds an id by what is stored of it, however much longer it was', async () => {
    for (const longer of ['', 'ü', 'ü'.repeat(300)]) {
      const answer = await look(`long-${'ü'.repeat(125)}${longer}`)
      expect(answer).toMatchObject({ request_id: `long-${'ü'.repeat(125)}`, matched: ['request_id'] })
    }
  })

  test('tells of every attempt in order, and that a later one succeeded', async () => {
    const answer = await look('req_a0')
    expect(answer.request_id).toBe('req_a0')
    expect(answer.attempts.map(({ attempt, succeeded, status }) => [attempt, succeeded, status])).toEqual([
      [0, false, 429],
      [1, false, 429],
      [2, true, 200],
    ])
    expect(Date.parse(answer.first_seen)).toBe(then)
    expect(Date.parse(answer.last_seen)).toBe(then + 6_000)
    expect(answer.attempts[0]).toMatchObject({
      retry_after_ms: 2000,
      message: 'slow down',
      call_id: 'call_a',
    })
    expect(answer.verdict).toMatchObject({
      ended: 'succeeded',
      code: 'RATE_LIMIT_EXCEEDED',
      retry: 'after_wait',
      retryable: true,
      standing: 'known',
      meaning: 'Too many requests',
    })
    expect(answer.verdict.reply).toContain('went through in the end, on retry 2')
  })

  test('any attempt of a logical call leads to all of them, the one that succeeded too', async () => {
    for (const id of ['req_a1', 'req_a2', 'call_a']) expect((await look(id)).attempts).toHaveLength(3)
  })

  test('the verdict is of the last failure, in the words of its catalog', async () => {
    const { verdict, attempts } = await look(TRACE)
    expect(attempts.map(({ request_id }) => request_id)).toEqual(['req_b0', 'req_b1'])
    expect(verdict).toMatchObject({
      ended: 'failed',
      provider: 'session-api',
      code: 'AUTH_INVALID_KEY',
      status: 401,
      meaning: 'Invalid API Key',
      action: 'Check key',
      retry: 'never',
      retryable: false,
      standing: 'known',
      docs: 'https://docs.session.example/errors',
    })
    expect(verdict.retry_advice).toMatch(/^No\./)
    expect(verdict.reply).toMatch(/Sending it again will not help/)
  })

  test('a trace id in capitals, and every other id that a span carried, do too', async () => {
    expect((await look(TRACE.toUpperCase())).attempts).toHaveLength(2)
    expect((await look('req_b0_inner')).attempts).toHaveLength(1)
  })

  test('an id that is several things says so, tells them apart, and is answered', async () => {
    await store(on.client, 'errors', [
      { ts: then, request_id: 'same', trace_id: '1'.repeat(32), service: 'one' },
      { ts: then + 1_000, request_id: 'same', trace_id: '1'.repeat(32), service: 'one', side: 'server' },
      { ts: then + 2_000, call_id: 'same', provider: 'wallet-gateway', service: 'two' },
    ])
    const { matched, candidates, verdict, attempts } = await look('same')
    expect(matched).toEqual(['request_id', 'call_id'])
    expect(candidates).toMatchObject([
      { matched: ['request_id'], provider: 'session-api', service: 'one', attempts: 2, positions: [0, 1] },
      { matched: ['call_id'], provider: 'wallet-gateway', service: 'two', attempts: 1, positions: [2] },
    ])
    expect(candidates.map(({ first_seen }) => Date.parse(first_seen))).toEqual([then, then + 2_000])
    expect(candidates.map(({ verdict }) => verdict.provider)).toEqual(['session-api', 'wallet-gateway'])
    expect(attempts).toHaveLength(3)
    expect(verdict.provider).toBe('wallet-gateway')
    expect(await look('req_a0')).toMatchObject({ matched: ['request_id'], candidates: [{ attempts: 3 }] })
    expect(await look(TRACE)).toMatchObject({ matched: ['trace_id'], candidates: [{ attempts: 2 }] })
    expect((await look('req_b0_inner')).matched).toEqual(['other_request_id'])
  })

  test('a code that nobody documented comes back unchanged, and is called that', async () => {
    const { verdict } = await look('req_c')
    expect(verdict).toMatchObject({ code: SCRIPT, standing: 'unknown', retry: 'unknown' })
    expect(verdict.reply).toContain(SCRIPT)
    expect(verdict.retry_advice).toMatch(/^Unknown\./)
  })

  test('an id is a value, whatever it looks like', async () => {
    expect((await look(`'; DROP TABLE errors; --`)).attempts).toHaveLength(1)
    for (const id of ['%', '\\', '{id:String}', '\n\n', '../../etc/passwd', 'a/b?c#d', '日本', '\u0001']) {
      const { status, error } = await on.fail(`/api/v1/requests/${encodeURIComponent(id)}`)
      expect([id, status, error.code]).toEqual([id, 404, 'request_not_found'])
    }
  })

  test('what is not there: 404, and where ids come from', async () => {
    const { status, error } = await on.fail('/api/v1/requests/req_nobody')
    expect(status).toBe(404)
    expect(error).toMatchObject({ code: 'request_not_found', details: { request_id: 'req_nobody' } })
    expect(error.message).toContain('X-Request-Id')
  })
})

describe('GET /api/v1/quotas', () => {
  test('the latest reading of each limit, the emptiest first', async () => {
    const { data } = await on.get<QuotaRow[]>('/api/v1/quotas')
    expect(data.map(({ provider, name, limit, remaining }) => [provider, name, limit, remaining])).toEqual([
      ['session-api', 'requests', 1000, 12],
      ['generation-api', 'credits', null, 3],
    ])
    expect(Date.parse(data[0].reset as string)).toBe(then + 60_000)
    for (const filter of [
      'provider=generation-api',
      'name=credits',
      'limit=1',
      'environment=production&name=credits',
    ])
      expect((await on.get<QuotaRow[]>(`/api/v1/quotas?${filter}`)).data).toHaveLength(1)
    expect((await on.get<QuotaRow[]>('/api/v1/quotas?consumer=nobody')).data).toEqual([])
    const names: string[] = []
    for await (const page of pagesOf<QuotaRow>(on, '/api/v1/quotas?limit=1'))
      names.push(...page.data.map(({ name }) => name))
    expect(names).toEqual(['requests', 'credits'])
  })
})

describe('an answer that is had already', () => {
  test('is not sent again, until its data changes', async () => {
    const url = '/api/v1/requests/req_c'
    const first = await on.app.inject(url)
    const { etag } = first.headers
    expect([etag, first.headers['cache-control']]).toEqual([
      expect.stringMatching(/^W\/"/),
      'private, no-cache',
    ])
    const again = await on.app.inject({ url, headers: { 'if-none-match': String(etag) } })
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag])
    expect((await on.app.inject({ url, headers: { 'if-none-match': 'W/"other"' } })).statusCode).toBe(200)
    await store(on.client, 'errors', [{ ...UNKNOWN, ts: then + 5_500, request_id: 'req_c' }])
    expect((await on.app.inject({ url, headers: { 'if-none-match': String(etag) } })).statusCode).toBe(200)
    expect((await on.app.inject('/api/v1/requests/nobody')).headers.etag).toBeUndefined()
  })
})

describe('health', () => {
  test('/healthz says that it lives, and where spans go', async () => {
    const { data } = await on.get('/healthz')
    expect(data).toMatchObject({
      status: 'alive',
      version: '0.0.0-test',
      spans_received: 7,
      otlp_url: 'http://127.0.0.1:4318',
    })
  })

  test('/readyz says that it can work', async () => {
    expect((await on.get('/readyz')).data).toEqual({ status: 'ready', checks: [{ name: 'store', ok: true }] })
  })
})
