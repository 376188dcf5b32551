import { describe, expect, test } from 'vitest'
import type { Failure, Success } from '../../services/api/envelope.ts'
import type { Explained } from '../../services/api/explanation.ts'
import { appOnStore } from './app-on-store.ts'

const on = appOnStore()

const post = (payload: string | object, headers: Record<string, string> = {}) =>
  on.app.inject({ method: 'POST', url: '/api/v1/explain', payload, headers })
const explained = async (asked: object) => {
  const response = await post(asked)
  expect(response.statusCode, response.body).toBe(200)
  return (response.json() as Success<Explained>).data
}

describe('POST /api/v1/explain', () => {
  test('a code of a provider', async () => {
    expect(await explained({ provider: 'session-api', code: 'AUTH_EXPIRED_TOKEN' })).toMatchObject({
      provider: 'session-api',
      code: 'AUTH_EXPIRED_TOKEN',
      status: null,
      standing: 'known',
      retry: 'after_reauth',
      retryable: true,
      meaning: 'JWT expired',
      wait_ms: null,
      also: [],
    })
  })

  test('an answer as it came: code, message, request id and wait are read from it', async () => {
    const asked = {
      provider: 'session-api',
      status: 429,
      headers: { 'RETRY-AFTER': ['30'] },
      body: JSON.stringify({
        error: { code: 'RATE_LIMIT_EXCEEDED', message: 'Slow down' },
        meta: { request_id: 'req_1' },
      }),
    }
    expect(await explained(asked)).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      message: 'Slow down',
      request_id: 'req_1',
      retry: 'after_wait',
      wait_ms: 30_000,
    })
  })

  test('the wait may stand in the header that the catalog names', async () => {
    const reset = Math.ceil(Date.now() / 1000) + 60
    const { wait_ms } = await explained({
      provider: 'session-api',
      code: 'RATE_LIMIT_EXCEEDED',
      headers: {
        'x-ratelimit-limit': '100',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(reset),
      },
    })
    expect(wait_ms).toBeGreaterThan(30_000)
    expect(wait_ms).toBeLessThanOrEqual(61_000)
  })

  test.each([
    ['Retry-After', '1.5', 1500],
    ['Retry-After', 'Fri, 01 Jan 1999 00:00:00 GMT', null],
    ['retry-after-ms', '250', 250],
    ['Retry-After', 'soon', null],
    ['Retry-After', '99999999999', null],
  ])('%s: %s asks to wait %s ms', async (name, value, ms) => {
    expect((await explained({ status: 503, headers: { [name]: value } })).wait_ms).toBe(ms)
  })

  test('a code that only one catalog documents tells the provider', async () => {
    expect(await explained({ code: 'INSUFFICIENT_CREDIT' })).toMatchObject({
      provider: 'wallet-gateway',
      standing: 'known',
    })
  })

  test('a code that several document is not guessed at', async () => {
    const answer = await explained({ code: 'rate_limit_exceeded' })
    expect(answer).toMatchObject({
      provider: null,
      retry: 'unknown',
      action: 'Say which provider it came from.',
    })
    expect(answer.also.length).toBeGreaterThan(1)
    for (const { provider } of answer.also) {
      const { data } = await on.get(`/api/v1/catalogs/${provider}/codes/rate_limit_exceeded`)
      expect(data).toMatchObject({ provider })
    }
  })

  test('a code that nobody documents, a status alone, a body that says nothing', async () => {
    expect(await explained({ provider: 'session-api', code: 'BRAND_NEW', status: 500 })).toMatchObject({
      standing: 'unknown',
      retry: 'unknown',
    })
    expect(await explained({ status: 503 })).toMatchObject({
      code: null,
      standing: 'uncoded',
      retry: 'backoff',
    })
    expect(await explained({ body: '<html>Bad Gateway</html>', status: 502 })).toMatchObject({
      code: null,
      message: 'Bad Gateway',
      class: 'upstream',
    })
    expect(await explained({ provider: 'session-api', code: 'AUTH_INVALID_KEY', status: 500 })).toMatchObject(
      {
        standing: 'mismatched',
      },
    )
  })

  test.each([
    [{}, 'code', 'give a code, a status or a body'],
    [{ code: '' }, 'code', 'give an error code'],
    [{ code: 7 }, 'code', 'give an error code, once'],
    [{ code: 'x'.repeat(257) }, 'code', 'at most 256 characters'],
    [{ status: '429' }, 'status', 'give an HTTP status, 100 to 599'],
    [{ status: 42 }, 'status', 'give an HTTP status, 100 to 599'],
    [{ code: 'A', headers: [] }, 'headers', 'give an object of texts'],
    [{ code: 'A', body_text: '' }, 'body_text', 'there is no such parameter'],
    [{ code: 'A', provider: 'sesion-api' }, 'provider', 'there is no catalog of sesion-api; there are '],
    [[], 'body', 'give a JSON object'],
    ['null', 'body', 'give a JSON object'],
    ['{"code":', 'body', 'is not JSON'],
    ['', 'body', 'is not JSON'],
    ['{"code":"A","__proto__":{"admin":true}}', 'body', 'is not JSON'],
  ])('%j: 400 about %s', async (payload, parameter, message) => {
    const response = await post(payload, { 'content-type': 'application/json' })
    const { error } = response.json() as Failure
    expect([response.statusCode, error.code]).toEqual([400, 'invalid_parameter'])
    expect(error.details).toMatchObject([{ parameter, message: expect.stringContaining(message) }])
  })

  test('a body of another type, or none, or too much of it', async () => {
    expect((await post('code=A', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode).toBe(
      415,
    )
    expect((await post('A', { 'content-type': 'text/plain' })).json().error.details).toMatchObject([
      { parameter: 'body' },
    ])
    expect((await on.app.inject({ method: 'POST', url: '/api/v1/explain' })).statusCode).toBe(400)
    expect((await post({ body: 'x'.repeat(70_000) })).json().error.code).toBe('payload_too_large')
  })
})
