import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { ApiErrorInstrumentation } from '../../../services/instrumentation/instrumentation.ts'
import { apiErrors } from '../../../services/instrumentation/server/fastify.ts'
import { startSdk } from './spans.ts'

const hook = new ApiErrorInstrumentation()
const sdk = startSdk([hook])
afterAll(async () => {
  hook.disable()
  await sdk.shutdown()
})
beforeEach(() => sdk.reset())

const closes: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

const BODY = '{"error":{"code":"TOO_MUCH"}}'

test.each([
  ['100-continue', 'checkContinue'],
  ['something-else', 'checkExpectation'],
])('Expect: %s, answered by who listens for %s, has its span', async (expected, event) => {
  const server = http.createServer()
  server.on(event, (_: IncomingMessage, response: ServerResponse) => response.writeHead(417).end(BODY))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closes.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const request = http.request({ port, method: 'POST', headers: { expect: expected }, agent: false })
  request.flushHeaders()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  request.destroy()
  expect((await sdk.one()).attributes).toMatchObject({
    'http.response.status_code': 417,
    'api.error.code': 'TOO_MUCH',
  })
})

test.each([
  ['at once', false],
  ['in parts', true],
])('HTTP/2 with the plugin: a body that is sent %s says its code', async (_, inParts) => {
  const app = fastify({ http2: true })
  app.register(apiErrors, { consumer: 'x-client-id' })
  app.get('/orders/:id', (__, reply) => {
    if (!inParts)
      return reply
        .code(423)
        .header('x-request-id', 'req_2')
        .send({ error: { code: 'LOCKED' } })
    reply.hijack()
    reply.raw.writeHead(423, { 'x-request-id': 'req_2' })
    reply.raw.write('{"error":')
    reply.raw.end('{"code":"LOCKED"}}')
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  closes.push(() => app.close())
  const client = http2.connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  const stream = client.request({ ':path': '/orders/17', 'x-client-id': 'shop-7' }).setEncoding('utf8')
  expect((await stream.toArray()).join('')).toBe('{"error":{"code":"LOCKED"}}')
  client.close()
  const { attributes, name } = await sdk.one()
  expect(name).toBe('GET /orders/:id')
  expect(attributes).toMatchObject({
    'http.response.status_code': 423,
    'api.error.code': 'LOCKED',
    'api.request_id': 'req_2',
    'api.consumer': 'shop-7',
  })
})
