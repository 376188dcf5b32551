import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { canSign, selfSigned } from '../access/self-signed.ts'
import { telltale } from '../cli/run-cli.ts'
import { temporaryStore } from '../store/temp-store.ts'
import { parseMetrics } from './prometheus-text.ts'
import { eventually, startUp } from './up.ts'
import { upForAll } from './up-for-all.ts'

const up = upForAll('self', { flags: ['--self'] })
/** Which of them were asked for, each a span of its own. */
let asked = 0
const ask = (path: string, init?: RequestInit) => {
  asked++
  return fetch(`${up.url}${path}`, init)
}

interface Found {
  attempts: object[]
}

/** What is stored about a request id, once there is anything. */
const stored = (id: string, token?: string) =>
  eventually(async () => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await ask(`/api/v1/requests/${id}`, { headers })
    return response.status === 200 ? ((await response.json()) as { data: Found }).data : undefined
  }, `the request ${id} in the store`)

test('a failed API call of up --self is found by its request id, as any API’s', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const response = await ask('/api/v1/codes?limit=none', { headers: { traceparent } })
  const { meta } = (await response.json()) as { meta: { request_id: string } }
  await stored(meta.request_id)
  asked++
  const { stdout } = await telltale(['lookup', meta.request_id, '--json'], {
    cwd: up.data,
    env: { TELLTALE_URL: up.url },
  })
  const found = JSON.parse(stdout)
  expect(found.verdict).toMatchObject({
    code: 'invalid_parameter',
    standing: 'known',
    retry: 'never',
    meaning: 'A parameter is not valid.',
  })
  expect(found.attempts).toMatchObject([
    {
      provider: 'telltale',
      service: 'telltale',
      service_version: expect.stringMatching(/^\d/),
      side: 'server',
      code: 'invalid_parameter',
      class: 'validation',
      status: 400,
      method: 'GET',
      route: '/api/v1/codes',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
    },
  ])
})

test('a failed OTLP request is one, too; those that carry our own spans are not, so that nothing goes in a circle', async () => {
  const refused = await fetch(`${up.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'x-request-id': 'otlp-refused' },
    body: 'no protobuf',
  })
  expect(refused.status).toBe(400)
  const found = await stored('otlp-refused')
  expect(found.attempts).toMatchObject([
    {
      provider: 'telltale',
      code: 'invalid_payload',
      standing: 'known',
      status: 400,
      method: 'POST',
      route: '/v1/traces',
    },
  ])
  // One span a request, and none of the many requests that brought them.
  const families = parseMetrics(await (await ask('/metrics')).text())
  const value = (name: string) => families.find((family) => family.name === name)!.samples[0].value
  expect(value('telltale_spans_total')).toBeLessThanOrEqual(asked + 1)
})

test('where tokens are needed, our own spans need none of them, and nobody else gets in', async () => {
  const env = { TELLTALE_URL: up.url }
  const created = await telltale(['token', 'create', '--scope', 'admin', '--json'], { cwd: up.data, env })
  const { token } = JSON.parse(created.stdout) as { token: string }
  const refused = await fetch(`${up.url}/api/v1/codes`)
  expect(refused.status).toBe(401)
  const id = refused.headers.get('x-request-id') ?? ''
  const untold = await fetch(`${up.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'x-request-id': 'otlp-no-token' },
  })
  expect(untold.status).toBe(401)
  for (const [requestId, route] of [
    [id, '/api/v1/codes'],
    ['otlp-no-token', '/v1/traces'],
  ] as const) {
    const { attempts } = await stored(requestId, token)
    expect(attempts).toMatchObject([{ code: 'token_missing', standing: 'known', status: 401, route }])
  }
})

describe('in a directory of its own', () => {
  let data: string
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'telltale-self-'))
  })
  afterEach(() => rmSync(data, { recursive: true, force: true }))

  test('over TLS, with a certificate that nobody signed, they arrive as well', async ({ skip }) => {
    skip(!canSign, 'needs openssl on PATH to make certificates')
    const { cert, key } = selfSigned(data)
    const tls = await startUp(join(data, 'data'), {
      flags: ['--self'],
      env: { TELLTALE_TLS_CERT: cert, TELLTALE_TLS_KEY: key },
    })
    onTestFinished(() => void tls.process.kill('SIGKILL'))
    // A lookup that finds nothing is a failed call, too.
    const env = { TELLTALE_URL: tls.url, NODE_EXTRA_CA_CERTS: cert }
    await telltale(['lookup', 'req_nobody_has'], { cwd: data, env })
    const codes = await eventually(async () => {
      const { stdout } = await telltale(['codes', '--provider', 'telltale', '--json'], { cwd: data, env })
      return stdout.includes('request_not_found') ? stdout : undefined
    }, 'our own code')
    await tls.stop()
    expect(JSON.parse(codes)).toMatchObject([{ code: 'request_not_found', standing: 'known' }])
  })

  test('a stop sends what is not sent yet; without --self nothing is sent', async () => {
    for (const [flags, id] of [
      [['--self'], 'just-before-the-end'],
      [[], 'of-no-interest'],
    ] as const) {
      const one = await startUp(data, { flags: [...flags] })
      onTestFinished(() => void one.process.kill('SIGKILL'))
      const response = await fetch(`${one.url}/nothing/here`, { headers: { 'x-request-id': id } })
      expect(response.status).toBe(404)
      await response.text()
      expect(await one.stop()).toBe(0)
    }
    const left = await temporaryStore(data)
    const rows = await left.client.query('SELECT request_id, code, status FROM errors')
    await left.close()
    expect(rows).toEqual([{ request_id: 'just-before-the-end', code: 'not_found', status: 404 }])
  })
})
