import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { chance } from '../chance.ts'
import { holds, type Timeline } from '../timeline.ts'
import { pause, toldOf } from '../told-time.ts'
import type { Fault, Vendor } from '../vendors.ts'
import { limiter } from './limiter.ts'

/** Which send of a call to an endpoint it is, is remembered for so many calls. */
const MOST_CALLS = 20_000

/** One vendor's API, as its catalog describes it, with its limits and whatever goes wrong there. */
export function vendorServer(vendor: Vendor, timeline: Timeline): Server {
  const sends = new Map<string, number>()
  const limit = limiter(vendor.limit, timeline)

  return createServer(async (request, response) => {
    request.resume()
    const requestId = `req_${randomBytes(9).toString('hex')}`
    const told = toldOf(String(request.headers.baggage))
    const route = routeOf(request)
    const endpoint = vendor.endpoints.find((one) => one.route === route)
    const at = told?.at ?? Date.now()

    const call = `${told?.id ?? requestId} ${route}`
    const send = sends.get(call) ?? 0
    if (sends.size >= MOST_CALLS) sends.delete(sends.keys().next().value!)
    sends.set(call, send + 1)

    const [fastest, slowest] = endpoint?.latencyMs ?? [1, 1]
    await pause(told, fastest + (slowest - fastest) * chance(call, send, 'latency'))

    const { headers, exhausted } = limit(at)
    const fault =
      exhausted ??
      endpoint?.faults.find((one) => holds(one, at, timeline) && happens(one, call, send)) ??
      null
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    response.setHeader('x-request-id', requestId)
    if (fault === null) {
      response.writeHead(endpoint === undefined ? 404 : 200, JSON_TYPE)
      response.end(JSON.stringify({ success: endpoint !== undefined }))
    } else if (fault.code === null) {
      response.writeHead(fault.status, { 'content-type': 'text/html' })
      response.end(`<html><head><title>${fault.status} ${fault.message}</title></head></html>`)
    } else {
      if (fault.retryAfterS !== undefined) response.setHeader('retry-after', String(fault.retryAfterS))
      response.writeHead(fault.status, JSON_TYPE).end(JSON.stringify(bodyOf(fault, requestId)))
    }
  })
}

/** What may be over at the next try; other refusals stay what they are. */
const PASSING = new Set([429, 502, 503, 504])

const happens = ({ share, status, code }: Fault, call: string, send: number): boolean =>
  chance(call, code ?? status, PASSING.has(status) ? send : 0) < share

const JSON_TYPE = { 'content-type': 'application/json' }

/** The names that the catalogs give; generation-api puts `details` there too. */
const bodyOf = ({ code, message }: Fault, requestId: string) => ({
  success: false,
  error: { code, message },
  meta: { request_id: requestId },
})

const routeOf = ({ method, url }: IncomingMessage): string =>
  `${method} ${url?.replace(/\/(?:[a-z]+_)?\d+(?=\/|$)/g, '/:id')}`
