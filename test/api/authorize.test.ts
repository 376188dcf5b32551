import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { buildApp } from '../../services/api/app.ts'
import type { Scope } from '../../services/contract/scopes.ts'
import { accessOn } from './access.ts'
import { appOnStore } from './app-on-store.ts'

const on = appOnStore()

/** An app with a store of tokens that is empty. */
let app: typeof on.app
let access: Awaited<ReturnType<typeof accessOn>>
async function start(options?: Parameters<typeof accessOn>[1]) {
  await app?.close()
  access = await accessOn(on.client, options)
  app = buildApp({ ...on.parts, ...access })
}
beforeEach(async () => {
  await on.client.command('TRUNCATE TABLE tokens')
  await start()
})
afterEach(() => app.close())

const make = async (...scopes: Scope[]) =>
  (await access.tokens.create({ name: 'test', scopes, expiresAt: null })).token
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const MINE = { remoteAddress: '127.0.0.1' }

const READ = [
  '/api/v1/codes',
  '/api/v1/requests/req_a',
  '/api/v1/timeseries',
  '/api/v1/unknown',
  '/api/v1/quotas',
  '/metrics',
  '/nothing',
]
const PUBLIC = ['/', '/requests/req_a', '/assets/app.js', '/healthz', '/readyz']

describe('once there is a token', () => {
  test('every route of the data needs one, this machine too: 401 with a challenge, in the envelope', async () => {
    await make('ingest')
    for (const url of READ) {
      const response = await app.inject({ url })
      expect([url, response.statusCode, response.headers['www-authenticate']]).toEqual([
        url,
        401,
        'Bearer realm="telltale"',
      ])
      expect(response.json()).toMatchObject({
        success: false,
        error: { code: 'token_missing', message: expect.stringContaining('telltale token create') },
      })
    }
  })

  test('one that is not valid: 401 that says so, and nothing of it in the answer', async () => {
    await make('read')
    const { id } = await access.tokens.create({ name: '', scopes: ['read'], expiresAt: null })
    await access.tokens.revoke(id)
    const wrong = `tt_${'S'.repeat(43)}`
    const response = await app.inject({ url: '/api/v1/codes', headers: bearer(wrong) })
    expect([response.statusCode, response.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="telltale", error="invalid_token"',
    ])
    expect(JSON.stringify([response.json(), response.headers])).not.toContain('SSS')
  })

  test('one for something else: 403 that says what it takes', async () => {
    const token = await make('ingest')
    for (const [url, method, scope] of [
      ['/api/v1/codes', 'GET', 'read'],
      ['/api/v1/tokens', 'GET', 'admin'],
      ['/api/v1/tokens', 'POST', 'admin'],
      ['/api/v1/tokens/tok_a', 'DELETE', 'admin'],
    ] as const) {
      const response = await app.inject({ url, method, headers: bearer(token) })
      expect([url, response.statusCode, response.headers['www-authenticate']]).toEqual([
        url,
        403,
        `Bearer realm="telltale", error="insufficient_scope", scope="${scope}"`,
      ])
      expect(response.json().error.code).toBe('scope_missing')
    }
  })

  test('the right one is served, and admin is right everywhere', async () => {
    for (const token of [await make('read'), await make('admin')]) {
      const response = await app.inject({ url: '/api/v1/codes', headers: bearer(token) })
      expect(response.statusCode).toBe(200)
    }
  })

  test('the page and the probes are for anyone, with any token', async () => {
    await make('read')
    for (const url of PUBLIC) expect([url, (await app.inject({ url })).statusCode]).toEqual([url, 200])
    const { statusCode } = await app.inject({ url: '/healthz', headers: bearer('nonsense') })
    expect(statusCode).toBe(200)
  })
})

test('why it is not ready is told to those who may read, and only what is not to others', async () => {
  const readiness = async () => ({
    ok: false,
    checks: [{ name: 'store', ok: false, reason: '/var/x is full' }],
  })
  const sick = buildApp({ ...on.parts, ...access, readiness })
  const token = await make('read')
  const told = async (headers = {}) => (await sick.inject({ url: '/readyz', headers })).json().error
  expect(await told()).toMatchObject({
    message: 'Not ready. store: not ok.',
    details: { checks: [{ ok: false }] },
  })
  expect(JSON.stringify([await told(), await told(bearer('tt_wrong'))])).not.toContain('/var/x')
  expect((await told(bearer(token))).message).toContain('/var/x is full')
  await sick.close()
})

