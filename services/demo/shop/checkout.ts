import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { trace } from '@opentelemetry/api'
import { apiErrorsExpress } from '../../instrumentation/index.ts'
import { NEW_CHECKOUT } from '../scenario.ts'
import { type Answer, HASTY, POLITE, patiently, viaFetch } from './send.ts'
import { serve, settings, urlOf } from './service.ts'
import { shopBody, shopError } from './shop-error.ts'

// What turns a basket into an order: express' middleware, which runs on node:http just as well, and fetch to two vendors.
// (Express itself would bring seventy packages along, to everybody who installs Telltale.)

/** 2.4.0 came with a retry loop of its own. */
const isNew = settings.version === NEW_CHECKOUT
const patience = isNew ? HASTY : POLITE

const apiErrors = apiErrorsExpress({ requestId: true })

const post = (url: string, key: string, body: unknown): Promise<Answer> =>
  patiently(() => viaFetch({ method: 'POST', url, headers: { 'idempotency-key': key }, body }), patience)

/** What the order was refused with; null for one that was taken. */
async function order(key: string): Promise<string | null> {
  const session = await post(`${urlOf('session-api')}/v1/sessions`, `${key}-session`, {
    product: 7,
    ...(isNew && { region: 'eu-west-3' }),
  })
  if (session.status >= 400) return sessionRefusal(session)
  const charge = await post(`${urlOf('wallet-gateway')}/v1/charges`, `${key}-charge`, { amount: 3900 })
  if (charge.status < 400) return null
  return charge.status === 402 ? 'payment_declined' : 'upstream_unavailable'
}

function sessionRefusal({ status, code }: Answer): string {
  if (code === 'PRODUCT_OUT_OF_STOCK') return 'out_of_stock'
  if (status === 402) return 'payment_declined'
  return status === 422 ? 'order_refused' : 'upstream_unavailable'
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function checkout(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const code = await order(String(request.headers['idempotency-key'])).catch(() => 'upstream_unavailable')
  if (code === null) return answer(response, 201, { order: { paid: true } })
  const error = shopError(code)
  answer(response, error.status, shopBody(error, String(response.getHeader('x-request-id'))))
}

const server = createServer((request, response) => {
  // What a framework says by itself.
  trace.getActiveSpan()?.setAttribute('http.route', '/checkout')
  apiErrors(request, response, () => void checkout(request, response))
})

await serve(server)
