import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { describe, expect, test } from 'vitest'
import { buildApp } from '../../services/api/app.ts'
import { storeFailure } from '../../services/api/store-failure.ts'
import { boundedQuery } from '../../services/store/connect/bounded.ts'
import { accessOn } from './access.ts'
import { appOnStore } from './app-on-store.ts'

const on = appOnStore()

const ENVELOPE = {
  success: false,
  data: null,
  error: { code: expect.stringMatching(/^[a-z_]+$/), message: expect.any(String) },
  meta: { request_id: expect.stringMatching(/^req_/), version: 'v1' },
}

describe('a parameter that is not valid', () => {
  test.each([
    ['/api/v1/codes?from=yesterday', 'from'],
    ['/api/v1/codes?from=', 'from'],
    ['/api/v1/codes?from=2026-02-30T00:00:00Z', 'from'],
    ['/api/v1/codes?to=-1h&from=now', 'from'],
    ['/api/v1/codes?from=-1h&from=-2h', 'from'],
    ['/api/v1/codes?limit=0', 'limit'],
    ['/api/v1/codes?limit=1001', 'limit'],
    ['/api/v1/codes?limit=1e3', 'limit'],
    ['/api/v1/codes?limit=99999999999999999999', 'limit'],
    ['/api/v1/codes?standing=odd', 'standing'],
    ['/api/v1/codes?retry=NEVER', 'retry'],
    ['/api/v1/codes?provider=', 'provider'],
    [`/api/v1/codes?q=${'x'.repeat(10_000)}`, 'q'],
    ['/api/v1/codes?colour=red', 'colour'],
    ['/api/v1/codes?__proto__=1', '__proto__'],
    ['/api/v1/timeseries?by=message', 'by'],
    ['/api/v1/timeseries?step=15', 'step'],
    ['/api/v1/timeseries?step=99999999w', 'step'],
    ['/api/v1/unknown?standing=known', 'standing'],
    ['/api/v1/quotas?retry=never', 'retry'],
    ['/api/v1/requests/req_a?verbose=1', 'verbose'],
    [`/api/v1/requests/${'x'.repeat(1_100)}`, 'id'],
    ['/api/v1/requests/a%00b', 'id'],
    ['/api/v1/codes?provider=a%00b', 'provider'],
    ['/api/v1/codes?provider=a&provider=b', 'provider'],
    ['/api/v1/codes?provider=%zz', 'provider'],
    ['/api/v1/codes?q=%ff', 'q'],
    ['/api/v1/codes?limit=5&limit=6', 'limit'],
    ['/api/v1/codes?%zz=1', '%zz'],
    ['/api/v1/codes?sort=colour', 'sort'],
    ['/api/v1/codes?order=up', 'order'],
    ['/api/v1/codes?cursor=1', 'cursor'],
  ])('%.60s', async (url, parameter) => {
    const answer = await on.fail(url)
    expect(answer).toMatchObject({ ...ENVELOPE, status: 400 })
    expect(answer.error).toMatchObject({ code: 'invalid_parameter', details: [{ parameter }] })
    expect(answer.error.message).toContain(parameter)
  })

  test('every problem is told, and which parameters there are', async () => {
    const { error } = await on.fail('/api/v1/quotas?from=x&limit=y&colour=red')
    expect(error.details).toEqual([
      { parameter: 'from', message: expect.stringContaining('-15m') },
      { parameter: 'limit', message: expect.stringContaining('1 to 1000') },
      { parameter: 'colour', message: expect.stringMatching(/from, to, .*provider, service/) },
    ])
  })
})

