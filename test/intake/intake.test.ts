import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Accepted } from '../../services/contract/accepted.ts'
import { contentOf, LANES, MiB, post } from './start-intake.ts'

describe.each(LANES)('%s', (_lane, startIntake) => {
  const PROTOBUF = 'application/x-protobuf'
  const JSON_TYPE = 'application/json'
  const BOTH = [PROTOBUF, JSON_TYPE]
  const GZIP = { 'content-encoding': 'gzip' }

  describe('what is taken', () => {
    test.each([
      [PROTOBUF, 'protobuf'],
      [JSON_TYPE, 'json'],
      ['application/json; charset=utf-8', 'json'],
      ['Application/X-Protobuf;version=1', 'protobuf'],
    ])('%s', async (type, encoding) => {
      const { port, received } = await startIntake()
      const before = Date.now()
      const reply = await post(port, { type, body: 'some bytes' })
      expect(reply.status).toBe(200)
      expect(contentOf(reply)).toEqual({})
      expect(received).toEqual([
        { body: Buffer.from('some bytes'), encoding, arrivalMs: expect.closeTo(before, -5) },
      ])
    })

    test.each([1, 100, 65_536, 1_000_000])(
      'a body of %d bytes, packed or not, in one piece or in chunks',
      async (size) => {
        const { port, received } = await startIntake()
        const body = Buffer.from(Array.from({ length: size }, (_, i) => (i * 7919) >> 3))
        const chunked = { 'transfer-encoding': 'chunked' }
        for (const headers of [{}, chunked]) {
          expect((await post(port, { body, headers })).status).toBe(200)
          expect((await post(port, { body: gzipSync(body), headers: { ...headers, ...GZIP } })).status).toBe(
            200,
          )
        }
        expect(received.map((one) => one.body.equals(body))).toEqual([true, true, true, true])
      },
    )

    test('identity is as good as no content encoding', async () => {
      const { port } = await startIntake()
      expect((await post(port, { headers: { 'content-encoding': 'identity' } })).status).toBe(200)
    })

    test('an empty body is for the next stage to judge', async () => {
      const { port, received } = await startIntake()
      expect((await post(port)).status).toBe(200)
      expect(received).toMatchObject([{ body: Buffer.alloc(0) }])
    })

    test('a query is no part of the path', async () => {
      const { port } = await startIntake()
      expect((await post(port, { path: '/v1/traces?tenant=a' })).status).toBe(200)
    })

    test.each(['/v1/logs', '/v1/metrics'])('%s is checked, answered and dropped', async (path) => {
      const { port, received, counters } = await startIntake(undefined, { bodyBytes: 1000 })
      for (const type of BOTH) {
        const reply = await post(port, { path, type, body: gzipSync('anything'), headers: GZIP })
        expect([reply.status, contentOf(reply)]).toEqual([200, {}])
      }
      expect((await post(port, { path, body: 'not gzip', headers: GZIP })).status).toBe(400)
      expect((await post(port, { path, body: Buffer.alloc(1001) })).status).toBe(413)
      expect((await post(port, { path, type: 'text/plain' })).status).toBe(415)
      expect(received).toEqual([])
      expect(counters.answers[path === '/v1/logs' ? 'logs' : 'metrics']).toEqual({
        200: 2,
        400: 1,
        413: 1,
        415: 1,
      })
    })
  })

  describe('what the next stage says', () => {
    test.each(BOTH)('becomes the answer in the form of the request: %s', async (type) => {
      const answers: Accepted[] = [
        { status: 'done', rejectedSpans: 3, message: 'ids of the wrong length' },
        { status: 'done', rejectedSpans: 300 },
        { status: 'done', rejectedSpans: 0, message: 'a warning' },
        { status: 'reject', error: new Error('truncated at byte 7: "ü"') },
        { status: 'retry', error: new Error('the disk is full'), retryAfterSeconds: 2.5 },
        { status: 'retry', error: new Error('x'.repeat(10_000)), retryAfterSeconds: 0 },
      ]
      const { port } = await startIntake(() => answers.shift()!)
      const next = () => post(port, { type, body: '{}' })

      expect(contentOf(await next())).toEqual({
        partialSuccess: { rejectedSpans: '3', errorMessage: 'ids of the wrong length' },
      })
      expect(contentOf(await next())).toMatchObject({ partialSuccess: { rejectedSpans: '300' } })
      expect(contentOf(await next())).toMatchObject({ partialSuccess: { errorMessage: 'a warning' } })

      const rejected = await next()
      expect([rejected.status, contentOf(rejected)]).toEqual([
        400,
        { code: 3, message: 'truncated at byte 7: "ü"' },
      ])
      expect(rejected.headers['retry-after']).toBeUndefined()

      const later = await next()
      expect([later.status, contentOf(later)]).toEqual([503, { code: 14, message: 'the disk is full' }])
      expect(later.headers['retry-after']).toBe('3')
      expect((await next()).headers['retry-after']).toBe('1')
    })

    test('a mistake in it is logged, counted and not told', async () => {
      const mistake = new TypeError('secret of the house')
      const { port, logged, counters } = await startIntake(() => Promise.reject(mistake))
      const reply = await post(port, { type: JSON_TYPE, body: '{}' })
      expect([reply.status, contentOf(reply)]).toEqual([503, { code: 14, message: 'internal error' }])
      expect(reply.headers['retry-after']).toBe('1')
      expect(logged).toEqual([mistake])
      expect(counters).toMatchObject({ failures: 1, inFlightBytes: 0, answers: { traces: { 503: 1 } } })
    })
  })

  describe('what is refused', () => {
    test('paths, methods, media types and content encodings', async () => {
      const { port, received } = await startIntake()
      const refused = async (request: Parameters<typeof post>[1]) => {
        const reply = await post(port, { body: 'x', ...request })
        return { ...reply, ...(contentOf(reply) as { code: number; message: string }) }
      }
      for (const path of ['/', '/v1/trace', '/v1/traces/', '/__proto__', '/constructor', '*'])
        expect(await refused({ path })).toMatchObject({ status: 404, code: 12 })
      for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
        expect(await refused({ method })).toMatchObject({ status: 405, code: 12, headers: { allow: 'POST' } })
      for (const type of ['', 'text/plain', 'application/protobuf', 'application/jsonl', 'json', ';'])
        expect(await refused({ type })).toMatchObject({
          status: 415,
          code: 3,
          headers: { 'content-type': JSON_TYPE },
        })
      for (const coding of ['br', 'deflate', 'gzip, gzip', 'zstd', 'snappy'])
        expect(await refused({ headers: { 'content-encoding': coding } })).toMatchObject({
          status: 415,
          headers: { 'accept-encoding': 'gzip', 'content-type': PROTOBUF },
        })
      expect(received).toEqual([])
    })

    test('HEAD, whose answer has no body', async () => {
      const { port } = await startIntake()
      expect(await post(port, { method: 'HEAD' })).toMatchObject({ status: 405, body: Buffer.alloc(0) })
    })

    test.each(BOTH)('gzip that is none, is cut short or has a bit flipped: %s', async (type) => {
      const { port, received } = await startIntake()
      const good = gzipSync(Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) >> 3)))
      const flipped = Buffer.from(good)
      flipped[good.length - 6] ^= 1
      const corrupt = [
        Buffer.alloc(0),
        Buffer.from('plain'),
        good.subarray(0, 10),
        good.subarray(0, -1),
        flipped,
      ]
      for (const body of corrupt) {
        const reply = await post(port, { type, body, headers: GZIP })
        expect([reply.status, contentOf(reply)]).toEqual([
          400,
          { code: 3, message: 'the body is not valid gzip' },
        ])
      }
      expect(received).toEqual([])
    })

    test('more than the limit, announced or not, and exactly the limit is not more', async () => {
      const { port, received, counters } = await startIntake(undefined, { bodyBytes: 100_000 })
      const chunked = { 'transfer-encoding': 'chunked' }
      const send = async (size: number, headers: Record<string, string> = {}) => {
        const body = Buffer.alloc(size, 'x')
        const reply = await post(port, {
          headers,
          body: 'content-encoding' in headers ? gzipSync(body) : body,
        })
        return reply.status === 200 ? 200 : [reply.status, (contentOf(reply) as { code: number }).code]
      }
      for (const headers of [{}, chunked, GZIP, { ...chunked, ...GZIP }]) {
        expect(await send(100_000, headers)).toBe(200)
        expect(await send(100_001, headers)).toEqual([413, 8])
      }
      expect(received).toHaveLength(4)
      expect(counters.inFlightBytes).toBe(0)
    })

    test('a gzip bomb, long before it is unpacked', async () => {
      const { port, received, counters } = await startIntake()
      // 64 parts of 16 MiB, the way a bomb is cheapest to build: a GiB in a MiB.
      const part = gzipSync(Buffer.alloc(16 * MiB))
      const bomb = Buffer.concat(Array.from({ length: 64 }, () => part))
      const before = process.memoryUsage().rss
      const replies = await Promise.all(
        Array.from({ length: 8 }, () => post(port, { body: bomb, headers: GZIP })),
      )
      expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(413))
      expect(process.memoryUsage().rss - before).toBeLessThan(512 * MiB)
      expect(received).toEqual([])
      expect(counters).toMatchObject({ bodyBytes: 0, inFlightBytes: 0 })
    })
  })

  test('counts what it did', async () => {
    const { port, counters } = await startIntake()
    const body = Buffer.alloc(1000)
    const packed = gzipSync(body)
    await post(port, { body })
    await post(port, { body: packed, headers: GZIP })
    await post(port, { path: '/nowhere' })
    expect(counters).toEqual({
      answers: { traces: { 200: 2 }, logs: {}, metrics: {}, other: { 404: 1 } },
      wireBytes: 1000 + packed.length,
      bodyBytes: 2000,
      aborted: 0,
      droppedConnections: 0,
      failures: 0,
      inFlightBytes: 0,
    })
  })
})
