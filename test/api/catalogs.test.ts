import { describe, expect, test } from 'vitest'
import { appOnStore } from './app-on-store.ts'

const on = appOnStore()

describe('GET /api/v1/catalogs', () => {
  test('lists whose codes are documented, and how many', async () => {
    const { data } =
      await on.get<{ provider: string; codes: number; docs: string | null }[]>('/api/v1/catalogs')
    expect(data.map(({ provider }) => provider)).toEqual(
      expect.arrayContaining([
        'wallet-gateway',
        'session-api',
        'client-platform',
        'resource-api',
        'telltale',
      ]),
    )
    expect(data.find(({ provider }) => provider === 'session-api')).toMatchObject({
      title: 'Session API',
      docs: 'https://docs.session.example/errors',
      hosts: ['api.session.example'],
    })
    expect(data.every(({ codes }) => codes > 0)).toBe(true)
  })

  test('an answer that still holds is not sent again', async () => {
    for (const url of ['/api/v1/catalogs', '/api/v1/catalogs/session-api', '/openapi.json']) {
      const { headers } = await on.app.inject(url)
      expect(headers['cache-control']).toBe('private, no-cache')
      const again = await on.app.inject({ url, headers: { 'if-none-match': String(headers.etag) } })
      expect([again.statusCode, again.body]).toEqual([304, ''])
      const other = await on.app.inject({ url, headers: { 'if-none-match': '"another"' } })
      expect(other.statusCode).toBe(200)
    }
  })
})

describe('GET /api/v1/catalogs/{provider}', () => {
  test('every code with nothing left to derive', async () => {
    const { data } = await on.get<{ codes: { code: string }[] }>('/api/v1/catalogs/session-api')
    expect(data).toMatchObject({ provider: 'session-api', envelope: { code: '/error/code' } })
    expect(data.codes.find(({ code }) => code === 'RATE_LIMIT_EXCEEDED')).toEqual({
      code: 'RATE_LIMIT_EXCEEDED',
      http: [429],
      retry: 'after_wait',
      retryable: true,
      retry_is: 'stated',
      class: 'rate_limit',
      meaning: 'Too many requests',
      action: 'Back off; use Retry-After',
      since: null,
      deprecated: null,
    })
  })

  test('one that is not there: 404 with those that are', async () => {
    const { status, error } = await on.fail('/api/v1/catalogs/sesion-api')
    expect([status, error.code]).toEqual([404, 'catalog_not_found'])
    expect(error.message).toMatch(/no catalog of sesion-api; there are .*session-api/)
    expect(error.details).toMatchObject({ providers: expect.arrayContaining(['session-api']) })
  })
})

describe('GET /api/v1/catalogs/{provider}/codes/{code}', () => {
  test('what its publisher says', async () => {
    const { data } = await on.get('/api/v1/catalogs/session-api/codes/AUTH_INVALID_KEY')
    expect(data).toMatchObject({
      provider: 'session-api',
      code: 'AUTH_INVALID_KEY',
      retry: 'never',
      retryable: false,
      docs: 'https://docs.session.example/errors',
    })
  })

  test('one that is not there: 404 with those like it', async () => {
    const { status, error } = await on.fail('/api/v1/catalogs/session-api/codes/rate-limit')
    expect([status, error.code]).toEqual([404, 'code_not_found'])
    expect(error.details).toMatchObject({ alike: ['RATE_LIMIT_EXCEEDED'] })
    const none = await on.fail('/api/v1/catalogs/session-api/codes/---')
    expect([none.status, none.error.details]).toMatchObject([404, { alike: [] }])
    expect((await on.fail('/api/v1/catalogs/nowhere/codes/X')).error.code).toBe('catalog_not_found')
  })

  test.each(['constructor', '__proto__', '..%2f..%2fetc', "';--", '%E2%80%AE'])(
    '%s is only a text',
    async (code) => {
      expect((await on.fail(`/api/v1/catalogs/session-api/codes/${code}`)).status).toBe(404)
      expect((await on.fail(`/api/v1/catalogs/${code}`)).status).toBe(404)
    },
  )

  test('parameters that are none: 400 with the name', async () => {
    const { error } = await on.fail('/api/v1/catalogs?limit=1')
    expect(error).toMatchObject({ code: 'invalid_parameter', details: [{ parameter: 'limit' }] })
    const long = await on.fail(`/api/v1/catalogs/${'x'.repeat(300)}`)
    expect(long.error).toMatchObject({ code: 'invalid_parameter', details: [{ parameter: 'provider' }] })
  })
})