test('an answer that is still being sent ends when its token is revoked; others go on', async () => {
  await make('admin')
  const [gone, stays] = await Promise.all(
    [1, 2].map(() => access.tokens.create({ name: '', scopes: ['read'], expiresAt: null })),
  )
  app.get('/api/v1/endless', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
    reply.raw.write(':\n\n')
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const open = async ({ token }: { token: string }) => {
    const [response] = (await once(get(`${url}/api/v1/endless`, { headers: bearer(token) }), 'response')) as [
      IncomingMessage,
    ]
    response.on('error', () => undefined).resume()
    return response
  }
  const [cut, kept] = [await open(gone), await open(stays)]
  await access.tokens.revoke(gone.id)
  await vi.waitFor(() => expect(cut.destroyed).toBe(true), { timeout: 15_000 })
  expect(kept.destroyed).toBe(false)
  kept.destroy()
})

describe('making tokens', () => {
  const create = (payload: object, headers = {}, remoteAddress = '127.0.0.1') =>
    app.inject({ method: 'POST', url: '/api/v1/tokens', payload, headers, remoteAddress })

  test('the first one from this machine; it is shown once, and then needed', async () => {
    const first = await create({ name: 'first', scopes: ['admin'], expires: '90d' })
    expect([first.statusCode, first.headers['cache-control']]).toEqual([200, 'no-store'])
    const { token, ...row } = first.json().data
    expect(token).toMatch(/^tt_[A-Za-z0-9_-]{43}$/)
    expect(row).toMatchObject({ name: 'first', scopes: ['admin'], revoked_at: null, last_used_at: null })
    expect(Date.parse(row.expires_at) - Date.parse(row.created_at)).toBeCloseTo(90 * 86_400_000, -4)

    expect((await create({ scopes: ['admin'] })).statusCode).toBe(401)
    const list = await app.inject({ url: '/api/v1/tokens', headers: bearer(token) })
    expect(list.json().data).toEqual([{ ...row, last_used_at: expect.any(String) }])
    expect(list.body).not.toContain(token)
    expect(list.body).not.toContain('hash')
  })

  test('not the first one from elsewhere, nor through a proxy', async () => {
    await start({ isLocal: false, isInsecure: true })
    expect((await create({ scopes: ['admin'] }, {}, '10.0.0.1')).statusCode).toBe(401)
    for (const headers of [
      { 'x-forwarded-for': '10.0.0.1' },
      { 'x-real-ip': '10.0.0.1' },
      { forwarded: 'for=10.0.0.1' },
    ])
      expect((await create({ scopes: ['admin'] }, headers)).statusCode).toBe(401)
  })

  test('not by a page of another site, with a preflight or without one; no backup either, which takes no body', async () => {
    const text = await app.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      payload: JSON.stringify({ scopes: ['admin'] }),
      headers: { 'content-type': 'text/plain', origin: 'http://evil.example' },
      ...MINE,
    })
    expect([text.statusCode, text.json().error.code]).toEqual([401, 'token_missing'])
    for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const backup = await app.inject({ method: 'POST', url: '/api/v1/backups', headers, ...MINE })
      expect([backup.statusCode, backup.json().error.code]).toEqual([401, 'token_missing'])
    }
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/api/v1/tokens',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      ...MINE,
    })
    expect([preflight.statusCode, preflight.headers['access-control-allow-origin']]).toEqual([405, undefined])
    expect(access.tokens.exist()).toBe(false)
  })

  test.each([
    [{}, 'scopes'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: 'admin' }, 'scopes'],
    [{ scopes: ['root'] }, 'scopes.0'],
    [{ scopes: ['read', 'read', 'read', 'read'] }, 'scopes'],
    [{ scopes: ['read'], expires: 'soon' }, 'expires'],
    [{ scopes: ['read'], expires: '-1d' }, 'expires'],
    [{ scopes: ['read'], expires: '0d' }, 'expires'],
    [{ scopes: ['read'], expires: '2001-01-01T00:00:00Z' }, 'expires'],
    [{ scopes: ['read'], expires: '99999y' }, 'expires'],
    [{ scopes: ['read'], name: 'x'.repeat(10_000) }, 'name'],
    [{ scopes: ['read'], name: 7 }, 'name'],
    [{ scopes: ['read'], colour: 'red' }, 'colour'],
  ])('%j is refused by name', async (payload, parameter) => {
    const response = await create(payload)
    expect(response.statusCode).toBe(400)
    expect(response.json().error).toMatchObject({ code: 'invalid_parameter', details: [{ parameter }] })
    expect(access.tokens.exist()).toBe(false)
  })

  test('a name is kept as it is, whatever is in it', async () => {
    const name = "'; DROP TABLE tokens; --\n\n<script>"
    const { token } = (await create({ name, scopes: ['admin'] })).json().data
    const again = await accessOn(on.client)
    expect(again.tokens.list().map((row) => row.name)).toEqual([name])
    expect(again.tokens.find(token)).toBeDefined()
    await again.tokens.close()
  })
})

