import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canSign, selfSigned } from '../access/self-signed.ts'
import { telltale } from '../cli/run-cli.ts'
import { parseMetrics } from './prometheus-text.ts'
import { eventually, startUp, type Up } from './up.ts'

let data: string
let up: Up
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'telltale-self-'))
})
afterEach(async () => {
  await up.stop()
  rmSync(data, { recursive: true, force: true })
})

/** What the command says of a request id, once it is found. */
const lookedUp = (id: string, token = '') =>
  eventually(async () => {
    const { code, stdout } = await telltale(['lookup', id, '--json'], {
      cwd: data,
      env: { TELLTALE_URL: up.url, TELLTALE_TOKEN: token },
    })
    return code === 0 ? JSON.parse(stdout) : undefined
  }, `the request ${id} in the store`)

test('a failed API call of up --self is found by its request id, as any API’s', async () => {
  up = await startUp(data, { flags: ['--self'] })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const response = await fetch(`${up.url}/api/v1/codes?limit=none`, { headers: { traceparent } })
  const { meta } = (await response.json()) as { meta: { request_id: string } }
  const found = await lookedUp(meta.request_id)
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
  up = await startUp(data, { flags: ['--self'] })
  let asked = 0
  const ask = (path: string) => {
    asked++
    return fetch(`${up.url}${path}`)
  }
  const refused = await fetch(`${up.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'x-request-id': 'otlp-refused' },
    body: 'no protobuf',
  })
  expect(refused.status).toBe(400)
  const found = await eventually(async () => {
    const response = await ask('/api/v1/requests/otlp-refused')
    return response.status === 200
      ? ((await response.json()) as { data: { attempts: object[] } }).data
      : undefined
  }, 'the refused request')
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
  up = await startUp(data, { flags: ['--self'] })
  const env = { TELLTALE_URL: up.url }
  const created = await telltale(['token', 'create', '--scope', 'admin', '--json'], { cwd: data, env })
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
  ]) {
    const { attempts } = await lookedUp(requestId, token)
    expect(attempts).toMatchObject([{ code: 'token_missing', standing: 'known', status: 401, route }])
  }
})

test('over TLS, with a certificate that nobody signed, they arrive as well', async ({ skip }) => {
  skip(!canSign, 'needs openssl on PATH to make certificates')
  const { cert, key } = selfSigned(data)
  up = await startUp(join(data, 'data'), {
    flags: ['--self'],
    env: { TELLTALE_TLS_CERT: cert, TELLTALE_TLS_KEY: key },
  })
  // A lookup that finds nothing is a failed call, too.
  const env = { TELLTALE_URL: up.url, NODE_EXTRA_CA_CERTS: cert }
  const codes = await eventually(async () => {
    await telltale(['lookup', 'req_nobody_has'], { cwd: data, env })
    const { stdout } = await telltale(['codes', '--provider', 'telltale', '--json'], { cwd: data, env })
    return stdout.includes('request_not_found') ? stdout : undefined
  }, 'our own code')
  expect(JSON.parse(codes)).toMatchObject([{ code: 'request_not_found', standing: 'known' }])
})

test('a stop sends what is not sent yet', async () => {
  up = await startUp(data, { flags: ['--self'] })
  const response = await fetch(`${up.url}/nothing/here`, {
    headers: { 'x-request-id': 'just-before-the-end' },
  })
  expect(response.status).toBe(404)
  await response.text()
  await up.stop()
  up = await startUp(data)
  expect((await lookedUp('just-before-the-end')).attempts).toMatchObject([{ code: 'not_found', status: 404 }])
})

test('without --self nothing is sent', async () => {
  up = await startUp(data)
  await fetch(`${up.url}/nothing/here`)
  await up.stop()
  up = await startUp(data)
  const answer = await fetch(`${up.url}/api/v1/codes?provider=telltale`)
  expect(await answer.json()).toMatchObject({ data: [] })
})
