import { createRequire } from 'node:module'
import { FastifyOtelInstrumentation } from '@fastify/otel'
import { context, metrics, propagation, SpanKind, trace } from '@opentelemetry/api'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { afterEach, describe, expect, test } from 'vitest'
import { ApiErrorInstrumentation } from '../../../services/instrumentation/instrumentation.ts'
import { type Framework, startApp } from './apps.ts'
import { startSdk } from './spans.ts'

const require = createRequire(import.meta.url)

let http: HttpInstrumentation | undefined

/** One for all: it patches a module the first time that it is required, and then whenever it is enabled. */
function startHttp(): HttpInstrumentation {
  if (http === undefined) {
    http = new HttpInstrumentation()
    require('node:http')
  } else http.enable()
  return http
}

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  for (const api of [trace, context, propagation, metrics]) api.disable()
})

function start(order: 'first' | 'last') {
  const official = order === 'first' ? [startHttp()] : []
  const hook = new ApiErrorInstrumentation()
  if (order === 'last') official.push(startHttp())
  const sdk = startSdk([...official, hook])
  stops.push(
    () => hook.disable(),
    () => official[0]!.disable(),
    () => sdk.shutdown(),
  )
  return sdk
}

const FRAMEWORKS: Framework[] = ['node:http', 'express 5', 'fastify 5']

describe.each(['first', 'last'] as const)('the official instrumentation of http %s', (order) => {
  test.each(FRAMEWORKS)(
    "%s: its span says the error's code, and it stays the only one",
    async (framework) => {
      const sdk = start(order)
      const app = await startApp(framework, null)
      stops.push(app.close)
      await fetch(`${app.url}/orders/17`).then((response) => response.text())
      const span = await sdk.one()
      expect(span.instrumentationScope.name).toBe('@opentelemetry/instrumentation-http')
      expect(span.attributes).toMatchObject({
        'api.error.code': 'RATE_LIMIT_EXCEEDED',
        'api.request_id': 'req_rate_limit_exceeded',
        'http.response.status_code': 429,
      })
      if (framework === 'express 5') expect(span.name).toBe('GET /orders/:id')
    },
  )

  test('an error whose body was cut short is said before that span ends', async () => {
    const sdk = start(order)
    const app = await startApp('node:http', null)
    stops.push(app.close)
    await fetch(`${app.url}/raw/cut`)
      .then((response) => response.text())
      .catch(() => {})
    expect((await sdk.one()).attributes['api.error.code']).toBe('CUT_SHORT')
  })

  test.each(['express 5', 'fastify 5'] as const)('%s with our plugin too: said once', async (framework) => {
    const sdk = start(order)
    const app = await startApp(framework, { consumer: () => 'shop-7' })
    stops.push(app.close)
    await fetch(`${app.url}/orders/17`).then((response) => response.text())
    const { attributes, name } = await sdk.one()
    expect(attributes).toMatchObject({ 'api.error.code': 'RATE_LIMIT_EXCEEDED', 'api.consumer': 'shop-7' })
    expect(name).toBe('GET /orders/:id')
  })
})

test('fastify with its own instrumentation: our span is the server, its one within', async () => {
  const hook = new ApiErrorInstrumentation()
  const otel = new FastifyOtelInstrumentation({ registerOnInitialization: true })
  const sdk = startSdk([otel as never, hook])
  stops.push(
    () => hook.disable(),
    () => otel.disable(),
    () => sdk.shutdown(),
  )
  const app = await startApp('fastify 5', null)
  stops.push(app.close)
  await fetch(`${app.url}/orders/17`).then((response) => response.text())
  const server = await sdk.one()
  expect(server.attributes['api.error.code']).toBe('RATE_LIMIT_EXCEEDED')
  expect(server.name).toBe('GET /orders/:id')
  const within = sdk.all().find(({ instrumentationScope }) => instrumentationScope.name === '@fastify/otel')
  expect(within?.kind).toBe(SpanKind.INTERNAL)
  expect(within?.spanContext().traceId).toBe(server.spanContext().traceId)
})