describe('an address', () => {
  test('where nothing is: 404, and what there is', async () => {
    const { paths } = (await on.app.inject('/openapi.json')).json()
    for (const url of [
      '/nothing',
      '/api/v1/',
      '/api/v2/codes',
      '/api/v1/codes/',
      '/assets/',
      '/assets/../app.ts',
    ]) {
      const answer = await on.fail(url)
      expect(answer).toMatchObject({ ...ENVELOPE, status: 404, error: { code: 'not_found' } })
      expect(answer.error.details).toEqual({ addresses: [...Object.keys(paths), '/openapi.json', '/'] })
    }
  })

  test('with a broken escape or too long a parameter', async () => {
    expect(await on.fail('/api/v1/requests/%zz')).toMatchObject({
      ...ENVELOPE,
      status: 400,
      error: { code: 'invalid_request' },
    })
    expect(await on.fail(`/api/v1/requests/${'x'.repeat(5000)}`)).toMatchObject({
      ...ENVELOPE,
      status: 414,
      error: { code: 'uri_too_long' },
    })
  })

  test('that does not take the method: 405, and which it takes', async () => {
    for (const url of ['/api/v1/codes', '/api/v1/requests/req_a', '/healthz', '/', '/assets/app.js']) {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
        const response = await on.app.inject({ method, url })
        expect([response.statusCode, response.headers.allow]).toEqual([405, 'GET, HEAD'])
        expect(response.json()).toMatchObject({ ...ENVELOPE, error: { code: 'method_not_allowed' } })
      }
    }
    const { statusCode, body } = await on.app.inject({ method: 'HEAD', url: '/healthz' })
    expect([statusCode, body]).toEqual([200, ''])
  })

  test('with a body where none is taken: 405 all the same, and 413 before it is read', async () => {
    const payload = 'x'.repeat(100_000)
    const sent = async (url: string, type: string) =>
      (await on.app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })).json()
    expect(await sent('/api/v1/codes', 'application/xml')).toMatchObject({
      error: { code: 'method_not_allowed' },
    })
    expect(await sent('/nothing', 'application/json')).toMatchObject({ error: { code: 'payload_too_large' } })
  })
})

describe('the request id', () => {
  test('is the caller’s if it is sane, and ours otherwise', async () => {
    const idFor = async (id: string) => {
      const response = await on.app.inject({ url: '/healthz', headers: { 'x-request-id': id } })
      expect(response.json().meta.request_id).toBe(response.headers['x-request-id'])
      return response.headers['x-request-id']
    }
    expect(await idFor('edge-7f:1.a_b')).toBe('edge-7f:1.a_b')
    for (const id of ['', '<b>', 'a b', 'x'.repeat(129), 'naïve'])
      expect(await idFor(id)).toMatch(/^req_[0-9a-f]{20}$/)
  })
})

describe('a Host that is not this machine', () => {
  test('is refused everywhere, the page too', async () => {
    for (const url of ['/', '/api/v1/codes', '/healthz', '/nothing', '/assets/app.js']) {
      const answer = await on.fail(url, { host: 'evil.example:8080' })
      expect(answer).toMatchObject({ ...ENVELOPE, status: 403, error: { code: 'host_not_allowed' } })
    }
    expect((await on.get('/healthz', { host: '[::1]:8080' })).status).toBe(200)
  })

  test('is fine where others are served on purpose', async () => {
    const app = buildApp({
      ...on.parts,
      ...(await accessOn(on.client, { isLocal: false, isInsecure: true })),
    })
    expect((await app.inject({ url: '/healthz', headers: { host: 'telltale.example' } })).statusCode).toBe(
      200,
    )
    await app.close()
  })
})

test('every answer carries the security headers, and none allows another origin', async () => {
  for (const url of [
    '/',
    '/healthz',
    '/nothing',
    '/api/v1/codes?x=1',
    '/api/v1/requests/%zz',
    '/assets/style.css',
  ]) {
    const { headers } = await on.app.inject({ url, headers: { origin: 'http://evil.example' } })
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'.*frame-ancestors 'none'/)
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['x-powered-by'] ?? headers.server).toBeUndefined()
  }
})

