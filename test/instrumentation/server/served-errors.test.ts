import { SpanStatusCode, trace } from '@opentelemetry/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CountedError } from '../../../services/instrumentation/observe/error-counter.ts'
import { observeServers } from '../../../services/instrumentation/server/observe-servers.ts'
import type { Listening } from '../listening.ts'
import { FRAMEWORKS, startApp } from './apps.ts'
import { startSdk } from './spans.ts'

const sdk = startSdk()
const counted: CountedError[] = []
const observer = observeServers({
  tracer: trace.getTracer('test'),
  countError: (error) => counted.push(error),
  captureMessage: true,
  spans: true,
  consumerOf: ({ headers }) => headers['x-client-id'],
  envelope: {},
})
afterAll(async () => {
  observer.stop()
  await sdk.shutdown()
})
beforeEach(() => {
  sdk.reset()
  counted.length = 0
})

async function get(app: Listening, path: string, init: RequestInit = {}): Promise<void> {
  const response = await fetch(app.url + path, init)
  await response.text().catch(() => '')
}

describe.each(FRAMEWORKS)('%s', (framework) => {
  let app: Listening
  beforeAll(async () => {
    app = await startApp(framework, null)
  })
  afterAll(() => app.close())

  test('an error says its code, its request id, who called and how long to wait', async () => {
    await get(app, '/orders/17?key=secret', {
      headers: { 'x-client-id': 'shop-7', 'idempotency-key': 'k1', 'user-agent': 'shop-sdk/1.2 (Linux)' },
    })
    const { attributes, status, name } = await sdk.one()
    expect(attributes).toMatchObject({
      'api.error.code': 'RATE_LIMIT_EXCEEDED',
      'api.error.message': 'Too many requests',
      'api.request_id': 'req_rate_limit_exceeded',
      'api.retry_after_ms': 2000,
      'api.consumer': 'shop-7',
      'api.call_id': expect.stringMatching(/^[0-9a-f]{32}$/),
      'http.request.method': 'GET',
      'http.response.status_code': 429,
      'url.path': '/orders/17',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': app.port,
      'user_agent.original': 'shop-sdk/1.2',
    })
    expect(JSON.stringify(attributes)).not.toContain('secret')
    expect(status.code).toBe(SpanStatusCode.UNSET)
    expect(counted).toEqual([{ code: 'RATE_LIMIT_EXCEEDED', provider: null, status: 429, type: '429' }])
    const route = framework.startsWith('express') ? '/orders/:id' : undefined
    expect([name, attributes['http.route']]).toEqual([route ? `GET ${route}` : 'GET', route])
  })

  test('a success says nothing but that it was one', async () => {
    await get(app, '/ok')
    const { attributes, status } = await sdk.one()
    expect(attributes['http.response.status_code']).toBe(200)
    expect(Object.keys(attributes).filter((name) => name.startsWith('api.'))).toEqual([])
    expect(status.code).toBe(SpanStatusCode.UNSET)
    expect(counted).toEqual([])
  })

  test.each([
    ['thrown in a handler and answered by an error handler', '/throws', 422, 'OUT_OF_STOCK'],
    ['rejected', '/rejects', 422, 'OUT_OF_STOCK'],
    ['of no route', '/nowhere', 404, 'NO_SUCH_ROUTE'],
    ['with headers given to writeHead alone', '/raw/head-only', 409, 'ALREADY_THERE'],
    ['in parts', '/raw/parts', 500, 'IN_PARTS'],
    ['from a buffer that is filled anew', '/raw/reused-buffer', 500, 'FIRST'],
    ['cut short', '/raw/cut', 502, 'CUT_SHORT'],
    ['gzip', '/raw/gzip', 503, 'ZIPPED'],
    ['brotli', '/raw/br', 503, 'BROTLI'],
    ['half a JSON', '/raw/no-json', 500, 'HALF'],
    ['of 10 MB', '/raw/big', 500, 'LARGE'],
    ['a decompression bomb', '/raw/bomb', 500, undefined],
    ['without a body', '/raw/nothing', 500, undefined],
  ])('an error %s', async (_, path, status, code) => {
    await get(app, path).catch(() => {})
    const span = await sdk.one()
    expect(span.attributes['http.response.status_code']).toBe(status)
    expect(span.attributes['api.error.code']).toBe(code)
    expect(span.status.code).toBe(status >= 500 ? SpanStatusCode.ERROR : SpanStatusCode.UNSET)
    expect(counted).toHaveLength(1)
    if (path === '/raw/head-only') expect(span.attributes['api.request_id']).toBe('req_raw')
    if (path === '/raw/bomb') expect(span.attributes['api.request_id']).toBe('req_bomb')
  })

  test('HEAD: status and headers, for no body is sent', async () => {
    await get(app, '/raw/head-only', { method: 'HEAD' })
    const { attributes } = await sdk.one()
    expect(attributes['http.response.status_code']).toBe(409)
    expect(attributes['api.request_id']).toBe('req_raw')
    expect(attributes['api.error.code']).toBeUndefined()
  })

  test('the span is a child of the caller, and parent of what the handler does', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    await get(app, '/ok', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } })
    const span = await sdk.one()
    expect(span.spanContext().traceId).toBe(traceId)
    expect(span.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
  })
})
