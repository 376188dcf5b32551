import { once } from 'node:events'
import http from 'node:http'
import { context, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
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

describe('what else may happen to a span', () => {
  afterEach(() => telemetry.stop())

  test('the official instrumentation comes later than the first calls: its spans, and one a call', async () => {
    telemetry = await startTelemetry()
    await fetch(`${api.url}/fine`)
    expect((await telemetry.clientSpans(1)).map(scopeOf)).toEqual(['@telltale/instrumentation'])
    const late = new UndiciInstrumentation()
    try {
      for (let i = 0; i < 3; i++) await clients.fetch!(`${api.url}/orders`)
      const spans = await telemetry.clientSpans(3)
      expect(spans.map(scopeOf)).toEqual(
        Array.from({ length: 3 }, () => '@opentelemetry/instrumentation-undici'),
      )
      for (const { attributes } of spans) expect(attributes['api.error.code']).toBe('RATE_LIMIT_EXCEEDED')
    } finally {
      late.disable()
    }
  })

  test('the server gets its context, and nothing where the application sends one itself', async () => {
    telemetry = await startTelemetry()
    const heard: unknown[] = []
    const server = await startApi((request, response) => {
      heard.push(request.headers.traceparent)
      response.end()
    })
    const given = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    try {
      await clients.fetch!(server.url)
      await clients.http!(server.url)
      const spans = await telemetry.clientSpans(2)
      expect(heard).toEqual(
        spans.map((span) => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`),
      )
      for (const name of ['fetch', 'http'])
        await clients[name]!(server.url, { headers: { traceparent: given } })
      expect(heard.slice(2)).toEqual([given, given])
      expect(telemetry.spans().filter(({ kind }) => kind === SpanKind.CLIENT)).toEqual([])
    } finally {
      await server.close()
    }
  })

  test('what an exporter sends is no call', async () => {
    telemetry = await startTelemetry()
    await context.with(suppressTracing(context.active()), async () => {
      await clients.fetch!(`${api.url}/orders`)
      await clients.http!(`${api.url}/orders`)
    })
    expect(telemetry.spans().filter(({ kind }) => kind === SpanKind.CLIENT)).toEqual([])
    expect(await telemetry.counts('api.client.errors')).toEqual([])
  })

  test.each([
    ['fetch', fetchUntilData],
    ['http', httpUntilData],
  ])('an error that never ends, until the application gives up: %s', async (_, untilData) => {
    telemetry = await startTelemetry()
    const server = await startApi((_, response) => {
      response.writeHead(500).write('{"error":{"code":"STUCK","message":"')
    })
    try {
      const aborting = new AbortController()
      await expect(untilData(server.url, aborting)).rejects.toThrow('abort')
      const [span] = await telemetry.clientSpans(1)
      expect(span!.attributes).toMatchObject({
        'http.response.status_code': 500,
        'api.error.code': 'STUCK',
      })
    } finally {
      await server.close()
    }
  })
})

/** Gives up as soon as some of the body is there, and reads on. */
async function fetchUntilData(url: string, aborting: AbortController): Promise<void> {
  const { body } = await fetch(url, { signal: aborting.signal })
  for await (const _ of body!) aborting.abort()
}

async function httpUntilData(url: string, aborting: AbortController): Promise<void> {
  const request = http.get(url, { signal: aborting.signal }).on('error', () => {})
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  for await (const _ of response) aborting.abort()
}

const scopeOf = ({ instrumentationScope }: ReadableSpan): string => instrumentationScope.name
