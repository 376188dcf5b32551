import { expect, test } from 'vitest'
import type { CompiledCatalogs } from '../../../services/instrumentation/catalogs.ts'
import { readError } from '../../../services/instrumentation/read-error.ts'
import { type RetryAdvice, retryAdvice } from '../../../services/instrumentation/retry-advice.ts'

const catalogs: CompiledCatalogs = {
  format: 1,
  retryable: ['after_wait', 'backoff', 'once', 'after_reauth', 'later'],
  catalogs: [
    {
      provider: 'session-api',
      hosts: ['api.session.example'],
      services: [],
      envelope: {},
      limits: {},
      statuses: { 409: 'backoff', '5xx': 'never' },
      codes: {
        TRY_ONCE: { retry: 'once', class: 'internal' },
        TOKEN_OLD: { retry: 'after_reauth', class: 'auth' },
        KEY_REUSED: { retry: 'new_idempotency_key', class: 'conflict' },
        CLOSED: { retry: 'later', class: 'maintenance' },
        GONE_FOR_GOOD: { retry: 'never', class: 'internal' },
      },
    },
  ],
}
const half = () => 0.5
const advise = (
  status: number,
  code: string | null,
  more: object = {},
  headers: Record<string, string> = {},
) =>
  retryAdvice(
    {
      status,
      headers,
      body: code === null ? '' : JSON.stringify({ error: { code, message: 'no', ...more } }),
    },
    { catalogs, host: 'api.session.example', random: half },
  )

test.each<[string, RetryAdvice, Partial<RetryAdvice>]>([
  ['the catalog on the code', advise(503, 'GONE_FOR_GOOD'), { retry: false, needs: 'nothing' }],
  ['the catalog on the status', advise(409, 'NEW_TO_US'), { retry: true, afterMs: 250 }],
  ['the catalog on the hundred', advise(502, 'NEW_TO_US'), { retry: false }],
  ['expired credentials', advise(401, 'TOKEN_OLD'), { retry: true, needs: 'reauth', afterMs: 0 }],
  ['a key that was used', advise(409, 'KEY_REUSED'), { retry: false, needs: 'idempotency_key' }],
  ['maintenance', advise(403, 'CLOSED'), { retry: true, afterMs: 60_000 }],
  ['maintenance that says until when', advise(403, 'CLOSED', {}, { 'retry-after': '7' }), { afterMs: 7000 }],
  ['the general rules', advise(429, 'RATE_LIMIT_EXCEEDED'), { retry: true, needs: 'nothing' }],
  [
    'Retry-After, in full',
    advise(429, 'SLOW', {}, { 'retry-after': '120' }),
    { retry: true, afterMs: 120_000 },
  ],
  [
    'the limit that is used up',
    advise(
      429,
      'RATE_LIMIT',
      {},
      { 'x-ratelimit-limit': '9', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4' },
    ),
    { retry: true, afterMs: 4000 },
  ],
  ['what the server says', advise(400, 'ODD', {}, { 'x-should-retry': 'true' }), { retry: true }],
  ['a fault in the request', advise(422, 'FIELD_MISSING'), { retry: false }],
])('%s', (_, advice, expected) => {
  expect(advice).toMatchObject(expected)
  expect(advice.reason).not.toBe('')
})

test('once is once', () => {
  const read = readError({ status: 500, body: '{"error":{"code":"TRY_ONCE"}}' })!
  const on = (attempt: number) =>
    retryAdvice({ ...read, status: 500 }, { catalogs, provider: 'session-api', attempt })
  expect([on(0).retry, on(1).retry]).toEqual([true, false])
})

test.each([
  [503, null, 'nothing'],
  [500, null, 'idempotency_key'],
  [504, null, 'idempotency_key'],
])('%d: the call may have been carried out? needs %s%s', (status, code, needs) => {
  expect(retryAdvice({ status, body: code ?? '' })).toMatchObject({ retry: true, needs })
})

test.each([
  ['ECONNREFUSED', true, 'nothing'],
  ['ECONNRESET', true, 'idempotency_key'],
  ['UND_ERR_SOCKET', true, 'idempotency_key'],
  ['CERT_HAS_EXPIRED', false, 'nothing'],
])('no answer, %s', (code, retry, needs) => {
  const cause = Object.assign(new Error('socket'), { code })
  expect(retryAdvice(new TypeError('fetch failed', { cause }))).toMatchObject({ retry, needs })
})

test('waits double with every attempt, up to half a minute', () => {
  const waits = [0, 1, 2, 3, 20].map(
    (attempt) => retryAdvice({ status: 503 }, { attempt, random: () => 1 }).afterMs,
  )
  expect(waits).toEqual([500, 1000, 2000, 4000, 30_000])
})

test.each([undefined, null, 'x', new TypeError('a bug'), { status: 200 }])(
  '%s: nothing to send again',
  (given) => {
    expect(retryAdvice(given)).toMatchObject({ retry: false })
  },
)
