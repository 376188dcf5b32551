import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { context, metrics, propagation, SpanKind, trace } from '@opentelemetry/api'
import { afterEach, expect, test } from 'vitest'
import { ApiErrorInstrumentation } from '../../../services/instrumentation/instrumentation.ts'
import { startSdk } from './spans.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  for (const api of [trace, context, propagation, metrics]) api.disable()
})

/** What Next.js 16 does with spans while it answers; test/interop has Next itself. */
async function nextServer(tracer: string): Promise<string> {
  const server = createServer((_, response) => {
    const next = trace.getTracer(tracer)
    next.startActiveSpan('GET /api/orders/[id]', { kind: SpanKind.SERVER }, (request) => {
      const attributes = { 'next.route': '/api/orders/[id]' }
      next.startActiveSpan('executing api route', { attributes }, (handler) => {
        response
          .writeHead(409, { 'content-type': 'application/json' })
          .end('{"error":{"code":"ORDER_LOCKED"}}')
        handler.end()
      })
      request.setAttributes({ 'http.route': '/api/orders/[id]', 'http.status_code': 409 })
      request.end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  stops.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/orders/17`
}

async function servedBy(tracer: string) {
  const hook = new ApiErrorInstrumentation()
  const sdk = startSdk([hook])
  stops.push(
    () => hook.disable(),
    () => sdk.shutdown(),
  )
  await fetch(await nextServer(tracer)).then((response) => response.text())
  return sdk
}

test('a request that Next answers is one span of a server, with its route', async () => {
  const span = await (await servedBy('next.js')).one()
  expect(span.name).toBe('GET /api/orders/[id]')
  expect(span.instrumentationScope.name).toBe('@telltale/instrumentation')
  expect(span.attributes).toMatchObject({
    'http.route': '/api/orders/[id]',
    'api.error.code': 'ORDER_LOCKED',
  })
})

test('what others call a span of a server stays one', async () => {
  const sdk = await servedBy('somebody')
  await expect
    .poll(() => sdk.servers().map(({ instrumentationScope }) => instrumentationScope.name))
    .toEqual(['somebody', '@telltale/instrumentation'])
})
