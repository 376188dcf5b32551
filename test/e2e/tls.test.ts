import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { canSign, selfSigned } from '../access/self-signed.ts'
import { telltale } from '../cli/run-cli.ts'
import { eventually, startUp } from './up.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-tls-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

async function ask(url: string, ca: Buffer, method = 'GET') {
  const request = https.request(url, {
    ca,
    method,
    agent: false,
    headers: { 'content-type': 'application/json' },
  })
  request.end(method === 'POST' ? '{}' : undefined)
  const [response] = await once(request, 'response')
  response.resume()
  return response as { statusCode: number; headers: Record<string, string> }
}

test('a real up speaks TLS on both ports, and takes a new certificate without a restart', async ({
  skip,
}) => {
  skip(!canSign, 'needs openssl on PATH to make certificates')
  const { cert, key } = selfSigned(cwd)
  const first = readFileSync(cert)
  const up = await startUp(join(cwd, 'data'), { env: { TELLTALE_TLS_CERT: cert, TELLTALE_TLS_KEY: key } })
  try {
    expect([up.url, up.otlpUrl]).toEqual([
      expect.stringMatching(/^https:\/\/127\.0\.0\.1:/),
      expect.stringMatching(/^https:\/\/127\.0\.0\.1:/),
    ])
    const alive = await ask(`${up.url}/healthz`, first)
    expect([alive.statusCode, alive.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000'])
    expect((await ask(`${up.otlpUrl}/v1/traces`, first, 'POST')).statusCode).toBe(200)
    const listed = await telltale(['codes', '--url', up.url], { cwd, env: { NODE_EXTRA_CA_CERTS: cert } })
    expect([listed.code, listed.stderr]).toEqual([0, expect.not.stringContaining('certificate')])

    selfSigned(cwd)
    const second = readFileSync(cert)
    for (const url of [`${up.url}/healthz`, `${up.otlpUrl}/v1/traces`])
      await eventually(() => ask(url, second).catch(() => undefined), `the new certificate at ${url}`)
  } finally {
    expect(await up.stop()).toBe(0)
  }
})

test('half of a pair, or files that are no such: one line that says what to do', async () => {
  const run = (env: Record<string, string>) =>
    telltale(['up', '--data', join(cwd, 'none'), '--port', '0', '--otlp-port', '0'], { cwd, env })
  expect(await run({ TELLTALE_TLS_CERT: 'cert.pem' })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/tls\.key is missing/),
  })
  expect(await run({ TELLTALE_TLS_CERT: 'no.pem', TELLTALE_TLS_KEY: 'no.key' })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^telltale: .*tls\.cert no\.pem and tls\.key no\.key cannot be used.*PEM/m),
  })
})
