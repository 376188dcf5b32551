import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildApp } from '../../services/api/app.ts'
import { createLive, type Live } from '../../services/api/live/live.ts'
import type { Api } from '../../services/api/zod-provider.ts'
import type { CodeCount } from '../../services/consumer/code-counts.ts'
import { eventually } from '../e2e/up.ts'
import { appOnStore } from './app-on-store.ts'

const on = appOnStore()
let live: Live
let app: Api
let port: number
const requests: ClientRequest[] = []

beforeEach(async () => {
  live = createLive([], 1)
  app = buildApp({ ...on.parts, live })
  await app.listen({ port: 0, host: '127.0.0.1' })
  port = (app.server.address() as AddressInfo).port
})
afterEach(async () => {
  for (const request of requests.splice(0)) request.destroy()
  await app.close()
  live.close()
})

const one = (code: string): CodeCount => ({
  provider: 'session-api',
  code,
  standing: 'known',
  status: 429,
  service: 'checkout',
  service_version: '',
  count: 1,
})
const deliver = (...codes: string[]) => live.delivered({ codes: () => codes.map(one) })

interface Stream {
  answer: IncomingMessage
  /** All that came until now. */
  text: () => string
  ended: Promise<void>
}

const follow = (headers: Record<string, string> = {}) =>
  new Promise<Stream>((resolve, reject) => {
    const request = get(
      { port, host: '127.0.0.1', path: '/api/v1/stream', headers, agent: false },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        const ended = new Promise<void>((done) => answer.on('close', done))
        resolve({ answer, text: () => text, ended })
      },
    ).on('error', reject)
    requests.push(request)
  })
const comes = (stream: Stream, text: string | RegExp) =>
  eventually(async () => (stream.text().match(text) ? stream.text() : undefined), `${text} in the stream`)

test('events as they happen, with what the other answers have in their headers', async () => {
  const stream = await follow({ 'x-request-id': 'mine' })
  expect(stream.answer.statusCode).toBe(200)
  expect(stream.answer.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': 'mine',
    'x-content-type-options': 'nosniff',
  })
  await comes(stream, 'retry: 3000')
  deliver('RATE_LIMIT_EXCEEDED')
  expect(await comes(stream, 'RATE_LIMIT')).toMatch(/^id: \w+-\d+\nevent: counts\ndata: \{.*\}\n\n/m)
  expect(live.counters.open).toBe(1)
})

test('who comes back with Last-Event-ID gets what it missed', async () => {
  const first = await follow()
  deliver('A')
  const [, id = ''] = /^id: (.*)$/m.exec(await comes(first, '"A"')) ?? []
  requests.pop()?.destroy()
  await first.ended
  deliver('B')
  const again = await follow({ 'last-event-id': id })
  deliver('C')
  const text = await comes(again, '"C"')
  expect(text).toContain('"B"')
  expect(text).not.toContain('"A"')
  const stranger = await follow({ 'last-event-id': 'elsewhere-7' })
  await comes(stranger, 'event: gap')
})

test('one who does not read is dropped and counted, the others hear everything', async () => {
  const reader = await follow()
  const silent = connect(port, '127.0.0.1')
  silent.write('GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
  silent.pause()
  silent.on('error', () => {})
  await eventually(async () => live.counters.open === 2 || undefined, 'both to follow')
  // 50 long codes are 25 kB an event: a kernel takes some MB of them before the reader counts as slow.
  const long = Array.from({ length: 50 }, (_, i) => `${i}_${'X'.repeat(500)}`)
  await eventually(
    async () => {
      deliver(...long)
      return live.counters.slow === 1 || undefined
    },
    'the slow one to be dropped',
    60_000,
  )
  await eventually(async () => live.counters.open === 1 || undefined, 'its place to be free')
  // The long ones of the last tick may go first, and fill the event.
  await eventually(async () => {
    deliver('LAST')
    return reader.text().includes('"LAST"') || undefined
  }, 'the other to hear on')
  expect(live.counters.slow).toBe(1)
  silent.destroy()
})

test('the hundred and first is told to come back', async () => {
  for (let i = 0; i < 100; i++) await follow()
  const refused = await fetch(`http://127.0.0.1:${port}/api/v1/stream`)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
  expect(await refused.json()).toMatchObject({ success: false, error: { code: 'too_many_streams' } })
  requests.pop()?.destroy()
  await eventually(async () => live.counters.open === 99 || undefined, 'a place to be free')
  expect((await follow()).answer.statusCode).toBe(200)
})

test('a stop ends them, also those that do not read', async () => {
  const streams = [await follow(), await follow()]
  const silent = connect(port, '127.0.0.1')
  silent.write('GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
  silent.pause()
  silent.on('error', () => {})
  await eventually(async () => live.counters.open === 3 || undefined, 'all three to follow')
  await app.close()
  await Promise.all(streams.map(({ ended }) => ended))
  expect(live.counters.open).toBe(0)
  silent.destroy()
})

test('parameters that are none, and other methods, are refused', async () => {
  expect((await app.inject('/api/v1/stream?from=-1h')).json().error.code).toBe('invalid_parameter')
  expect((await app.inject({ method: 'HEAD', url: '/api/v1/stream' })).statusCode).toBe(405)
  expect((await app.inject({ method: 'POST', url: '/api/v1/stream' })).headers.allow).toBe('GET')
})
