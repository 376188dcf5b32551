import { randomUUID } from 'node:crypto'
import { context } from '@opentelemetry/api'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { apiErrors } from '../../instrumentation/index.ts'
import { chance } from '../chance.ts'
import { SHOP_FAULTS } from '../scenario.ts'
import { toldIn } from './in-told-time.ts'
import { IMPATIENT, patiently, viaFetch } from './send.ts'
import { serve, urlOf } from './service.ts'
import { shopBody, shopError } from './shop-error.ts'

// What partners talk to: fastify, and fetch to the others.

const KEY = /^sk_shop_([a-z-]{1,40})$/
const STRANGER = 'stranger'

const partnerOf = (request: FastifyRequest): string | null => {
  const [, partner] = KEY.exec(String(request.headers['x-api-key'])) ?? []
  return partner === undefined || partner === STRANGER ? null : partner
}

const requestIdOf = (reply: FastifyReply) => String(reply.raw.getHeader('x-request-id'))

function refuse(reply: FastifyReply, code: string): FastifyReply {
  const error = shopError(code)
  if (error.retryAfterS !== undefined) reply.header('retry-after', String(error.retryAfterS))
  return reply.code(error.status).send(shopBody(error, requestIdOf(reply)))
}

/** From 0 to 1, for a decision in the request that is being answered. */
const chanceOf = (what: string) => {
  const told = toldIn(context.active())
  return told === null ? 1 : chance(told.id, what)
}

const app = fastify()
app.register(apiErrors, { consumer: partnerOf, requestId: true })

app.addHook('onRequest', async (request, reply) => {
  if (partnerOf(request) === null) return refuse(reply, 'invalid_api_key')
})

app.get('/products/:id', async (_request, reply) => {
  const isScraped = toldIn(context.active())?.id.includes('-scrape-') === true
  if (isScraped && chanceOf('limit') < SHOP_FAULTS.tooOften) return refuse(reply, 'rate_limited')
  if (chanceOf('product') < SHOP_FAULTS.missingProduct) return refuse(reply, 'product_not_found')
  return { product: { name: 'Teapot', price: 39 } }
})

app.get<{ Params: { id: string } }>('/baskets/:id', async ({ params }, reply) => {
  const url = `${urlOf('session-api')}/v1/sessions/${params.id}`
  const { status } = await patiently(() => viaFetch({ method: 'GET', url }), IMPATIENT)
  if (status < 400) return { basket: { items: 2 } }
  return refuse(reply, status === 404 || status === 410 ? 'basket_not_found' : 'upstream_unavailable')
})

app.post('/orders', async (request, reply) => {
  const key = String(request.headers['idempotency-key'] ?? randomUUID())
  const { status, code } = await viaFetch({
    method: 'POST',
    url: `${urlOf('checkout')}/checkout`,
    headers: { 'idempotency-key': key },
    body: { items: [{ product: 7, count: 1 }] },
  })
  if (status < 400) return reply.code(201).send({ order: { id: randomUUID() } })
  return refuse(reply, code ?? 'upstream_unavailable')
})

app.post('/coupons', async (_request, reply) =>
  chanceOf('coupon') < SHOP_FAULTS.expiredCoupon
    ? refuse(reply, 'coupon_expired')
    : { coupon: { percent: 10 } },
)

await app.ready()
await serve(app.server)