describe('the store', () => {
  test.each([{ clickhouseCode: '243' }, { code: 'ENOSPC' }])('on a full disk: 503, %j', (said) => {
    expect(storeFailure(Object.assign(new Error('full'), said))).toEqual({
      code: 'disk_full',
      retryAfterSeconds: 30,
    })
  })

  test('that is away: 503 and when to try again', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const away = createClient({ url: `http://127.0.0.1:${port}`, log: { level: ClickHouseLogLevel.OFF } })
    const app = buildApp({
      ...on.parts,
      query: async (query, query_params) =>
        (await away.query({ query, query_params, format: 'JSONEachRow' })).json(),
    })
    for (const url of ['/api/v1/codes', '/api/v1/requests/req_a', '/api/v1/timeseries', '/api/v1/quotas']) {
      const response = await app.inject({ url })
      expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '2'])
      expect(response.json()).toMatchObject({ ...ENVELOPE, error: { code: 'store_unavailable' } })
    }
    await app.close()
    await away.close()
  })

  test('that is asked more than it can answer: 503, and the rest is served', async () => {
    const query = boundedQuery(on.parts.query, { atOnce: 1, waiting: 1, waitMs: 60_000 })
    const app = buildApp({ ...on.parts, query })
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => app.inject({ url: '/api/v1/requests/req_a' })),
    )
    const refused = answers.filter(({ statusCode }) => statusCode === 503)
    expect(refused).toHaveLength(3)
    expect(answers.filter(({ statusCode }) => statusCode === 404)).toHaveLength(2)
    expect(refused[0]!.headers['retry-after']).toBe('1')
    expect(refused[0]!.json()).toMatchObject({ ...ENVELOPE, error: { code: 'overloaded' } })
    await app.close()
  })

  test('that takes too long: 503', async () => {
    const app = buildApp({
      ...on.parts,
      query: () =>
        on.parts.query('SELECT sum(number) FROM numbers(100000000000) SETTINGS max_execution_time = 0.05'),
    })
    const response = await app.inject({ url: '/api/v1/codes' })
    expect([response.statusCode, response.json().error.code]).toEqual([503, 'query_too_heavy'])
    await app.close()
  })

  test('that gives an answer nobody expects: 500, with nothing of our insides, and all of it in the log', async () => {
    const app = buildApp({ ...on.parts, query: () => on.parts.query('SELECT 1 AS secret FROM nowhere') })
    const response = await app.inject({ url: '/api/v1/codes', headers: { 'x-request-id': 'mine' } })
    expect(response.statusCode).toBe(500)
    expect(response.json()).toMatchObject({ error: { code: 'internal_error', details: null } })
    expect(response.body).not.toMatch(/nowhere|secret|services\//)
    expect(on.logged.at(-1)).toMatchObject({ level: 'error', fields: { request_id: 'mine' } })
    await app.close()
  })
})

test('a row that is not as its query says: 500, for no parameter of theirs is wrong', async () => {
  const app = buildApp({ ...on.parts, query: async () => [{ provider: 7 }] })
  const response = await app.inject({ url: '/api/v1/quotas' })
  expect([response.statusCode, response.json().error.code]).toEqual([500, 'internal_error'])
  await app.close()
})

test('not ready: 503 with the reasons', async () => {
  const checks = [
    { name: 'store', ok: true },
    { name: 'transport', ok: false, reason: 'the disk is full' },
  ]
  const app = buildApp({ ...on.parts, readiness: async () => ({ ok: false, checks }) })
  const response = await app.inject({ url: '/readyz' })
  expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1'])
  expect(response.json()).toMatchObject({
    ...ENVELOPE,
    error: { code: 'not_ready', message: 'Not ready. transport: the disk is full.', details: { checks } },
  })
  await app.close()
})

describe('over a socket', () => {
  /** Everything that comes back for these bytes, until the other side closes. */
  const exchange = (port: number, ...lines: string[]) =>
    new Promise<string>((resolve, reject) => {
      let answer = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`))
      socket
        .on('data', (bytes) => {
          answer += bytes
        })
        .on('close', () => resolve(answer))
        .on('error', reject)
    })

  test('bytes that are no HTTP, headers without end, a missing Host: each answered in the envelope', async () => {
    const app = buildApp(on.parts)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const body = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))

    const broken = await exchange(port, 'what is this')
    expect(broken).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*x-request-id: req_/)
    expect(body(broken)).toMatchObject({ ...ENVELOPE, error: { code: 'invalid_request' } })

    const long = await exchange(
      port,
      'GET /healthz HTTP/1.1',
      'Host: localhost',
      `X-Long: ${'x'.repeat(20_000)}`,
    )
    expect(body(long)).toMatchObject({ ...ENVELOPE, error: { code: 'headers_too_large' } })

    const hostless = await exchange(port, 'GET /healthz HTTP/1.0')
    expect(hostless).toMatch(/^HTTP\/1\.1 403 /)

    const expecting = await exchange(
      port,
      'GET /nowhere HTTP/1.1',
      'Host: localhost',
      'Expect: the-best',
      'Connection: close',
    )
    expect(expecting).toMatch(/^HTTP\/1\.1 404 [\s\S]*"success":false/)

    const fine = await exchange(port, 'GET /healthz HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Connection: close')
    expect(fine).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    await app.close()
  })

  test('every limit that fastify leaves open is set', () => {
    const { server } = on.app
    expect([server.requestTimeout, server.timeout, server.keepAliveTimeout]).not.toContain(0)
    expect(on.app.initialConfig.bodyLimit).toBeLessThanOrEqual(1024 * 1024)
  })
})