describe('revoking', () => {
  const revoke = (id: string, token: string) =>
    app.inject({ method: 'DELETE', url: `/api/v1/tokens/${id}`, headers: bearer(token) })

  test('ends a token with the next request; twice is no mistake, and another id is 404', async () => {
    const admin = await make('admin')
    const { id, token } = await access.tokens.create({ name: '', scopes: ['read'], expiresAt: null })
    const ask = async () => (await app.inject({ url: '/api/v1/codes', headers: bearer(token) })).statusCode
    expect(await ask()).toBe(200)
    const revoked = await revoke(id, admin)
    expect(revoked.json().data).toMatchObject({ id, revoked_at: expect.any(String) })
    expect(await ask()).toBe(401)
    expect((await revoke(id, admin)).json().data.revoked_at).toBe(revoked.json().data.revoked_at)
    expect((await revoke('tok_none', admin)).json().error).toMatchObject({ code: 'token_not_found' })
  })
})

describe('the rate limit', () => {
  test('is told in every answer, and beyond it 429 says when to come again', async () => {
    await start({ perMinute: 3 })
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await app.inject({ url: '/api/v1/codes' }))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429])
    expect(answers[0].headers).toMatchObject({
      'ratelimit-policy': '"default";q=3;w=60',
      ratelimit: expect.stringMatching(/^"default";r=2;t=\d+$/),
    })
    expect(answers[3].headers).toMatchObject({
      ratelimit: expect.stringMatching(/^"default";r=0;t=\d+$/),
      'retry-after': expect.stringMatching(/^\d+$/),
    })
    expect(answers[3].json()).toMatchObject({ success: false, error: { code: 'rate_limited' } })
  })

  test('counts each token and each address apart, and what nobody may see too', async () => {
    await start({ perMinute: 1 })
    const [one, other] = [await make('read'), await make('read')]
    const ask = async (headers = {}, remoteAddress = '127.0.0.1', url = '/api/v1/codes') =>
      (await app.inject({ url, headers, remoteAddress })).statusCode
    expect([await ask(bearer(one)), await ask(bearer(one)), await ask(bearer(other))]).toEqual([
      200, 429, 200,
    ])
    expect([await ask(), await ask(bearer('tt_wrong'))]).toEqual([401, 429])
    expect([await ask({}, '10.0.0.1', '/'), await ask({}, '10.0.0.1', '/assets/app.js')]).toEqual([200, 429])
  })
})

describe('another site', () => {
  const ALLOWED = 'https://status.example'
  const from = (origin: string, more = {}) => ({ headers: { origin, ...more } })
  const preflight = {
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  }

  test('is told nothing of CORS as installed, nor when it is none of those allowed', async () => {
    await make('read')
    const open = buildApp({ ...on.parts, ...access, corsOrigins: [ALLOWED] })
    for (const [at, origin] of [
      [app, ALLOWED],
      [open, 'https://evil.example'],
      [open, 'https://status.example.evil.example'],
      [open, 'null'],
    ] as const) {
      for (const more of [{}, preflight]) {
        const { headers, statusCode } = await at.inject({
          method: more === preflight ? 'OPTIONS' : 'GET',
          url: '/api/v1/codes',
          ...from(origin, more),
        })
        expect([statusCode, headers['access-control-allow-origin']]).toEqual([401, undefined])
      }
    }
    await open.close()
  })

  test('that is allowed may ask, with a token, and only it', async () => {
    const token = await make('read')
    const open = buildApp({ ...on.parts, ...access, corsOrigins: [ALLOWED] })
    const first = await open.inject({ method: 'OPTIONS', url: '/api/v1/codes', ...from(ALLOWED, preflight) })
    expect([first.statusCode, first.headers]).toEqual([
      204,
      expect.objectContaining({
        'access-control-allow-origin': ALLOWED,
        'access-control-allow-headers': expect.stringContaining('Authorization'),
        vary: 'Origin',
      }),
    ])
    expect(first.headers['access-control-allow-credentials']).toBeUndefined()
    const ask = (more = {}) => open.inject({ url: '/api/v1/codes', ...from(ALLOWED, more) })
    const { statusCode, headers } = await ask(bearer(token))
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([200, ALLOWED])
    // So that the page can say why.
    const refused = await ask()
    expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([401, ALLOWED])
    await open.close()
  })
})

test('a token that got into an address, a parameter or a body is in no answer', async () => {
  const token = await make('admin')
  for (const url of [
    `/${token}`,
    `/api/v1/requests/${token}`,
    `/api/v1/codes?${token}=1`,
    `/api/v1/codes?limit=${token}`,
  ]) {
    const { body, statusCode } = await app.inject({ url, headers: bearer(token) })
    expect(statusCode).toBeGreaterThanOrEqual(400)
    expect(body).not.toContain(token.slice(3))
  }
})
