import { createHash } from 'node:crypto'
import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

// A hundred calls of three attempts each, under the real SDK. argv: whose names the attributes have, `shop` (which
// docs/instrument/collector.md translates) or `telltale`.

const [names] = process.argv.slice(2)
process.env.OTEL_METRICS_EXPORTER = 'none'
process.env.OTEL_LOGS_EXPORTER = 'none'
const sdk = new NodeSDK({ instrumentations: [] })
sdk.start()
const tracer = trace.getTracer('shop')

const ATTEMPTS = [
  { status: 429, code: 'RATE_LIMIT_EXCEEDED', waitS: 2 },
  { status: 504, code: 'BACKEND_TIMEOUT' },
  { status: 200 },
]

/** The same in all: which of two readings within a millisecond is the later one is not known. */
const LEFT = 1

function attributesOf(call: number, attempt: number): Attributes {
  const { code, waitS } = ATTEMPTS[attempt]!
  const id = `req_${call}_${attempt}`
  if (names === 'shop')
    return {
      'shop.vendor': 'session-api',
      // The second code stands in the status message alone.
      ...(attempt === 0 ? { 'shop.error.code': code } : {}),
      'shop.request': id,
      'shop.try': attempt + 1,
      'shop.idempotency_key': `key-${call}`,
      'shop.wait_s': waitS,
      'shop.limit': 100,
      'shop.left': LEFT,
    }
  return {
    'api.provider': 'session-api',
    'api.error.code': code,
    'api.request_id': id,
    'http.request.resend_count': attempt,
    'api.call_id': createHash('sha256').update(`key-${call}`).digest('hex').slice(0, 32),
    'api.retry_after_ms': waitS && waitS * 1000,
    'api.ratelimit.limit': 100,
    'api.ratelimit.remaining': LEFT,
  }
}

for (let call = 0; call < 100; call++)
  for (const [attempt, { status, code }] of ATTEMPTS.entries()) {
    const span = tracer.startSpan('POST', {
      kind: SpanKind.CLIENT,
      attributes: {
        'http.request.method': 'POST',
        'server.address': 'api.elsewhere.example',
        'http.response.status_code': status,
        ...attributesOf(call, attempt),
      },
    })
    if (code !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: `${code}: it went wrong` })
    span.end()
  }
await sdk.shutdown()
