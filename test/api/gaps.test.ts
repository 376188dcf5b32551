import { beforeAll, describe, expect, test } from 'vitest'
import type { Gaps } from '../../services/api/gaps.ts'
import { appOnStore } from './app-on-store.ts'
import { store } from './stored-rows.ts'

const on = appOnStore()
const NOW = Date.now()
const MINUTE = 60_000

beforeAll(async () => {
  const unknown = { code: 'SHARD_MOVED', status: 500, standing: 'unknown' }
  await store(on.client, 'errors', [
    { ts: NOW - 9 * MINUTE, ...unknown, service: 'orders', service_version: '1.0', request_id: 'req_1' },
    { ts: NOW - 3 * MINUTE, ...unknown, request_id: 'req_2', message: 'temporarily moved' },
    { ts: NOW - 2 * MINUTE, ...unknown, status: 503 },
    // The callee's view of a failure that its caller reported too.
    { ts: NOW - 2 * MINUTE, ...unknown, provider: 'own', side: 'server' },
    { ts: NOW - 2 * MINUTE, ...unknown, provider: 'own', side: 'client' },
    // Stored as known; its catalog says 429 today.
    { ts: NOW - 4 * MINUTE, status: 503, request_id: 'req_3' },
    { ts: NOW - 4 * MINUTE, request_id: 'req_4' },
    // Stored as unknown; a catalog knows it now.
    { ts: NOW - 4 * MINUTE, code: 'AUTH_INVALID_KEY', status: 401, standing: 'unknown' },
    // Stored under its host, when there was no catalog yet.
    {
      ts: NOW - 4 * MINUTE,
      provider: 'api.session.example',
      code: 'AUTH_INVALID_KEY',
      status: 401,
      standing: 'unknown',
    },
    { ts: NOW - 4 * MINUTE, code: '', status: 500, standing: 'uncoded' },
    { ts: NOW - 40 * 60 * MINUTE, code: 'LONG_AGO', status: 500 },
  ])
})

const ask = async (query = '') => (await on.get<Gaps>(`/api/v1/catalogs/gaps${query}`)).data

describe('GET /api/v1/catalogs/gaps', () => {
  test('what nobody documents, with who brought it, an example and a guess', async () => {
    const { unknown, totals } = await ask()
    expect(unknown).toEqual([
      {
        provider: 'session-api',
        code: 'SHARD_MOVED',
        count: 3,
        statuses: [
          { status: 500, count: 2 },
          { status: 503, count: 1 },
        ],
        first_seen: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        last_seen: expect.stringMatching(/Z$/),
        first_service: 'orders',
        first_version: '1.0',
        request_id: 'req_2',
        message: 'temporarily moved',
        has_catalog: true,
        guess: { retry: 'backoff', class: 'internal', advice: expect.stringMatching(/idempotent/) },
      },
      expect.objectContaining({ provider: 'own', code: 'SHARD_MOVED', count: 1, has_catalog: false }),
    ])
    expect(totals.unknown).toBe(2)
  })

  test('what came otherwise than documented, by the catalogs of now', async () => {
    const { mismatched } = await ask()
    expect(mismatched).toEqual([
      expect.objectContaining({
        code: 'RATE_LIMIT_EXCEEDED',
        http: [429],
        count: 1,
        statuses: [{ status: 503, count: 1 }],
        request_id: 'req_3',
      }),
    ])
  })

  test('what is documented and did not come, of the providers that were seen or asked for', async () => {
    const { never_seen, totals } = await ask()
    expect(new Set(never_seen.map(({ provider }) => provider))).toEqual(new Set(['session-api']))
    const codes = never_seen.map(({ code }) => code)
    expect(codes).not.toContain('RATE_LIMIT_EXCEEDED')
    expect(codes).not.toContain('AUTH_INVALID_KEY')
    expect(never_seen.length).toBe(totals.never_seen)
    const { never_seen: all, unknown } = await ask('?provider=wallet-gateway')
    expect([all.length, unknown]).toEqual([19, []])
  })

  test('of a period, a service, an environment, a side', async () => {
    expect((await ask('?from=-7d')).unknown.map(({ code }) => code)).toContain('LONG_AGO')
    expect((await ask('?service=orders')).unknown).toMatchObject([{ count: 1, statuses: [{ status: 500 }] }])
    expect((await ask('?environment=nowhere')).totals).toEqual({ unknown: 0, mismatched: 0, never_seen: 0 })
    expect((await ask('?side=client&provider=own')).unknown).toMatchObject([{ count: 1 }])
  })

  test('what is wrong is refused by name', async () => {
    for (const query of ['?standing=unknown', '?from=soon', '?side=both', '?provider='])
      expect(await on.fail(`/api/v1/catalogs/gaps${query}`)).toMatchObject({
        status: 400,
        error: { code: 'invalid_parameter' },
      })
  })
})
