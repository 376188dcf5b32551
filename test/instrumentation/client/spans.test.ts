import { SpanStatusCode } from '@opentelemetry/api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Official, startTelemetry, type Telemetry } from '../telemetry.ts'
import { clients } from './clients.ts'
import { type Api, startApi } from './server.ts'

let api: Api
let telemetry: Telemetry

beforeAll(async () => {
  api = await startApi((request, response) => {
    const limits = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '7' }
    if (request.url === '/fine') {
      response.writeHead(200, limits).end('{}')
      return
    }
    response.writeHead(429, { ...limits, 'retry-after': '2', 'content-type': 'application/json' })
    response.write('{"error":{"code":"RATE_LIMIT_')
    setImmediate(() => response.end('EXCEEDED","message":"Slow down, a@b.example"},"request_id":"req_8f3a"}'))
  })
})
afterAll(() => api.close())

describe.each<Official>(['none', 'before', 'after'])('official instrumentations: %s', (official) => {
  beforeEach(async () => {
    telemetry = await startTelemetry({ providers: { shop: { hosts: ['127.0.0.1'] } } }, official)
  })
  afterEach(() => telemetry.stop())

  test.each(Object.keys(clients))('%s: one span, with the error on it', async (name) => {
    const { status, body } = await clients[name]!(`${api.url}/orders?key=secret`)
    expect([status, body.length]).toEqual([429, 99])
    const [span, ...more] = await telemetry.clientSpans(1)
    expect(more).toEqual([])
    expect(span!.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 429,
      'error.type': '429',
      'server.address': '127.0.0.1',
      'api.provider': 'shop',
      'api.error.code': 'RATE_LIMIT_EXCEEDED',
      'api.error.message': 'Slow down, [email]',
      'api.request_id': 'req_8f3a',
      'api.retry_after_ms': 2000,
      'api.ratelimit.limit': 100,
      'api.ratelimit.remaining': 7,
    })
    expect(span!.attributes['http.request.resend_count']).toBeUndefined()
    expect(span!.status.code).toBe(SpanStatusCode.ERROR)
    const { name: scope } = span!.instrumentationScope
    expect(scope).toMatch(official === 'none' ? /^@telltale/ : /^@opentelemetry/)
  })

  test.each(Object.keys(clients))('%s: a call that succeeds says its limits', async (name) => {
    await clients[name]!(`${api.url}/fine`)
    const [span, ...more] = await telemetry.clientSpans(1)
    expect(more).toEqual([])
    expect(span!.attributes).toMatchObject({
      'http.response.status_code': 200,
      'api.provider': 'shop',
      'api.ratelimit.remaining': 7,
    })
    expect(span!.attributes).not.toHaveProperty('api.error.code')
    expect(span!.status.code).toBe(SpanStatusCode.UNSET)
  })
})
