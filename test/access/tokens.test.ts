import type { IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { createGuard } from '../../services/access/guard.ts'
import { createRateLimit } from '../../services/access/rate-limit.ts'
import { openTokens } from '../../services/access/tokens.ts'
import type { Scope } from '../../services/contract/scopes.ts'
import type { Query } from '../../services/store/queries/query.ts'
import { allTokens } from '../../services/store/queries/tokens.ts'
import { temporaryStore } from '../store/temp-store.ts'

const store = await temporaryStore()
const { client } = store
const notices: string[] = []
const open = (refreshMs?: number) =>
  openTokens({
    query: client.query,
    command: client.command,
    refreshMs,
    notice: (text) => notices.push(text),
  })
beforeEach(() => client.command('TRUNCATE TABLE tokens'))
afterAll(async () => {
  await store.close()
  store.remove()
  expect(notices).toEqual([])
})

const guardOver = (
  tokens: Awaited<ReturnType<typeof open>>,
  mode: 'local' | 'insecure' | 'exposed' = 'local',
  perMinute = 1000,
) =>
  createGuard({
    tokens,
    isLocal: mode === 'local',
    isInsecure: mode === 'insecure',
    rate: createRateLimit(perMinute),
  })
const asker = (token?: string, address = '127.0.0.1', headers: IncomingHttpHeaders = {}) => ({
  headers: {
    host: 'localhost:8080',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...headers,
  },
  address,
})
const NEVER = { name: 'x', expiresAt: null }

test('without tokens who is served may read and send; the first token is for this machine to make', async () => {
  const tokens = await open()
  const guard = guardOver(tokens)
  const codeFor = (scope: Scope, ...of: Parameters<typeof asker>) =>
    guard.check(asker(...of), scope).refusal?.code
  expect(tokens.exist()).toBe(false)
  for (const scope of ['read', 'ingest'] as const)
    expect(codeFor(scope, undefined, '10.0.0.1')).toBeUndefined()
  expect(codeFor('admin')).toBeUndefined()
  expect(codeFor('admin', undefined, '10.0.0.1')).toBe('token_missing')
  expect(codeFor('admin', undefined, '127.0.0.1', { 'x-forwarded-for': '10.0.0.1' })).toBe('token_missing')
  // A token of another telltale, or of an earlier life, is no reason to refuse where none is needed.
  expect(codeFor('read', `tt_${'x'.repeat(43)}`)).toBeUndefined()

  // A page that somebody on this machine looks at is somebody else's; our own one is not.
  for (const [headers, refusal] of [
    [{ origin: 'https://elsewhere.example' }, 'token_missing'],
    [{ origin: 'null' }, 'token_missing'],
    [{ origin: 'http://localhost:3000' }, 'token_missing'],
    [{ 'sec-fetch-site': 'cross-site' }, 'token_missing'],
    [{ 'sec-fetch-site': 'same-site' }, 'token_missing'],
    [{ origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }, undefined],
    [{ 'sec-fetch-site': 'none' }, undefined],
  ] as const) {
    expect([headers, codeFor('admin', undefined, '127.0.0.1', headers)]).toEqual([headers, refusal])
    expect([headers, codeFor('read', undefined, '127.0.0.1', headers)]).toEqual([headers, undefined])
  }
  // Where any Host is served, a name that was made to point here is one more trick.
  const insecure = guardOver(tokens, 'insecure')
  const rebound = { host: 'elsewhere.example', origin: 'http://elsewhere.example' }
  expect(insecure.check(asker(undefined, '127.0.0.1', rebound), 'admin').refusal?.code).toBe('token_missing')

  const closed = guardOver(tokens, 'exposed')
  expect(closed.check(asker(), 'read').refusal?.code).toBe('token_missing')
  expect(closed.check(asker(), null).refusal).toBeNull()
  await tokens.close()
})

test('a Host that is not this machine is refused where only this machine is served, whatever it sends', async () => {
  const tokens = await open()
  const { token } = await tokens.create({ ...NEVER, scopes: ['admin'] })
  const refused = asker(token, '127.0.0.1', { host: 'evil.example:8080' })
  for (const scope of ['read', null] as const)
    expect(guardOver(tokens).check(refused, scope).refusal?.code).toBe('host_not_allowed')
  expect(guardOver(tokens, 'exposed').check(refused, 'read').refusal).toBeNull()
  await tokens.close()
})

test('a token opens what its scopes name, and admin everything', async () => {
  const tokens = await open()
  const guard = guardOver(tokens)
  const allowed: Record<Scope, Scope[]> = {
    ingest: ['ingest'],
    read: ['read'],
    admin: ['ingest', 'read', 'admin'],
  }
  for (const [own, scopes] of Object.entries(allowed)) {
    const { token } = await tokens.create({ ...NEVER, scopes: [own as Scope] })
    expect(token).toMatch(/^tt_[A-Za-z0-9_-]{43}$/)
    for (const scope of ['ingest', 'read', 'admin'] as const)
      expect([own, scope, guard.check(asker(token), scope).refusal?.code]).toEqual([
        own,
        scope,
        scopes.includes(scope) ? undefined : 'scope_missing',
      ])
  }
  expect(guard.check(asker(), 'read').refusal?.code).toBe('token_missing')
  await tokens.close()
})

test('only the hash is kept, and found again after a restart', async () => {
  const tokens = await open()
  const { token, id } = await tokens.create({ name: 'ci', scopes: ['read', 'ingest'], expiresAt: null })
  await tokens.close()
  expect(
    JSON.stringify(await client.query('SELECT * EXCEPT hash, hex(hash) AS hash FROM tokens')),
  ).not.toContain(token.slice(3))
  const again = await open()
  expect(again.find(token)).toMatchObject({ id })
  expect(again.list().find((row) => row.id === id)).toMatchObject({ name: 'ci', scopes: ['read', 'ingest'] })
  expect(JSON.stringify(again.list())).not.toContain('hash')
  await again.close()
})

test.each([
  ['one that was never made', `Bearer tt_${'a'.repeat(43)}`],
  ['another scheme', 'Basic dXNlcjpwYXNz'],
  ['no scheme', `tt_${'a'.repeat(43)}`],
  ['nothing', ''],
  ['a scheme alone', 'Bearer '],
  ['ten kilobytes', `Bearer ${'a'.repeat(10_000)}`],
  ['SQL', "Bearer ' OR 1=1 --"],
  ['two', `Bearer tt_${'a'.repeat(43)} tt_${'b'.repeat(43)}`],
])('%s is refused', async (_, authorization) => {
  const tokens = await open()
  await tokens.create({ ...NEVER, scopes: ['read'] })
  const { refusal } = guardOver(tokens).check(asker(undefined, '127.0.0.1', { authorization }), 'read')
  expect(refusal?.code).toBe('token_invalid')
  expect(refusal?.message).not.toContain('aaa')
  await tokens.close()
})

test('a revoked token is refused at once, also where its answer is still under way', async () => {
  const tokens = await open()
  const guard = guardOver(tokens)
  await tokens.create({ ...NEVER, scopes: ['admin'] })
  const { token, id } = await tokens.create({ ...NEVER, scopes: ['read'] })
  const verdict = guard.check(asker(token), 'read')
  expect(verdict.holds()).toBe(true)
  expect(await tokens.revoke(id)).toMatchObject({ id, revoked_at: expect.any(String) })
  expect(verdict.holds()).toBe(false)
  expect(guard.check(asker(token), 'read').refusal?.code).toBe('token_invalid')
  expect(await tokens.revoke('tok_none')).toBeUndefined()
  const again = await open()
  expect(again.find(token)?.isRevoked).toBe(true)
  await Promise.all([tokens.close(), again.close()])
})

test('an expired token is refused and says so; it keeps the door shut', async () => {
  const tokens = await open()
  const { token } = await tokens.create({ ...NEVER, scopes: ['read'], expiresAt: new Date(Date.now() - 1) })
  const { refusal } = guardOver(tokens).check(asker(token), 'read')
  expect(refusal?.code).toBe('token_expired')
  await tokens.close()
})

test('what another process has made and revoked is seen', async () => {
  const [here, there] = [await open(5), await open()]
  const { token, id } = await there.create({ ...NEVER, scopes: ['read'] })
  await vi.waitFor(() => expect(here.find(token)?.isRevoked).toBe(false), { timeout: 10_000 })
  await there.revoke(id)
  await vi.waitFor(() => expect(here.find(token)?.isRevoked).toBe(true), { timeout: 10_000 })
  await Promise.all([here.close(), there.close()])
})

test('a store that is slower than the interval is asked once at a time', async () => {
  let asked = 0
  let running = 0
  let most = 0
  const query: Query = async (sql, params) => {
    asked++
    most = Math.max(most, ++running)
    await client.query('SELECT sleep(0.02)')
    return client.query(sql, params).finally(() => running--)
  }
  const tokens = await openTokens({
    query,
    command: client.command,
    refreshMs: 1,
    notice: (text) => notices.push(text),
  })
  await vi.waitFor(() => expect(asked).toBeGreaterThan(3), { timeout: 10_000 })
  await tokens.close()
  expect(most).toBe(1)
})

test('the last use is shown at once and written at the end, not at every request', async () => {
  const tokens = await open()
  const guard = guardOver(tokens)
  const { token, id } = await tokens.create({ ...NEVER, scopes: ['read'] })
  const kept = async () => (await allTokens(client.query)).find((row) => row.id === id)?.last_used_at
  for (let i = 0; i < 100; i++) guard.check(asker(token), 'read')
  const shown = tokens.list().find((row) => row.id === id)?.last_used_at
  expect(shown).toEqual(expect.any(String))
  expect(await kept()).toBeNull()
  await tokens.close()
  expect(await kept()).toBe(shown)
})

test('each token has its own allowance; who has none shares that of the address', async () => {
  const tokens = await open()
  const guard = guardOver(tokens, 'local', 2)
  const { token } = await tokens.create({ ...NEVER, scopes: ['read'] })
  const other = await tokens.create({ ...NEVER, scopes: ['read'] })
  const code = (...of: Parameters<typeof asker>) => guard.check(asker(...of), 'read').refusal?.code
  expect([1, 2, 3].map(() => code(token))).toEqual([undefined, undefined, 'rate_limited'])
  expect(code(token, '10.1.1.1')).toBe('rate_limited')
  expect(code(other.token)).toBeUndefined()
  expect([1, 2, 3].map(() => code('tt_wrong'))).toEqual(['token_invalid', 'token_invalid', 'rate_limited'])
  expect(code('tt_wrong', '10.1.1.1')).toBe('token_invalid')
  await tokens.close()
})

test('with all tokens revoked it is as if none had been made', async () => {
  const tokens = await open()
  for (const scopes of [['read'], ['admin']] as Scope[][]) await tokens.create({ ...NEVER, scopes })
  for (const { id } of tokens.list()) await tokens.revoke(id)
  expect(tokens.exist()).toBe(false)
  expect(guardOver(tokens).check(asker(), 'admin').refusal).toBeNull()
  expect(guardOver(tokens, 'exposed').check(asker(), 'read').refusal?.code).toBe('token_missing')
  await tokens.close()
})
