import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { trace } from '@opentelemetry/api'
import { POLITE, patiently, STUBBORN, viaHttp } from './send.ts'
import { serve, urlOf } from './service.ts'
import { shopBody, shopError } from './shop-error.ts'

// Jobs: plain node:http on both sides, without a framework.

async function picture(): Promise<boolean> {
  const url = `${urlOf('generation-api')}/v1/images`
  const { status } = await patiently(
    () => viaHttp({ method: 'POST', url, body: { prompt: 'a blue teapot' } }),
    POLITE,
  )
  return status < 400
}

/** Sends again what was refused for good: the wallet is full, and stays so. */
async function payout(): Promise<boolean> {
  const url = `${urlOf('wallet-gateway')}/v1/payouts`
  const headers = { 'idempotency-key': randomUUID() }
  const { status } = await patiently(
    () => viaHttp({ method: 'POST', url, headers, body: { amount: 1200 } }),
    STUBBORN,
  )
  return status < 400
}

const JOBS: Record<string, () => Promise<boolean>> = {
  'POST /jobs/picture': picture,
  'POST /jobs/payout': payout,
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const server = createServer(async (request, response) => {
  const job = JOBS[`${request.method} ${request.url}`]
  const requestId = `req_${randomUUID().replaceAll('-', '').slice(0, 24)}`
  response.setHeader('x-request-id', requestId)
  if (job !== undefined) trace.getActiveSpan()?.setAttribute('http.route', request.url!)
  if (job === undefined) return answer(response, 404, { error: { message: 'There is no such job' } })
  const done = await job().catch(() => false)
  if (done) answer(response, 200, { done })
  else answer(response, 502, shopBody(shopError('upstream_unavailable'), requestId))
})

await serve(server)
