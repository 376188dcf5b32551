import {
  attribute,
  binary,
  type Field,
  type FieldOrder,
  fixed32,
  fixed64,
  integer,
  message,
  text,
  type Value,
} from '../consumer/decode/fields.ts'

export type { FieldOrder } from '../consumer/decode/fields.ts'

// Export requests as real senders write them, made without any library and the same every time: for benchmarks, and
// for tests that want many plausible spans. A fine span has 12 attributes and about 450 bytes.

export interface PayloadOptions {
  spans?: number
  /** Share of spans that are error events. */
  errors?: number
  order?: FieldOrder
  /** The same seed and time make the same bytes. */
  seed?: number
  /** When the last span ended, ms. */
  now?: number
  /** Share of client spans that carry rate-limit headers, three attributes more. */
  limits?: number
  service?: string
  /** What every span has besides, as meshes and frameworks add it. */
  more?: Record<string, Value>
}

const SERVICES = ['checkout', 'orders', 'payments', 'identity', 'search', 'inventory']
const METHODS = ['GET', 'GET', 'POST', 'GET', 'PUT', 'DELETE']
const ROUTES = ['orders', 'customers', 'invoices', 'payment_methods', 'shipments', 'refunds'].flatMap(
  (name) => [`/api/v1/${name}`, `/api/v1/${name}/{id}`, `/api/v1/${name}/{id}/events`],
)
const VENDORS = [
  { host: 'api.session.example', provider: 'session-api' },
  { host: 'wallet.gateway.example', provider: 'wallet-gateway' },
  { host: 'generate.media.example', provider: 'generation-api' },
]
const FAILURES = [
  { code: 'RATE_LIMIT_EXCEEDED', status: 429, message: 'Too many requests, slow down' },
  { code: 'INVALID_PARAMETER', status: 400, message: 'Parameter amount must be a positive integer' },
  { code: 'BACKEND_TIMEOUT', status: 504, message: 'The upstream did not answer within 3000 ms' },
  { code: 'INSUFFICIENT_FUNDS', status: 402, message: 'The account balance does not cover this charge' },
  { code: 'SESSION_EXPIRED', status: 401, message: 'The session has expired, sign in again' },
  { code: 'INTERNAL_ERROR', status: 500, message: 'Request failed: internal error (ref 81f3)' },
]
const STACK = [1, 2, 3, 4]
  .map(
    (line) => `    at Client.send${line} (/srv/app/node_modules/@acme/client/dist/request.js:${line}07:19)`,
  )
  .join('\n')

export function otlpPayload(options: PayloadOptions = {}): Buffer {
  const {
    spans = 512,
    errors = 0.1,
    order = 'ascending',
    seed = 1,
    now = Date.now(),
    limits = 0,
    more = {},
  } = options
  const random = randomFrom(seed)
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!
  const id = (length: number) => Buffer.from(Array.from({ length }, () => random(256)))
  const happens = (share: number) => random(10_000) < share * 10_000
  const attributes = (values: Record<string, Value>, number = 9) =>
    Object.entries(values).map(([key, value]) => attribute(key, value, order, number))
  const fullPath = (route: string) => route.replace('{id}', String(100_000 + random(900_000)))

  const clientAttributes = (status: number, requestId: string): Record<string, Value> => {
    const { host, provider } = pick(VENDORS)
    return {
      'http.request.method': pick(METHODS),
      'url.full': `https://${host}${fullPath(pick(ROUTES))}?page=${random(90)}`,
      'server.address': host,
      'server.port': 443,
      'http.response.status_code': status,
      'network.protocol.version': '1.1',
      'network.peer.address': `10.12.${random(250)}.7`,
      'network.peer.port': 443,
      ...(happens(0.02) ? { 'http.request.resend_count': 1 + random(2) } : { 'url.scheme': 'https' }),
      'user_agent.original': 'undici',
      'api.provider': provider,
      'api.request_id': requestId,
      ...(happens(limits) && {
        'http.response.header.x-ratelimit-limit': ['1000'],
        'http.response.header.x-ratelimit-remaining': [String(random(1000))],
        'http.response.header.x-ratelimit-reset': [String(1 + random(60))],
      }),
    }
  }

  const serverAttributes = (status: number, requestId: string): Record<string, Value> => {
    const route = pick(ROUTES)
    return {
      'http.request.method': pick(METHODS),
      'url.path': fullPath(route),
      'url.scheme': 'https',
      'http.route': route,
      'server.address': 'api.internal.example.com',
      'server.port': 443,
      'network.protocol.version': '1.1',
      'client.address': `10.12.${random(250)}.7`,
      'user_agent.original': `acme-sdk/3.2.${random(4)} (linux; x64)`,
      'api.consumer': `tenant-${random(40)}`,
      'http.response.header.x-request-id': [requestId],
      'http.response.status_code': status,
    }
  }

  const span = (): Field => {
    const failure = happens(errors) ? pick(FAILURES) : undefined
    const isClient = random(2) === 0
    const status = failure?.status ?? 200
    const requestId = `req_${id(8).toString('hex')}`
    const end = BigInt(now - random(5_000)) * 1_000_000n
    const fields = [
      binary(1, id(16)),
      binary(2, id(8)),
      binary(4, id(8)),
      text(5, isClient ? 'GET' : 'GET /api/v1'),
      integer(6, isClient ? 3 : 2),
      fixed64(7, end - BigInt(1 + random(400_000_000))),
      fixed64(8, end),
      ...attributes(isClient ? clientAttributes(status, requestId) : serverAttributes(status, requestId)),
      fixed32(16, 257),
    ]
    // A server span with a 4xx has status Unset; OpenTelemetry blames the caller.
    const isBlamed = failure !== undefined && (isClient || status >= 500)
    fields.push(...attributes(more))
    if (failure)
      fields.push(...attributes({ 'api.error.code': failure.code, 'api.error.message': failure.message }))
    if (isBlamed) fields.push(...attributes({ 'error.type': String(status) }))
    // What an API answered is no exception to the client; not reaching it is.
    if (failure && isClient && random(4) === 0) {
      const details = {
        'exception.type': 'ApiError',
        'exception.message': failure.message,
        'exception.stacktrace': STACK,
      }
      fields.push(
        binary(11, message([fixed64(1, end), text(2, 'exception'), ...attributes(details, 3)], order)),
      )
    }
    // The Collector writes an empty status too.
    if (isBlamed) fields.push(binary(15, message([text(2, failure.message), integer(3, 2)], order)))
    else if (order === 'descending') fields.push(binary(15, Buffer.alloc(0)))
    return binary(2, message(fields, order))
  }

  const resource = attributes(
    {
      'service.name': options.service ?? SERVICES[seed % SERVICES.length]!,
      'service.version': '1.42.0',
      'service.namespace': 'shop',
      'deployment.environment.name': 'production',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.version': '2.1.0',
      'k8s.pod.name': 'checkout-7d9f8b6c5d-abcde',
      'host.name': 'ip-10-12-0-1',
    },
    1,
  )
  const scope = message([text(1, '@opentelemetry/instrumentation-http'), text(2, '0.203.0')], order)
  const scopeSpans = message([binary(1, scope), ...Array.from({ length: spans }, span)], order)
  return binary(1, message([binary(1, message(resource, order)), binary(2, scopeSpans)], order)).bytes
}

/** xorshift32: numbers below a limit, the same for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
