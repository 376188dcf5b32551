import { expect, test } from 'vitest'
import { compileForHook } from '../../services/catalog/compile-for-hook.ts'
import { loadCatalogs } from '../../services/catalog/load.ts'
import { catalogSchema } from '../../services/catalog/schema.ts'
import { catalogFinder, parseCatalogs, retryOf } from '../../services/instrumentation/catalogs.ts'
import { readError } from '../../services/instrumentation/read-error.ts'

const catalog = (provider: string, hosts: string[], more: object = {}) =>
  catalogSchema.parse({ provider, match: { hosts }, codes: [], ...more })
const compiled = (...catalogs: ReturnType<typeof catalog>[]) =>
  parseCatalogs(JSON.stringify(compileForHook(catalogs)))!

test('the built-in catalogs, compiled: what the hook needs of a call’s failure', async () => {
  const { catalogs } = await loadCatalogs([])
  const text = JSON.stringify(compileForHook(catalogs))
  expect(text.length).toBeLessThan(20_000)
  const found = catalogFinder(parseCatalogs(text)!)('API.session.example')!
  expect(found.provider).toBe('session-api')
  const response = {
    status: 429,
    headers: { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1900000060' },
    body: '{"success":false,"error":{"code":"RATE_LIMIT_EXCEEDED","message":"no"},"meta":{"request_id":"req_1"}}',
  }
  const read = readError(response, { ...found, now: 1_900_000_000_000 })!
  expect(read).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', requestId: 'req_1' })
  expect(read.rateLimits).toMatchObject([{ limit: 60, remaining: 0, resetMs: 60_000 }])
  expect(retryOf(found, read.code, 429)).toBe('after_wait')
})

test('a host is found exactly before by pattern, by the longest pattern, and in the last catalog that claims it', () => {
  const find = catalogFinder(
    compiled(
      catalog('wide', ['*.example.com']),
      catalog('narrow', ['*.eu.example.com']),
      catalog('one', ['api.eu.example.com', 'shared.example']),
      catalog('late', ['shared.example']),
    ),
  )
  const provider = (host: string) => find(host)?.provider ?? null
  expect(provider('api.eu.example.com')).toBe('one')
  expect(provider('b.eu.example.com')).toBe('narrow')
  expect(provider('us.example.com')).toBe('wide')
  expect(provider('shared.example')).toBe('late')
  expect([provider('example.com'), provider('example.com.evil.test'), provider('')]).toEqual([
    null,
    null,
    null,
  ])
})

test('retry: the code’s, else the status’s, else the hundred’s; an entry without one has its statuses’', () => {
  const { catalogs, retryable } = compiled(
    catalog('p', [], {
      statuses: { 429: { retry: 'after_wait' }, '5xx': { retry: 'backoff' } },
      codes: [
        { code: 'FULL', http: [429], retry: 'never' },
        { code: 'BUSY', http: [503] },
        { code: '__proto__' },
      ],
    }),
  )
  const [p] = catalogs
  expect(retryOf(p!, 'FULL', 429)).toBe('never')
  expect(retryOf(p!, 'BUSY', 503)).toBe('backoff')
  expect(retryOf(p!, '__proto__', 429)).toBe('unknown')
  expect(retryOf(p!, 'toString', 429)).toBe('after_wait')
  expect(retryOf(p!, null, 502)).toBe('backoff')
  expect(retryOf(p!, null, 404)).toBeNull()
  expect(retryable).toEqual(['after_wait', 'backoff', 'once', 'after_reauth', 'later'])
})

test('what is no compiled file is none', () => {
  for (const text of ['', '{', 'null', '[]', '{"format":2,"catalogs":[]}', '{"format":1}']) {
    expect(parseCatalogs(text)).toBeNull()
  }
})

test('every documented code is read from the envelope its publisher shows, with the catalog and without it', async () => {
  const { catalogs } = await loadCatalogs([])
  let codes = 0
  for (const { envelope, codes: entries } of catalogs) {
    for (const { code, http } of envelope.code === undefined ? [] : entries) {
      const body: Record<string, unknown> = { success: false, data: null }
      put(body, envelope.code!, code)
      put(body, envelope.message ?? '/error/message', 'In words.')
      if (envelope.request_id) put(body, envelope.request_id, 'a1b2c3d4e5f6')
      const expected = { code, message: 'In words.', requestId: envelope.request_id ? 'a1b2c3d4e5f6' : null }
      for (const options of [{}, { envelope }]) {
        const text = JSON.stringify(body)
        expect(readError({ status: http[0] ?? 400, body: text }, options)).toMatchObject(expected)
      }
      codes++
    }
  }
  expect(codes).toBeGreaterThan(50)
})

function put(body: Record<string, unknown>, pointer: string, value: string): void {
  const steps = pointer.split('/').slice(1)
  const last = steps.pop()!
  let at = body
  for (const step of steps) {
    at[step] ??= {}
    at = at[step] as Record<string, unknown>
  }
  at[last] = value
}
