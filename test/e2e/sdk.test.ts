import { execFile as execFileCallback } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { eventually, startUp } from './up.ts'
import { upForAll } from './up-for-all.ts'

const execFile = promisify(execFileCallback)
const up = upForAll('sdk')

interface Lookup {
  request_id: string
  verdict: {
    code: string
    retry: string
    retryable: boolean
    standing: string
    meaning: string
    reply: string
  }
  attempts: Record<string, unknown>[]
}

async function get<T>(path: string): Promise<{ status: number; data: T }> {
  const response = await fetch(`${up.url}${path}`)
  const { data } = (await response.json()) as { data: T }
  return { status: response.status, data }
}

const APP = join(import.meta.dirname, 'app.ts')

describe.each([
  ['http/protobuf', 'none'],
  ['http/protobuf', 'gzip'],
  ['http/json', 'none'],
  ['http/json', 'gzip'],
])('the real SDK over %s, compression %s', (protocol, compression) => {
  test('a failed call is found by its request id, with its verdict and every attempt', async () => {
    const stem = `req_${protocol.slice(5)}_${compression}_`
    await execFile(process.execPath, [APP, stem], {
      env: {
        ...process.env,
        OTEL_EXPORTER_OTLP_ENDPOINT: up.otlpUrl,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_COMPRESSION: compression,
        OTEL_SERVICE_NAME: 'checkout',
        OTEL_RESOURCE_ATTRIBUTES: 'service.version=2.4.1,deployment.environment.name=production',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
      },
    })
    const requestId = `${stem}a`
    const found = await eventually(async () => {
      const { status, data } = await get<Lookup>(`/api/v1/requests/${requestId}`)
      return status === 200 && data.attempts.length === 3 ? data : undefined
    }, 'the three attempts')
    expect(
      found.attempts.map(({ code, status, attempt }) => ({ code: code ?? null, status, attempt })),
    ).toMatchObject([
      { code: 'RATE_LIMIT_EXCEEDED', status: 429, attempt: 0 },
      { code: 'BACKEND_TIMEOUT', status: 504, attempt: 1 },
      { status: 200, attempt: 2 },
    ])
    expect(found.attempts[0]).toMatchObject({
      provider: 'session-api',
      service: 'checkout',
      service_version: '2.4.1',
      environment: 'production',
      side: 'client',
      retry: 'after_wait',
      retryable: true,
      standing: 'known',
      class: 'rate_limit',
      method: 'POST',
      route: '/v1/sessions/{id}/messages',
      request_id: requestId,
    })
    const text = JSON.stringify(found)
    for (const secret of ['jane@example.com', 'abc.def.ghi', 'token=secret'])
      expect(text).not.toContain(secret)

    const byTrace = await get<Lookup>(`/api/v1/requests/${String(found.attempts[0]!.trace_id)}`)
    expect(byTrace.status).toBe(200)
    const { data: codes } = await get<{ code: string; count: number }[]>(
      '/api/v1/codes?from=-1h&provider=session-api',
    )
    expect(codes.map(({ code }) => code)).toContain('RATE_LIMIT_EXCEEDED')
  })
})

test('a second up on the same directory says so and exits 1', async () => {
  const second = await startUp(up.data).then(
    () => null,
    (error: Error) => error.message,
  )
  expect(second).toMatch(/another|already/i)
  expect(second).toContain(up.data)
})
