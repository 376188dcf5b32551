import { createServer, Server, ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { observeServers } from '../../../services/instrumentation/server/observe-servers.ts'
import type { ServerTelemetry } from '../../../services/instrumentation/server/server-telemetry.ts'
import type { Listening } from '../listening.ts'
import { until } from '../telemetry.ts'
import { BIG, FRAMEWORKS, type Framework, startApp } from './apps.ts'
import { startSdk } from './spans.ts'

const sdk = startSdk()
const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  sdk.reset()
  expect(unhandled).toEqual([])
})
afterAll(() => sdk.shutdown())

const telemetry = (): ServerTelemetry => ({
  tracer: trace.getTracer('test'),
  countError: () => {},
  captureMessage: true,
  spans: true,
  consumerOf: null,
  envelope: {},
})

const fail = (): never => {
  throw new Error('a callback that throws')
}
const hostileSpan = new Proxy({} as Span, { get: () => fail })

/** Whatever of ours is called, throws. */
const hostile: Record<string, () => ServerTelemetry> = {
  'a tracer that throws': () => ({ ...telemetry(), tracer: { startSpan: fail } as unknown as Tracer }),
  'a span that throws': () => ({
    ...telemetry(),
    tracer: { startSpan: () => hostileSpan } as unknown as Tracer,
    countError: fail,
    consumerOf: fail,
  }),
  'settings that throw': () =>
    new Proxy(telemetry(), {
      get: fail,
    }),
}

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`
const last = 'Connection: close\r\n'

/** Each on a connection of its own, as it is sent. */
const SCRIPT: [name: string, sent: string][] = [
  ...[
    '/ok',
    '/orders/17',
    '/throws',
    '/rejects',
    '/nowhere',
    '/raw/head-only',
    '/raw/parts',
    '/raw/reused-buffer',
    '/raw/cut',
    '/raw/gzip',
    '/raw/br',
    '/raw/bomb',
    '/raw/no-json',
    '/raw/big',
    '/raw/no-content',
    '/raw/not-modified',
    '/raw/nothing',
  ].map((path): [string, string] => [path, get(path, last)]),
  ['HEAD', `HEAD /orders/17 HTTP/1.1\r\nHost: a\r\n${last}\r\n`],
  ['HTTP/1.0', 'GET /orders/17 HTTP/1.0\r\n\r\n'],
  [
    'kept alive and pipelined',
    get('/ok') +
      get('/orders/17') +
      get('/raw/parts') +
      get('/raw/gzip') +
      get('/raw/no-content') +
      get('/ok', last),
  ],
  [
    'expect 100',
    `POST /nowhere HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n${last}\r\n{}`,
  ],
  ['no HTTP', 'nonsense\r\n\r\n'],
]

async function transcript(app: Listening): Promise<Record<string, string>> {
  const said: Record<string, string> = {}
  for (const [name, sent] of SCRIPT) said[name] = await exchange(app.port, sent)
  return said
}

function exchange(port: number, sent: string): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(sent))
    socket.on('data', (part) => parts.push(part))
    // A reset is an end like another: what came before counts.
    socket.on('error', () => {})
    socket.on('close', () => resolve(normal(Buffer.concat(parts).toString('latin1'))))
  })
}

/** The clock is the only thing that may differ. */
const normal = (text: string) => text.replace(/\r\nDate: [^\r]*/g, '\r\nDate: now')

const plain = new Map<Framework, Record<string, string>>()
async function withoutHook(framework: Framework): Promise<Record<string, string>> {
  if (!plain.has(framework)) {
    const app = await startApp(framework, null)
    plain.set(framework, await transcript(app))
    await app.close()
  }
  return plain.get(framework)!
}

function observe(what: ServerTelemetry): void {
  const observer = observeServers(what)
  stops.push(() => observer.stop())
}

async function start(
  framework: Framework,
  plugin: Parameters<typeof startApp>[1] = null,
): Promise<Listening> {
  const app = await startApp(framework, plugin)
  stops.push(app.close)
  return app
}

describe.each(FRAMEWORKS)('%s answers byte for byte the same', (framework) => {
  test('with the hook, and every request has its span', async () => {
    const expected = await withoutHook(framework)
    expect(expected['/raw/big']!.length).toBeGreaterThan(BIG)
    observe(telemetry())
    expect(await transcript(await start(framework))).toEqual(expected)
    const requests = SCRIPT.length - 1 + 5
    await until(() => sdk.servers().length >= requests)
    expect(sdk.servers()).toHaveLength(requests)
  })

  test('with the plugin too', async () => {
    const expected = await withoutHook(framework)
    observe(telemetry())
    expect(await transcript(await start(framework, { consumer: fail }))).toEqual(expected)
  })
})

test.each(Object.keys(hostile))('with %s the answers are the same', async (name) => {
  const expected = await withoutHook('node:http')
  observe(hostile[name]!())
  expect(await transcript(await start('node:http'))).toEqual(expected)
})

test('seen to twice by one copy and by a second one: one span, said once', async () => {
  const expected = await withoutHook('node:http')
  const counted: unknown[] = []
  const counting = { ...telemetry(), countError: (error: unknown) => counted.push(error) }
  observe(counting)
  observe(counting)
  vi.resetModules()
  const copy = await import('../../../services/instrumentation/server/observe-servers.ts')
  expect(copy.observeServers).not.toBe(observeServers)
  const second = copy.observeServers(counting)
  stops.push(() => second.stop())
  const app = await start('node:http')
  await exchange(app.port, get('/orders/17', last))
  await sdk.one()
  expect(counted).toHaveLength(1)
  expect(await transcript(app)).toEqual(expected)
})

test('stopped while a request is answered: the answer is whole, the span ends, nothing of ours stays', async () => {
  const before = [Server.prototype.emit, ServerResponse.prototype.write, ServerResponse.prototype.end]
  const observer = observeServers(telemetry())
  let finish: (() => void) | undefined
  const server = createServer((_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' }).write('{"error":{"code":"HALF_')
    finish = () => response.end('WAY"}}')
  })
  stops.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const answer = exchange((server.address() as AddressInfo).port, get('/', last))
  await until(() => finish !== undefined)
  observer.stop()
  expect([Server.prototype.emit, ServerResponse.prototype.write, ServerResponse.prototype.end]).toEqual(
    before,
  )
  finish!()
  expect(await answer).toContain('WAY"}}')
  expect((await sdk.one()).attributes['http.response.status_code']).toBe(500)
})

test('a client that goes away in the middle of 10 MB costs nothing but its span', async () => {
  observe(telemetry())
  const app = await start('node:http')
  await new Promise<void>((gone) => {
    const socket = connect(app.port, '127.0.0.1', () => socket.write(get('/raw/big')))
    socket.once('data', () => socket.destroy())
    socket.on('close', () => gone())
  })
  expect((await sdk.one()).attributes['api.error.code']).toBe('LARGE')
  expect(await exchange(app.port, get('/ok', last))).toContain('{"ok":true}')
})

test('a client that goes away before there is an answer: a span without a status', async () => {
  observe(telemetry())
  let isAsked = false
  const server = createServer(() => {
    isAsked = true
  })
  stops.push(() => server.close())
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(get('/')))
  await until(() => isAsked)
  socket.destroy()
  const { attributes } = await sdk.one()
  expect(attributes['http.response.status_code']).toBeUndefined()
})

test('1,000 requests at once: each has its own code', async () => {
  observe(telemetry())
  const server = createServer((request, response) => {
    setImmediate(() => response.writeHead(400).end(`{"error":{"code":"CODE_${request.url!.slice(1)}"}}`))
  })
  stops.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await Promise.all(
    Array.from({ length: 1000 }, (_, i) => fetch(url + i).then((response) => response.text())),
  )
  await until(() => sdk.servers().length === 1000)
  const wrong = sdk
    .servers()
    .filter(
      ({ kind, attributes }) =>
        kind === SpanKind.SERVER &&
        attributes['api.error.code'] !== `CODE_${String(attributes['url.path']).slice(1)}`,
    )
  expect(wrong).toEqual([])
})
