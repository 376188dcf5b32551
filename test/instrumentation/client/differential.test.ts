import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import zlib from 'node:zlib'
import type { MeterProvider, TracerProvider } from '@opentelemetry/api'
import axios from 'axios'
import got from 'got'
import * as undici from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiErrorInstrumentation } from '../../../services/instrumentation/index.ts'
import { type Official, startTelemetry } from '../telemetry.ts'
import { clients } from './clients.ts'
import { type Api, startApi } from './server.ts'

// The same traffic with the hook and without it: what the application gets, and what the server sees, is equal.

const BIG = Buffer.alloc(1 << 20, '{"error":{"code":"BIG","message":"')
const BOMB = zlib.gzipSync(Buffer.alloc(4 << 20))
const SMALL = Buffer.from('{"error":{"code":"NO","message":"No"}}')

const ANSWERS: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/fine': (_, response) => response.end('{"fine":true}'),
  '/error': (_, response) => response.writeHead(422, { 'content-type': 'application/json' }).end(SMALL),
  '/big': (_, response) => response.writeHead(500).end(BIG),
  '/bomb': (_, response) => response.writeHead(500, { 'content-encoding': 'gzip' }).end(BOMB),
  '/gzip': (_, response) => response.writeHead(400, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(SMALL)),
  '/br': (_, response) =>
    response.writeHead(400, { 'content-encoding': 'br' }).end(zlib.brotliCompressSync(SMALL)),
  '/lie': (_, response) => response.writeHead(400, { 'content-encoding': 'deflate' }).end(SMALL),
  '/pieces': async (_, response) => {
    response.writeHead(503, { 'retry-after': '0', trailer: 'x-sum' })
    for (const byte of SMALL.subarray(0, 20)) {
      response.write(Buffer.of(byte))
      await delay(0)
    }
    response.addTrailers({ 'x-sum': '20' })
    response.end()
  },
  '/cut': (_, response) => {
    response.writeHead(500, { 'content-length': '500' })
    response.write(SMALL)
    setTimeout(() => response.destroy(), 10)
  },
  '/empty': (_, response) => response.writeHead(204).end(),
  '/unchanged': (_, response) => response.writeHead(304).end(),
  '/from': (_, response) => response.writeHead(307, { location: '/error' }).end(),
  '/hints': (_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
    response.writeHead(404).end(SMALL)
  },
  '/echo': async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    response.writeHead(409).end(Buffer.concat(chunks))
  },
}

/** What each client was given, and what it did of its own accord. */
async function traffic(url: string, seen: string[]): Promise<unknown[]> {
  const results: unknown[] = []
  const note = async (what: string, done: Promise<unknown>): Promise<void> => {
    const result = await done.catch((error) => ({
      name: error.name,
      code: error.code ?? error.cause?.code,
      message: error.message.replaceAll(url, ''),
    }))
    results.push([what, result])
  }
  const answerOf = async (done: ReturnType<(typeof clients)[string]>) => {
    const { status, headers, body } = await done
    const { date, ...others } = headers
    return { status, headers: others, length: body.length, body: body.subarray(0, 200).toString('latin1') }
  }
  for (const [name, client] of Object.entries(clients)) {
    for (const path of Object.keys(ANSWERS)) {
      const sent =
        path === '/echo' ? { method: 'POST', body: 'sent', headers: { 'idempotency-key': '1' } } : {}
      await note(`${name} ${path}`, answerOf(client(url + path, sent)))
    }
    await note(`${name} HEAD`, answerOf(client(`${url}/error`, { method: 'HEAD' })))
  }
  const gotten = got(`${url}/pieces`, {
    retry: { limit: 2, calculateDelay: ({ computedValue }) => computedValue && 1 },
  })
  await note('got gives up', gotten)
  await note(
    'axios throws',
    axios.get(`${url}/error`).catch(({ response }) => [response.status, response.data]),
  )
  const agent = new undici.RetryAgent(new undici.Agent(), { maxRetries: 2, minTimeout: 1 })
  await note('RetryAgent gives up', undici.request(`${url}/pieces`, { dispatcher: agent }))
  const pipelining = new undici.Client(url, { pipelining: 5 })
  const pipelined = ['/error', '/fine', '/pieces', '/error', '/fine'].map(async (path) => {
    const { statusCode, body } = await pipelining.request({ path, method: 'GET' })
    return [statusCode, await body.text()]
  })
  await note('pipelining', Promise.all(pipelined))
  await note('expect 100', expectContinue(`${url}/echo`))
  await note('abort', abortAfterHeaders(`${url}/big`))
  await note('destroy', destroyAfterHeaders(`${url}/big`))
  await note('not read', leaveUnread(`${url}/error`))
  await note('paused', readSlowly(`${url}/big`))
  await note('piece by piece', readByRead(`${url}/pieces`))
  await pipelining.close()
  await agent.close()
  return [...results, seen]
}

const expectContinue = (url: string) =>
  new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method: 'POST', headers: { expect: '100-continue' } },
      async (response) => {
        response.setEncoding('utf8')
        resolve([response.statusCode, (await response.toArray()).join('')])
      },
    )
    request.on('continue', () => request.end('after'))
    request.on('error', reject)
    request.flushHeaders()
  })

