import { beforeAll, describe, expect, test } from 'vitest'
import type { CodeRow } from '../../services/store/queries/codes.ts'
import { appOnStore } from './app-on-store.ts'
import { store } from './stored-rows.ts'

const on = appOnStore()
const then = Date.now() - 600_000
beforeAll(() =>
  store(on.client, 'errors', [
    // As if its catalog had not known it then.
    { ts: then, retry: 'unknown', retryable: false, standing: 'unknown', class: 'other' },
    { ts: then, provider: 'elsewhere', standing: 'unknown' },
  ]),
)
const post = async (body: unknown) => {
  const response = await on.app.inject({
    method: 'POST',
    url: '/api/v1/reclassifications',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  })
  return { ...response.json(), status: response.statusCode }
}

describe('POST /api/v1/reclassifications', () => {
  test('gives rows and counts the verdict of now', async () => {
    const { status, data } = await post({ provider: 'session-api', from: '-1h' })
    expect([status, data]).toEqual([200, expect.objectContaining({ rows: 1, left: [] })])
    const { data: rows } = await on.get<CodeRow[]>('/api/v1/codes')
    expect(rows).toHaveLength(2)
    expect(rows.find(({ provider }) => provider === 'session-api')).toMatchObject({
      ...{ retry: 'after_wait', retryable: true, standing: 'known', class: 'rate_limit', count: 1 },
    })
    expect(rows.find(({ provider }) => provider === 'elsewhere')).toMatchObject({ standing: 'unknown' })
    expect((await post({ provider: 'session-api', from: '-1h' })).data).toMatchObject({ rows: 0, days: [] })
  })

  test('a provider without a catalog has nothing to be judged by', async () => {
    expect(await post({ provider: 'elsewhere', from: '-1h' })).toMatchObject({
      status: 404,
      error: { code: 'catalog_not_found', message: expect.stringMatching(/session-api/) },
    })
  })

  test.each([
    [{}, /provider/],
    [{ provider: 'session-api' }, /from: give a time/],
    [{ provider: 'session-api', from: 'soon' }, /from: give a time/],
    [{ provider: 'session-api', from: 7 }, /from: give a time/],
    [{ provider: '', from: '-1h' }, /provider: give the name/],
    [{ provider: 'session-api', from: '-1h', to: 'now' }, /to: there is no such parameter/],
    [null, /./],
  ])('%j is refused', async (body, said) => {
    const { status, error } = await post(body)
    expect(status).toBe(400)
    expect(error.message).toMatch(said)
  })
})
