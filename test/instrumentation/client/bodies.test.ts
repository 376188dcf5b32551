import type { IncomingMessage, ServerResponse } from 'node:http'
import zlib from 'node:zlib'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Official, startTelemetry, type Telemetry } from '../telemetry.ts'
import { type Client, clients } from './clients.ts'
import { type Api, startApi } from './server.ts'

const ERROR = Buffer.from(
  '{"error":{"code":"QUOTA_EXCEEDED","message":"No more today"},"request_id":"req_1"}',
)
const ENCODINGS: Record<string, (body: Buffer) => Buffer> = {
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  'deflate without its frame': zlib.deflateRawSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void
let answer: Answer
let api: Api
let telemetry: Telemetry

beforeAll(async () => {
  api = await startApi((request, response) => answer(request, response))
})
afterAll(() => api.close())
afterEach(() => telemetry.stop())

/** One call of each kind of client, and its one span. */
const two: [string, Client][] = [
  ['fetch', clients.fetch!],
  ['http', clients.http!],
]

async function spanOf(client: Client, given: Answer, official: Official = 'none'): Promise<ReadableSpan> {
  answer = given
  telemetry = await startTelemetry({}, official)
  await client(`${api.url}/`).catch(() => undefined)
  const [span] = await telemetry.clientSpans(1)
  return span!
}

describe.each(two)('%s', (_, client) => {
  test.each(Object.keys(ENCODINGS))('an error in %s', async (encoding) => {
    const body = ENCODINGS[encoding]!(ERROR)
    const headers = { 'content-encoding': encoding.split(' ')[0]!, 'content-type': 'application/json' }
    const span = await spanOf(client, (_, response) => response.writeHead(402, headers).end(body))
    expect(span.attributes['api.error.code']).toBe('QUOTA_EXCEEDED')
  })

  test('10 MB of an error: its beginning is read', async () => {
    const body = Buffer.concat([ERROR.subarray(0, -1), Buffer.from(`,"more":"${'x'.repeat(10 << 20)}"}`)])
    const span = await spanOf(client, (_, response) => response.writeHead(402).end(body))
    expect(span.attributes['api.error.code']).toBe('QUOTA_EXCEEDED')
  })

  test('a decompression bomb: its beginning is read', async () => {
    const plain = Buffer.concat([ERROR.subarray(0, -1), Buffer.from(`,"more":"${' '.repeat(8 << 20)}"}`)])
    const headers = { 'content-encoding': 'gzip' }
    const span = await spanOf(client, (_, response) =>
      response.writeHead(402, headers).end(zlib.gzipSync(plain)),
    )
    expect(span.attributes['api.error.code']).toBe('QUOTA_EXCEEDED')
  })

  test('what is called gzip and is not: the rest is said', async () => {
    const headers = { 'content-encoding': 'gzip', 'x-request-id': 'req_2' }
    const span = await spanOf(client, (_, response) => response.writeHead(402, headers).end(ERROR))
    expect(span.attributes).toMatchObject({ 'http.response.status_code': 402, 'api.request_id': 'req_2' })
    expect(span.attributes).not.toHaveProperty('api.error.code')
  })

  test.each<Official>(['none', 'before', 'after'])(
    'an answer that breaks off, official: %s',
    async (official) => {
      const cut: Answer = (_, response) => {
        response.writeHead(402, { 'content-length': '1000' })
        response.write(ERROR)
        setTimeout(() => response.destroy(), 20)
      }
      const span = await spanOf(client, cut, official)
      expect(span.attributes).toMatchObject({
        'http.response.status_code': 402,
        'api.error.code': 'QUOTA_EXCEEDED',
      })
    },
  )

  test('invalid JSON: what can be read of it', async () => {
    const span = await spanOf(client, (_, response) => response.writeHead(402).end(ERROR.subarray(0, 40)))
    expect(span.attributes['api.error.code']).toBe('QUOTA_EXCEEDED')
  })

  test('no body: the headers are read', async () => {
    const span = await spanOf(client, (_, response) =>
      response.writeHead(503, { 'retry-after': '7', 'x-error-code': 'DOWN' }).end(),
    )
    expect(span.attributes).toMatchObject({ 'api.error.code': 'DOWN', 'api.retry_after_ms': 7000 })
  })

  test('HEAD', async () => {
    const head: Client = (url) => client(url, { method: 'HEAD' })
    const headers = { 'content-length': '10', 'x-error-code': 'DOWN' }
    const span = await spanOf(head, (_, response) => response.writeHead(503, headers).end())
    expect(span.attributes).toMatchObject({ 'http.request.method': 'HEAD', 'api.error.code': 'DOWN' })
  })

  test('no connection', async () => {
    const closed = await startApi(() => undefined)
    await closed.close()
    telemetry = await startTelemetry()
    await expect(client(closed.url)).rejects.toThrow()
    const [span] = await telemetry.clientSpans(1)
    expect(span!.attributes['error.type']).toBe('ECONNREFUSED')
    expect(await telemetry.counts('api.client.errors')).toEqual([
      { attributes: { 'error.type': 'ECONNREFUSED', 'server.address': '127.0.0.1' }, value: 1 },
    ])
  })
})

test('an answer of 200 is read only where the API is said to hide errors in it', async () => {
  answer = (_, response) => response.end('{"ok":false,"error":"channel_not_found"}')
  telemetry = await startTelemetry({ providers: { chat: { hosts: ['127.0.0.1'], errorsIn200: true } } })
  await clients.fetch!(api.url)
  await clients.http!(api.url)
  for (const { attributes, status } of await telemetry.clientSpans(2)) {
    expect(attributes).toMatchObject({
      'http.response.status_code': 200,
      'api.error.code': 'channel_not_found',
      'api.provider': 'chat',
      'error.type': 'channel_not_found',
    })
    expect(status.code).toBe(2)
  }
  await telemetry.stop()
  telemetry = await startTelemetry()
  await clients.fetch!(api.url)
  const [span] = await telemetry.clientSpans(1)
  expect(span!.attributes).not.toHaveProperty('api.error.code')
})

test('errors are counted by code, provider and status', async () => {
  answer = (_, response) => response.writeHead(402).end(ERROR)
  telemetry = await startTelemetry({ providers: { shop: { hosts: ['127.0.0.1'] } } }, 'before')
  await clients.fetch!(api.url)
  await clients.http!(api.url)
  await telemetry.clientSpans(2)
  const [point, ...more] = await telemetry.counts('api.client.errors')
  expect(more).toEqual([])
  expect(point).toEqual({
    attributes: {
      'api.error.code': 'QUOTA_EXCEEDED',
      'api.provider': 'shop',
      'http.response.status_code': 402,
      'error.type': '402',
    },
    value: 2,
  })
})

test('messages can be kept out, and limits of successful answers', async () => {
  answer = ({ url }, response) =>
    response.writeHead(url === '/fine' ? 200 : 402, { 'x-ratelimit-remaining': '3' }).end(ERROR)
  telemetry = await startTelemetry({ captureMessage: false, captureLimits: false })
  await clients.fetch!(`${api.url}/`)
  await clients.fetch!(`${api.url}/fine`)
  const [failed, fine] = await telemetry.clientSpans(2)
  expect(failed!.attributes).toMatchObject({
    'api.error.code': 'QUOTA_EXCEEDED',
    'api.ratelimit.remaining': 3,
  })
  expect(failed!.attributes).not.toHaveProperty('api.error.message')
  expect(fine!.attributes).not.toHaveProperty('api.ratelimit.remaining')
})

test('without spans of its own it still counts', async () => {
  answer = (_, response) => response.writeHead(402).end(ERROR)
  telemetry = await startTelemetry({ spans: false })
  await clients.fetch!(api.url)
  expect((await telemetry.counts('api.client.errors')).map(({ value }) => value)).toEqual([1])
  expect(telemetry.spans()).toEqual([])
})

test('nothing of a query, a body or a header that is not named gets on a span', async () => {
  answer = (_, response) =>
    response
      .writeHead(402, { 'set-cookie': 'a=hush', 'x-internal': 'hush' })
      .end('{"error":{"code":"NO","data":"hush"}}')
  telemetry = await startTelemetry()
  const sent = {
    method: 'POST',
    body: 'hush',
    headers: { authorization: 'Bearer hush', 'idempotency-key': 'hush' },
  }
  await clients.fetch!(`${api.url}/path?token=hush`, sent)
  await clients.http!(`${api.url}/path?token=hush`, sent)
  const spans = await telemetry.clientSpans(2)
  expect(spans.map(({ attributes }) => attributes['api.error.code'])).toEqual(['NO', 'NO'])
  expect(
    JSON.stringify(spans.map(({ attributes, events, name, status }) => [attributes, events, name, status])),
  ).not.toContain('hush')
})