async function abortAfterHeaders(url: string): Promise<unknown> {
  const aborting = new AbortController()
  const response = await fetch(url, { signal: aborting.signal })
  aborting.abort()
  return response.text().catch(({ name }) => [response.status, name])
}

const destroyAfterHeaders = (url: string) =>
  new Promise((resolve) => {
    const events: string[] = []
    const request = http.get(url, (response) => {
      response.on('close', () => resolve([response.statusCode, response.readableAborted, events]))
      response.destroy()
    })
    request
      .on('close', () => events.push('request closed'))
      .on('error', ({ message }) => events.push(message))
  })

/** A listener of ours would start its flow: it stays as it is until the application reads it. */
const leaveUnread = (url: string) =>
  new Promise((resolve, reject) => {
    const request = http
      .get(url, async (response) => {
        const { readableFlowing } = response
        await delay(20)
        const listeners = [response.listenerCount('data'), response.listenerCount('readable')]
        const seen = [response, request].map((object) => inspect(object).includes('telltale'))
        const own = Object.keys(response).includes('push')
        const text = (await response.setEncoding('utf8').toArray()).join('')
        resolve([readableFlowing, listeners, seen, own, text])
      })
      .on('error', reject)
  })

const readSlowly = (url: string) =>
  new Promise((resolve, reject) => {
    http
      .get(url, async (response) => {
        response.pause()
        await delay(20)
        let length = 0
        for await (const chunk of response) length += chunk.length
        resolve(length)
      })
      .on('error', reject)
  })

async function readByRead(url: string): Promise<unknown> {
  const { body } = await fetch(url)
  const reader = body!.getReader()
  const first = await reader.read()
  reader.releaseLock()
  const [left, right] = body!.tee()
  const texts = await Promise.all([new Response(left).text(), new Response(right).text()])
  return [first.value?.constructor.name, first.done, texts[0]!.length <= 19, texts[0] === texts[1]]
}

let api: Api
const seen: string[] = []
const unhandled: unknown[] = []
const onUnhandled = (error: unknown) => void unhandled.push(error)
/** Without the hook. */
let expected: unknown[]

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled)
  api = await startApi((request, response) => {
    const { host, connection, traceparent, ...headers } = request.headers
    seen.push(`${request.method} ${request.url} ${JSON.stringify(headers)}`)
    const answer = ANSWERS[request.url!]
    if (answer === undefined) response.writeHead(404).end()
    else answer(request, response)
  })
  expected = await run()
})
afterAll(async () => {
  process.off('unhandledRejection', onUnhandled)
  await api.close()
})

async function run(): Promise<unknown[]> {
  seen.length = 0
  const results = await traffic(api.url, seen)
  return structuredClone(results)
}

describe('byte for byte the same', () => {
  test.each<Official>(['none', 'before', 'after'])('official instrumentations: %s', async (official) => {
    const telemetry = await startTelemetry({}, official)
    try {
      expect(await run()).toEqual(expected)
      expect(telemetry.spans().length).toBeGreaterThan(100)
    } finally {
      await telemetry.stop()
    }
  })

  const throwing = new Proxy(
    {},
    {
      get() {
        throw new Error('broken')
      },
    },
  )
  test.each([
    ['tracer', throwing],
    ['span', { startSpan: () => throwing }],
  ])('when each use of the %s and the meter throws', async (_, tracer) => {
    const hook = new ApiErrorInstrumentation()
    hook.setTracerProvider({ getTracer: () => tracer } as unknown as TracerProvider)
    hook.setMeterProvider({ getMeter: () => ({ createCounter: () => throwing }) } as unknown as MeterProvider)
    try {
      expect(await run()).toEqual(expected)
    } finally {
      hook.disable()
    }
  })

  test('when it is loaded twice, and disabled while calls are on their way', async () => {
    const telemetry = await startTelemetry()
    const second = new ApiErrorInstrumentation()
    try {
      await clients.fetch!(`${api.url}/error`)
      expect(await telemetry.clientSpans(1)).toHaveLength(1)
      expect((await telemetry.counts('api.client.errors')).map(({ value }) => value)).toEqual([1])
      const running = run()
      await delay(30)
      telemetry.hook.disable()
      expect(await running).toEqual(expected)
    } finally {
      second.disable()
      await telemetry.stop()
    }
  })

  test('1,000 calls at once: each has its own code', async () => {
    const many = await startApi((request, response) => {
      response.writeHead(400).end(`{"error":{"code":"CODE_${request.url!.slice(1)}"}}`)
    })
    const telemetry = await startTelemetry()
    try {
      const { fetch: byFetch, http: byHttp } = clients
      const client = (i: number) => (i % 2 === 0 ? byFetch! : byHttp!)
      const calls = Array.from({ length: 1000 }, (_, i) => client(i)(`${many.url}/${i}`))
      const answers = await Promise.all(calls)
      expect(answers.map(({ body }, i) => body.includes(`CODE_${i}"`))).not.toContain(false)
      for (const { attributes } of await telemetry.clientSpans(1000)) {
        const number = String(attributes['url.full']).split('/').at(-1)
        expect(attributes['api.error.code']).toBe(`CODE_${number}`)
      }
    } finally {
      await telemetry.stop()
      await many.close()
    }
  })

  test('and no rejection was left unhandled', () => {
    expect(unhandled).toEqual([])
  })
})
