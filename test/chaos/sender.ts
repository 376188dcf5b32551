import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { ExportTraceServiceRequest, encodeMessage } from '../otlp-proto.ts'

// What applications do: make payloads, send each until it is acknowledged, remember what was in it.

export interface Sent {
  payloads: number
  errors: number
  calls: number
  retries: number
  attempts: number
  /** Error rows by "provider code". */
  codes: Map<string, number>
  requestIds: Set<string>
}

export const nothingSent = (): Sent => ({
  payloads: 0,
  errors: 0,
  calls: 0,
  retries: 0,
  attempts: 0,
  codes: new Map(),
  requestIds: new Set(),
})

const CODES = [
  ['session-api', 'RATE_LIMIT_EXCEEDED', 429],
  ['session-api', 'BACKEND_TIMEOUT', 504],
  ['wallet-gateway', 'INSUFFICIENT_CREDIT', 402],
  ['wallet-gateway', 'NEVER_HEARD_OF', 418],
  ['client-platform', 'internal_error', 500],
] as const

const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
const int = (key: string, value: number) => ({ key, value: { intValue: value } })

/** A payload of `spans` client spans, about one in five failed, and what it must add to every table. */
export function makePayload(spans: number): { body: Buffer; sent: Sent } {
  const sent = nothingSent()
  sent.payloads = 1
  // Of all spans at once: asking for each id by itself took longer than everything else.
  const random = randomBytes(33 * spans)
  const list = Array.from({ length: spans }, (_, i) => {
    const ids = random.subarray(33 * i, 33 * (i + 1))
    const dice = Math.random()
    const start = BigInt(Date.now() - Math.floor(Math.random() * 90_000)) * 1_000_000n
    const [provider, code, failure] = CODES[Math.floor(Math.random() * CODES.length)]!
    const requestId = `req_${ids.toString('hex', 24)}`
    const attempt = dice < 0.3 && Math.random() < 0.3 ? 1 : 0
    const failed = dice < 0.2
    sent.calls++
    sent.retries += attempt
    if (failed) {
      sent.errors++
      sent.codes.set(`${provider} ${code}`, (sent.codes.get(`${provider} ${code}`) ?? 0) + 1)
      sent.requestIds.add(requestId)
    } else sent.attempts += attempt
    return {
      traceId: ids.subarray(0, 16),
      spanId: ids.subarray(16, 24),
      name: 'POST',
      kind: 3,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 12_000_000n),
      attributes: [
        text('http.request.method', 'POST'),
        text('http.route', '/v1/charges'),
        int('http.response.status_code', failed ? failure : 200),
        text('api.provider', provider),
        text('api.request_id', requestId),
        ...(attempt > 0 ? [int('http.request.resend_count', attempt)] : []),
        ...(failed ? [text('api.error.code', code), text('api.error.message', 'it did not work')] : []),
      ],
    }
  })
  const resource = { attributes: [text('service.name', `shop-${Math.floor(Math.random() * 3)}`)] }
  const body = encodeMessage(ExportTraceServiceRequest, {
    resourceSpans: [{ resource, scopeSpans: [{ spans: list }] }],
  })
  return { body, sent }
}

export function add(to: Sent, from: Sent): void {
  to.payloads += from.payloads
  to.errors += from.errors
  to.calls += from.calls
  to.retries += from.retries
  to.attempts += from.attempts
  for (const [key, count] of from.codes) to.codes.set(key, (to.codes.get(key) ?? 0) + count)
  for (const id of from.requestIds) to.requestIds.add(id)
}

/** One POST; the status, or 0 when the answer got lost. */
export function post(url: string, body: Buffer, gzip = false): Promise<number> {
  return new Promise((resolve) => {
    const bytes = gzip ? gzipSync(body) : body
    const message = request(url, {
      method: 'POST',
      timeout: 10_000,
      headers: {
        'content-type': 'application/x-protobuf',
        'content-length': bytes.length,
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      },
    })
    message.on('response', (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
      response.on('error', () => resolve(0))
    })
    message.on('timeout', () => message.destroy())
    message.on('error', () => resolve(0))
    message.end(bytes)
  })
}

/**
 * Sends payload after payload to wherever `url()` points at the moment, until `enough`; each one again and again,
 * the same bytes, until it is acknowledged. Now and then one that was acknowledged is sent once more, as a client
 * does whose answer got lost.
 */
export async function keepSending(
  url: () => string | null,
  enough: () => boolean,
  ledger: Sent,
  { mostSpans = 80, pauseMs = 0 } = {},
): Promise<void> {
  while (!enough()) {
    const { body, sent } = makePayload(1 + Math.floor(Math.random() * mostSpans))
    const gzip = Math.random() < 0.3
    const again = Math.random() < 0.1 ? 2 : 1
    for (let times = 0; times < again; ) {
      const target = url()
      const status = target === null ? 0 : await post(`${target}/v1/traces`, body, gzip)
      if (status === 200) times++
      else if (status !== 0 && status !== 503) throw new Error(`a good payload was answered ${status}`)
      else await delay(20)
    }
    add(ledger, sent)
    if (pauseMs > 0) await delay(pauseMs)
  }
}
