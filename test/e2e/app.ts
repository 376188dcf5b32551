import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

// An application under the real SDK, configured by OTEL_* variables alone. It calls an API three times for one
// logical call: a rate limit, a timeout, a success. argv: the request ids' stem.

const [stem] = process.argv.slice(2)
const sdk = new NodeSDK({ instrumentations: [] })
sdk.start()
const tracer = trace.getTracer('app')

function call(attempt: number, requestId: string, status: number, code?: string): void {
  const span = tracer.startSpan('POST', {
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': 'POST',
      'url.full': 'https://api.session.example/v1/sessions/12345/messages?token=secret',
      'server.address': 'api.session.example',
      'http.response.status_code': status,
      'http.request.resend_count': attempt,
      'api.call_id': `call-${stem}`,
      'http.response.header.x-request-id': [requestId],
    },
  })
  if (code !== undefined) {
    span.setAttribute('api.error.code', code)
    span.setStatus({
      code: SpanStatusCode.ERROR,
      message: 'failed for jane@example.com with Bearer abc.def.ghi',
    })
  }
  span.end()
}

call(0, `${stem}a`, 429, 'RATE_LIMIT_EXCEEDED')
call(1, `${stem}b`, 504, 'BACKEND_TIMEOUT')
call(2, `${stem}c`, 200)
await sdk.shutdown()
