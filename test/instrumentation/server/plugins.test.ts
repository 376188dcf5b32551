import { SpanKind, trace } from '@opentelemetry/api'
import fastify from 'fastify'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { apiErrors } from '../../../services/instrumentation/server/fastify.ts'
import { type Framework, startApp } from './apps.ts'
import { startSdk } from './spans.ts'

// The plugins alone: nothing but an SDK beside them.

const sdk = startSdk()
afterAll(() => sdk.shutdown())
beforeEach(() => sdk.reset())

const closes: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

async function start(framework: Framework, options: Parameters<typeof startApp>[1]) {
  const app = await startApp(framework, options)
  closes.push(app.close)
  return app
}

describe.each(['express 5', 'express 4', 'fastify 5', 'fastify 4'] as const)('%s', (framework) => {
  test('an error says its code and its route', async () => {
    const app = await start(framework, {})
    await fetch(`${app.url}/orders/17`).then((response) => response.text())
    const { attributes, name } = await sdk.one()
    expect(name).toBe('GET /orders/:id')
    expect(attributes).toMatchObject({
      'api.error.code': 'RATE_LIMIT_EXCEEDED',
      'http.route': '/orders/:id',
      'http.response.status_code': 429,
    })
  })

  test('a key names its caller by a keyed hash, the same for the same key', async () => {
    const app = await start(framework, { consumer: 'X-Api-Key', consumerKey: 'pepper' })
    const consumers: unknown[] = []
    for (const key of ['sk_live_1', 'sk_live_1', 'sk_live_2']) {
      sdk.reset()
      await fetch(`${app.url}/ok`, { headers: { 'x-api-key': key } }).then((response) => response.text())
      const { attributes } = await sdk.one()
      consumers.push(attributes['api.consumer'])
      expect(JSON.stringify(attributes)).not.toContain('sk_live')
    }
    expect(consumers[0]).toMatch(/^[0-9a-f]{24}$/)
    expect(consumers[1]).toBe(consumers[0])
    expect(consumers[2]).not.toBe(consumers[0])
  })

  test('without a key to hash with, a credential is left out', async () => {
    const app = await start(framework, { consumer: 'authorization' })
    await fetch(`${app.url}/ok`, { headers: { authorization: 'Bearer abc' } }).then((response) =>
      response.text(),
    )
    expect((await sdk.one()).attributes['api.consumer']).toBeUndefined()
  })

  test('a consumer function that throws costs the consumer alone', async () => {
    const app = await start(framework, {
      consumer: () => {
        throw new Error('no')
      },
    })
    const response = await fetch(`${app.url}/orders/17`)
    expect(response.status).toBe(429)
    await response.text()
    const { attributes } = await sdk.one()
    expect(attributes['api.error.code']).toBe('RATE_LIMIT_EXCEEDED')
    expect(attributes['api.consumer']).toBeUndefined()
  })

  test('gives a request id where it is told to, and only where there is none', async () => {
    const app = await start(framework, { requestId: true })
    const given = await fetch(`${app.url}/ok`)
    expect(given.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{24}$/)
    const own = await fetch(`${app.url}/raw/head-only`)
    expect(own.headers.get('x-request-id')).toBe('req_raw')
    const none = await fetch(`${(await start(framework, {})).url}/ok`)
    expect(none.headers.get('x-request-id')).toBeNull()
  })

  test('where its own errors keep their code is told by pointers', async () => {
    const app = await start(framework, { envelope: { code: '/meta/request_id' } })
    await fetch(`${app.url}/orders/17`).then((response) => response.text())
    expect((await sdk.one()).attributes['api.error.code']).toBe('req_rate_limit_exceeded')
  })
})

test('what a handler does is a child of its request', async () => {
  const app = fastify()
  app.register(apiErrors)
  app.get('/', async () => {
    trace.getTracer('app').startSpan('work').end()
    return {}
  })
  closes.push(() => app.close())
  await fetch(await app.listen({ port: 0, host: '127.0.0.1' })).then((response) => response.text())
  const server = await sdk.one()
  const work = sdk.all().find(({ name }) => name === 'work')
  expect(work?.parentSpanContext?.spanId).toBe(server.spanContext().spanId)
})

test('a request that fastify injects is answered as ever', async () => {
  const app = fastify()
  app.register(apiErrors)
  app.get('/', async (_, reply) => reply.code(409).send({ error: { code: 'TAKEN' } }))
  closes.push(() => app.close())
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json()]).toEqual([409, { error: { code: 'TAKEN' } }])
  expect(sdk.all().find(({ kind }) => kind === SpanKind.SERVER)?.attributes['api.error.code']).toBe('TAKEN')
})
