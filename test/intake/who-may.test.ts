import { describe, expect, test } from 'vitest'
import type { Held } from '../../services/access/tokens.ts'
import type { Scope } from '../../services/contract/scopes.ts'
import { contentOf, LANES, post } from './start-intake.ts'

describe.each(LANES)('%s', (_lane, startIntake) => {
  const held = (...scopes: Scope[]): Held => ({
    id: `tok_${scopes.join('_')}`,
    scopes: new Set(scopes),
    expiresAtMs: Number.POSITIVE_INFINITY,
    isRevoked: false,
    lastUsedMs: 0,
  })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const TYPES = ['application/x-protobuf', 'application/json']

  test('without a token: 401 as a Status in the request’s own type, and nothing of the body is read', async () => {
    const { port, received, counters } = await startIntake(undefined, { tokens: { tt_a: held('ingest') } })
    for (const type of TYPES) {
      const reply = await post(port, { type, body: Buffer.alloc(100_000) })
      expect([reply.status, reply.headers['content-type'], reply.headers['www-authenticate']]).toEqual([
        401,
        type,
        'Bearer realm="telltale"',
      ])
      expect(contentOf(reply)).toMatchObject({
        code: 16,
        message: expect.stringContaining('telltale token create'),
      })
    }
    expect([received, counters.wireBytes, counters.answers.traces]).toEqual([[], 0, { 401: 2 }])
  })

  test('with one that is not valid, or for something else', async () => {
    const tokens = {
      tt_read: held('read'),
      tt_revoked: { ...held('ingest'), isRevoked: true },
      tt_expired: { ...held('ingest'), expiresAtMs: Date.now() - 1 },
    }
    const { port, received } = await startIntake(undefined, { tokens })
    const answers = []
    for (const token of ['tt_none', ...Object.keys(tokens)]) {
      const reply = await post(port, { headers: bearer(token) })
      answers.push([reply.status, reply.headers['www-authenticate'], contentOf(reply)])
      expect(JSON.stringify(contentOf(reply))).not.toContain(token)
    }
    const invalid = 'Bearer realm="telltale", error="invalid_token"'
    expect(answers).toEqual([
      [401, invalid, expect.objectContaining({ code: 16 })],
      [
        403,
        'Bearer realm="telltale", error="insufficient_scope", scope="ingest"',
        expect.objectContaining({ code: 7 }),
      ],
      [401, invalid, expect.objectContaining({ code: 16 })],
      [401, invalid, expect.objectContaining({ code: 16 })],
    ])
    expect(received).toEqual([])
  })

  test('with the right one, or admin, for every signal', async () => {
    const tokens = { tt_ingest: held('ingest', 'read'), tt_admin: held('admin') }
    const { port, received } = await startIntake(undefined, { tokens })
    for (const token of Object.keys(tokens))
      for (const path of ['/v1/traces', '/v1/logs', '/v1/metrics'])
        expect((await post(port, { path, headers: bearer(token) })).status).toBe(200)
    expect(received).toHaveLength(2)
    expect(tokens.tt_ingest.lastUsedMs).toBeGreaterThan(0)
  })

  test('beyond the rate: 429, which clients send again, and when', async () => {
    const { port, received } = await startIntake(undefined, {
      perMinute: 2,
      tokens: { tt_a: held('ingest'), tt_b: { ...held('ingest'), id: 'tok_b' } },
    })
    const send = (token: string) => post(port, { headers: bearer(token) })
    expect([(await send('tt_a')).status, (await send('tt_a')).status]).toEqual([200, 200])
    const refused = await send('tt_a')
    expect(refused).toMatchObject({
      status: 429,
      headers: {
        'retry-after': expect.stringMatching(/^\d+$/),
        'ratelimit-policy': '"default";q=2;w=60',
        ratelimit: expect.stringMatching(/^"default";r=0;t=\d+$/),
      },
    })
    expect(contentOf(refused)).toMatchObject({ code: 8 })
    expect((await send('tt_b')).status).toBe(200)
    expect(received).toHaveLength(3)
  })

  test('a Host that is not this machine is refused where only this machine is served', async () => {
    const { port, received } = await startIntake(undefined, { isLocal: true })
    for (const host of ['evil.example', 'evil.example:4318', '192.168.0.1']) {
      const reply = await post(port, { headers: { host } })
      expect(reply.status).toBe(403)
      expect(contentOf(reply)).toMatchObject({ code: 7, message: expect.stringContaining('localhost') })
    }
    expect(received).toEqual([])
    expect((await post(port)).status).toBe(200)
    expect((await post(port, { headers: { host: `localhost:${port}` } })).status).toBe(200)
  })

  test('pages of other sites may send where they are allowed to, and nowhere else', async () => {
    const origin = 'https://shop.example'
    const { port, received } = await startIntake(undefined, {
      corsOrigins: [origin],
      tokens: { tt_a: held('ingest') },
    })
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    const options = (from: string) =>
      post(port, { method: 'OPTIONS', headers: { origin: from, ...preflight } })
    expect(await options(origin)).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'POST',
        vary: 'Origin',
      },
    })
    const sent = await post(port, { headers: { origin, ...bearer('tt_a') } })
    expect(sent).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin } })
    expect((await post(port, { headers: { origin } })).status).toBe(401)
    const other = await options('https://evil.example')
    expect([other.status, other.headers['access-control-allow-origin']]).toEqual([401, undefined])
    expect(received).toHaveLength(1)
  })
})
