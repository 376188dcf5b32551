/** One failed (or, with a status below 400, successful) call as a client saw it. */
export interface Call {
  provider?: string
  code?: string
  status: number
  requestId?: string
  callId?: string
  attempt?: number
  service?: string
  message?: string
  limits?: { name: string; limit: number; remaining: number; resetMs: number }
  traceId?: string
  /** How long ago it ended. */
  agoMs?: number
}

const text = (key: string, value: string | undefined) =>
  value === undefined ? [] : [{ key, value: { stringValue: value } }]
const int = (key: string, value: number | undefined) =>
  value === undefined ? [] : [{ key, value: { intValue: value } }]

let nextId = 1
const hex = (bytes: number) => (nextId++).toString(16).padStart(bytes * 2, '0')

/** Reports the calls to a running Telltale; they are durable when this resolves. */
export async function report(otlpUrl: string, calls: Call[]): Promise<void> {
  const spans = calls.map((call) => {
    const end = Date.now() - (call.agoMs ?? 0)
    return {
      resource: { attributes: text('service.name', call.service ?? 'checkout') },
      scopeSpans: [
        {
          spans: [
            {
              traceId: call.traceId ?? hex(16),
              spanId: hex(8),
              name: 'POST',
              kind: 3,
              startTimeUnixNano: `${end - 120}000000`,
              endTimeUnixNano: `${end}000000`,
              attributes: [
                ...text('http.request.method', 'POST'),
                ...text('http.route', '/v1/sessions/{id}'),
                ...text('api.provider', call.provider ?? 'session-api'),
                ...text('api.error.code', call.code),
                ...text('api.request_id', call.requestId),
                ...text('api.call_id', call.callId),
                ...text('api.error.message', call.message),
                ...int('http.request.resend_count', call.attempt),
                ...int('http.response.status_code', call.status),
                ...text('api.ratelimit.name', call.limits?.name),
                ...int('api.ratelimit.limit', call.limits?.limit),
                ...int('api.ratelimit.remaining', call.limits?.remaining),
                ...int('api.ratelimit.reset_ms', call.limits?.resetMs),
              ],
            },
          ],
        },
      ],
    }
  })
  const response = await fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: spans }),
  })
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
}
