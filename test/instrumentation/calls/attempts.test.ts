import { createHash } from 'node:crypto'
import http, { type RequestListener } from 'node:http'
import { trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import got from 'got'
import { Agent, interceptors, RetryAgent, request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withCall } from '../../../services/instrumentation/index.ts'
import { clients, type Sent } from '../client/clients.ts'
import { type Api, startApi } from '../client/server.ts'
import { type Official, startTelemetry, type Telemetry } from '../telemetry.ts'

let api: Api
let telemetry: Telemetry
/** What is answered, one after the other; 200 when there is nothing left. */
let statuses: number[] = []
let listener: RequestListener | null = null

beforeAll(async () => {
  api = await startApi((incoming, response) => {
    if (listener !== null && incoming.url === '/served') {
      listener(incoming, response)
      return
    }
    const status = statuses.shift() ?? 200
    const location = status < 400 && status >= 300 ? { location: incoming.url!.replace('from', 'to') } : {}
    response
      .writeHead(status, { 'retry-after': '0', ...location })
      .end(status >= 400 ? '{"code":"NO"}' : '{}')
  })
})
afterAll(() => api.close())
afterEach(async () => {
  statuses = []
  listener = null
  await telemetry.stop()
})

const attemptsOf = (spans: ReadableSpan[]) =>
  spans.map(({ attributes }) => attributes['http.request.resend_count'] ?? 0)
const idsOf = (spans: ReadableSpan[]) => new Set(spans.map(({ attributes }) => attributes['api.call_id']))

async function send(count: number, sent: Sent = {}, path = '/', client = clients.fetch!): Promise<void> {
  for (let i = 0; i < count; i++) await client(api.url + path, sent)
}

describe.each<Official>(['none', 'before', 'after'])('official instrumentations: %s', (official) => {
  beforeEach(async () => {
    telemetry = await startTelemetry({}, official)
  })

  test('sent again after a failure that may be retried, within one trace', async () => {
    statuses = [503, 503]
    await trace.getTracer('shop').startActiveSpan('order', async (span) => {
      await send(3)
      span.end()
    })
    const spans = await telemetry.clientSpans(3)
    expect(attemptsOf(spans)).toEqual([0, 1, 2])
    expect(idsOf(spans).size).toBe(1)
    expect([...idsOf(spans)][0]).toMatch(/^[0-9a-f]{16}$/)
  })

  test('node:http too', async () => {
    statuses = [503, 429]
    await send(3, {}, '/', clients.http!)
    const spans = await telemetry.clientSpans(3)
    expect(attemptsOf(spans)).toEqual([0, 1, 2])
    expect(idsOf(spans).size).toBe(1)
  })

  test('an Idempotency-Key is one call, whatever happens in between; its hash is the id', async () => {
    statuses = [503, 200, 400]
    await send(3, { method: 'POST', body: '1', headers: { 'Idempotency-Key': 'key-1' } })
    await send(1, { method: 'POST', body: '1', headers: { 'Idempotency-Key': 'key-2' } })
    const spans = await telemetry.clientSpans(4)
    expect(attemptsOf(spans)).toEqual([0, 1, 2, 0])
    const hash = createHash('sha256').update('key-1').digest('hex').slice(0, 32)
    expect(spans.map(({ attributes }) => attributes['api.call_id']).slice(0, 3)).toEqual([hash, hash, hash])
  })
})

describe('what is no retry', () => {
  beforeEach(async () => {
    telemetry = await startTelemetry()
  })

  test.each([
    ['after a success', [200, 200]],
    ['after a failure that no program may repeat', [400, 404]],
    ['after an auth challenge', [401, 401]],
  ])('%s', async (_, answers) => {
    statuses = answers
    await send(3)
    expect(attemptsOf(await telemetry.clientSpans(3))).toEqual([0, 0, 0])
  })

  test('another URL, another method, another length of body', async () => {
    statuses = [503, 503, 503, 503, 503]
    await send(1, {}, '/items/1')
    await send(1, {}, '/items/2')
    await send(1, { method: 'DELETE' }, '/items/1')
    await send(1, { method: 'POST', body: '{"item":1}' }, '/items')
    await send(1, { method: 'POST', body: '{"item":22}' }, '/items')
    expect(attemptsOf(await telemetry.clientSpans(5))).toEqual([0, 0, 0, 0, 0])
  })

  test('a redirect that is followed', async () => {
    statuses = [302, 200]
    await send(1, {}, '/from')
    const spans = await telemetry.clientSpans(2)
    expect(spans.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([302, 200])
    expect(attemptsOf(spans)).toEqual([0, 0])
  })

  test('an auth challenge within a call that has a key', async () => {
    statuses = [401, 503, 200]
    await send(3, { method: 'POST', body: '1', headers: { 'idempotency-key': 'key-3' } })
    expect(attemptsOf(await telemetry.clientSpans(3))).toEqual([0, 0, 1])
  })

  test('the same call made for another incoming request', async () => {
    statuses = Array.from({ length: 10 }, () => 503)
    listener = (_, response) => {
      clients.http!(`${api.url}/vendor`).then(() => response.end())
    }
    for (let i = 0; i < 3; i++) await fetch(`${api.url}/served`).then((answer) => answer.text())
    const spans = await telemetry.clientSpans(6)
    const toVendor = spans.filter(({ attributes }) => String(attributes['url.full']).endsWith('/vendor'))
    expect(attemptsOf(toVendor)).toEqual([0, 0, 0])
  })

  test('and a loop while an incoming request is answered is one', async () => {
    statuses = [503, 503]
    listener = async (_, response) => {
      for (let i = 0; i < 3; i++) await clients.fetch!(`${api.url}/vendor`)
      response.end()
    }
    await fetch(`${api.url}/served`).then((answer) => answer.text())
    const spans = await telemetry.clientSpans(4)
    const toVendor = spans.filter(({ attributes }) => String(attributes['url.full']).endsWith('/vendor'))
    expect(attemptsOf(toVendor)).toEqual([0, 1, 2])
  })
})

describe('clients that send again by themselves', () => {
  beforeEach(async () => {
    telemetry = await startTelemetry()
  })

  test('got', async () => {
    statuses = [503, 503]
    await got(api.url, { retry: { limit: 3, calculateDelay: ({ computedValue }) => computedValue && 1 } })
    const spans = await telemetry.clientSpans(3)
    expect(attemptsOf(spans)).toEqual([0, 1, 2])
    expect(idsOf(spans).size).toBe(1)
  })

  const retry = { minTimeout: 1, maxRetries: 3 }
  test.each([
    ['RetryAgent', () => new RetryAgent(new Agent(), retry)],
    ['retry interceptor', () => new Agent().compose(interceptors.retry(retry))],
  ])("undici's %s: each of several calls at once, on connections that others opened", async (_, make) => {
    const dispatcher = make()
    statuses = [503, 200]
    const once = async () => (await request(api.url, { dispatcher })).body.text()
    await once()
    statuses = [503, 503, 200, 200]
    await Promise.all([once(), once()])
    const spans = await telemetry.clientSpans(6)
    const attempts = attemptsOf(spans)
    expect(attempts.filter((attempt) => attempt === 0)).toHaveLength(3)
    expect(idsOf(spans).size).toBe(3)
    await dispatcher.close()
  })

  test('an SDK that says in a header which attempt it is', async () => {
    await send(1, { headers: { 'x-stainless-retry-count': '2' } })
    const invocation = 'amz-sdk-invocation-id'
    await send(
      1,
      { headers: { [invocation]: 'b7d1', 'amz-sdk-request': 'attempt=3; max=3' } },
      '/',
      clients.http!,
    )
    expect(attemptsOf(await telemetry.clientSpans(2))).toEqual([2, 2])
  })

  test('withCall, for loops that nothing else can tell', async () => {
    statuses = [400, 401]
    await withCall('order-7', async () => {
      await send(2, {}, '/from')
      await send(1, { method: 'POST' }, '/other')
      await new Promise<void>((resolve) => {
        http.get(`${api.url}/from`, (response) => response.resume().on('end', resolve))
      })
    })
    await send(1, {}, '/from')
    const spans = await telemetry.clientSpans(5)
    expect(spans.map(({ attributes }) => attributes['api.call_id'])).toEqual([
      'order-7',
      'order-7',
      'order-7',
      'order-7',
      undefined,
    ])
    // The second was challenged, and what follows a challenge is no further attempt; the third is another request.
    expect(attemptsOf(spans)).toEqual([0, 1, 0, 1, 0])
  })
})
