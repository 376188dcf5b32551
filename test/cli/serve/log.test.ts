import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../../services/cli/serve/log.ts'
import { eventually, startUp } from '../../e2e/up.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void) {
  const lines: string[] = []
  const clickhouse = { database: 'telltale', user: 'default', password: 'pa"ss word' }
  const kafka = { saslPassword: 'sasl pass word' }
  const log = createLog(
    { logLevel: 'trace', token: 'configured-token', clickhouse, kafka },
    { write: (line) => void lines.push(line) },
  )
  write(log)
  expect(lines).toHaveLength(1)
  return { text: lines[0], line: JSON.parse(lines[0]) }
}

describe('a line of the log', () => {
  test('is JSON with time, level, message and the whole error, of whichever name', () => {
    for (const name of ['err', 'error']) {
      const { line } = logged((log) =>
        log.warn({ request_id: 'req_a', [name]: new TypeError('broke') }, 'answered'),
      )
      expect(line).toMatchObject({
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        msg: 'answered',
        request_id: 'req_a',
        [name]: { type: 'TypeError', message: 'broke', stack: expect.stringContaining('log.test') },
      })
    }
  })

  test.each<[what: string, fields: object, kept: RegExp]>([
    ['a token', { a: `x tt_${'s3cret'.repeat(8)} y` }, /x tt_… y/],
    ['a bearer', { a: 'Bearer s3cret.s3cret-s3cret' }, /Bearer …/],
    ['basic credentials', { headers: { authorization: 'Basic s3crets3cret' } }, /…/],
    ['a cookie', { headers: { cookie: 's3cret=1' } }, /cookie":"…/],
    ['an address', { url: 'https://user:s3cret@host.example/path' }, /\/\/…@host\.example\/path/],
    ['an address with a token for a user', { url: 'https://s3cret@host.example' }, /\/\/…@host/],
    ['a query', { url: '/a?token=s3cret&limit=3' }, /token=…&limit=3/],
    ['JSON in a text', { a: '{"api_key":"s3cret","b":1}' }, /api_key\\":\\"…\\",\\"b/],
    ['an error', { err: new Error('no access with password=s3cret to x') }, /password=… to x/],
    ['what is configured', { a: 'configured-token, pa"ss word, sasl pass word' }, /"…, …, …"/],
  ])('does not say %s', (_, fields, kept) => {
    const { text } = logged((log) => log.info(fields, 'said'))
    expect(text).not.toContain('s3cret')
    expect(text).toMatch(kept)
  })

  test('is made in linear time, whatever it says (or this test would not end)', () => {
    for (const unit of ['://', 'Bearer ', 'token:', 'tt_', '\\"', 'cookie \\\\"', '@', ' '])
      logged((log) => log.info({ a: unit.repeat(300_000) }, 'long'))
  })
})

test('of a real up: the request id of every answer, and no secret of any request', async () => {
  const data = mkdtempSync(join(tmpdir(), 'telltale-log-'))
  const up = await startUp(data, {
    flags: ['--log-level', 'trace'],
    env: {
      TELLTALE_TOKEN: `tt_${'Configured'.repeat(5)}`,
      TELLTALE_CLICKHOUSE_PASSWORD: 'Configured-password',
    },
  })
  try {
    const secret = `tt_${'S3cret'.repeat(8)}`
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `session=${secret}`,
      'x-api-key': secret,
      traceparent: secret,
    }
    const ids: string[] = []
    for (const path of [
      '/api/v1/codes',
      `/api/v1/codes?token=${secret}`,
      `/api/v1/requests/${secret}`,
      `/${secret}`,
      `/api/v1/codes/%zz${secret}`,
      `/readyz?password=${secret}`,
    ]) {
      const response = await fetch(`${up.url}${path}`, { headers })
      ids.push(response.headers.get('x-request-id') ?? '')
    }
    await fetch(`${up.url}/healthz`, { headers: { ...headers, 'x-request-id': secret } })
    const body = JSON.stringify({ resourceSpans: [{ password: secret, scopeSpans: secret }] })
    await fetch(`${up.otlpUrl}/v1/traces?token=${secret}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    })
    const said = await eventually(
      async () => (ids.every((id) => up.said().includes(id)) ? up.said() : undefined),
      'a line for every answer',
    )
    // What the command itself says to a person stands beside its log.
    const lines = said.split('\n').filter((line) => line !== '' && !line.startsWith('telltale: '))
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) })
    expect(said).not.toMatch(/S3cret|Configured/)
  } finally {
    await up.stop()
    rmSync(data, { recursive: true, force: true })
  }
})
