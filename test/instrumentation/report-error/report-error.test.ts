import { SpanKind, trace } from '@opentelemetry/api'
import axios from 'axios'
import Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ApiErrorInstrumentation, reportError } from '../../../services/instrumentation/index.ts'
import { startTelemetry, type Telemetry, until } from '../telemetry.ts'
import { startVendors } from './vendor-server.ts'

let vendors: Awaited<ReturnType<typeof startVendors>>
let telemetry: Telemetry
beforeAll(async () => {
  vendors = await startVendors()
})
afterAll(() => vendors.close())

const declined = () =>
  new Stripe('sk_test_1', {
    host: '127.0.0.1',
    port: vendors.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  }).charges.create({ amount: 1, currency: 'usd' })

const inSpan = <T>(kind: SpanKind, work: () => Promise<T>): Promise<T> =>
  trace.getTracer('app').startActiveSpan('pay', { kind }, async (span) => {
    try {
      return await work()
    } finally {
      span.end()
    }
  })

const spanNamed = async (name: string) => {
  await until(() => telemetry.spans().some((span) => span.name === name))
  return telemetry.spans().find((span) => span.name === name)!
}

beforeEach(async () => {
  telemetry = await startTelemetry()
  return () => telemetry.stop()
})

test("an SDK's exception stands on the active span, and is answered", async () => {
  const read = await inSpan(SpanKind.INTERNAL, () =>
    declined().then(
      () => null,
      (error) => reportError(error, { provider: 'stripe' }),
    ),
  )
  expect(read).toMatchObject({
    code: 'card_declined',
    status: 402,
    requestId: 'req_stripe1',
    provider: 'stripe',
  })
  expect((await spanNamed('pay')).attributes).toEqual({
    'api.error.code': 'card_declined',
    'api.error.message': 'Your card has insufficient funds.',
    'api.provider': 'stripe',
    'api.request_id': 'req_stripe1',
    'http.response.status_code': 402,
  })
})

test("on a server's span it would be the server's own error: a child says it", async () => {
  await inSpan(SpanKind.SERVER, () => declined().catch((error) => reportError(error)))
  const server = await spanNamed('pay')
  expect(server.attributes).toEqual({})
  const child = await spanNamed('API error')
  expect(child.attributes['api.error.code']).toBe('card_declined')
  expect(child.parentSpanContext?.spanId).toBe(server.spanContext().spanId)
})

test('what the hook saw already is not counted again; without it, it is', async () => {
  const fail = () => axios.get(`${vendors.url}/plain`).catch((error) => reportError(error))
  await fail()
  expect((await telemetry.counts('api.client.errors')).map(({ value }) => value)).toEqual([1])
  telemetry.hook.disable()
  await fail()
  const counts = await telemetry.counts('api.client.errors')
  expect(counts.reduce((sum, { value }) => sum + value, 0)).toBe(2)
  for (const { attributes } of counts) expect(attributes['api.error.code']).toBe('RATE_LIMIT_EXCEEDED')
})

test('the application may forbid messages', async () => {
  telemetry.hook.disable()
  const hook = new ApiErrorInstrumentation({ captureMessage: false })
  await inSpan(SpanKind.INTERNAL, () => declined().catch((error) => reportError(error)))
  hook.disable()
  const { attributes } = await spanNamed('pay')
  expect(attributes['api.error.code']).toBe('card_declined')
  expect(attributes['api.error.message']).toBeUndefined()
})

test('without a span, and of what is no failure of an API, nothing is said', () => {
  expect(reportError(new TypeError('x is not a function'))).toBeNull()
  expect(reportError({ statusCode: 429 })).toMatchObject({ status: 429 })
  expect(reportError(undefined)).toBeNull()
})
