import { beforeAll, describe, expect, test } from 'vitest'
import { appOnStore } from './app-on-store.ts'
import { store } from './stored-rows.ts'

const on = appOnStore()
const then = Date.now() - 600_000
beforeAll(() =>
  store(on.client, 'errors', [
    { ts: then, consumer: 'acct_1', request_id: 'req_1' },
    { ts: then, consumer: 'acct_2', request_id: 'req_2' },
    { ts: then, consumer: 'é'.repeat(128), request_id: 'req_3' },
    { ts: then, consumer: 'acct_4', request_id: 'x'.repeat(256) },
  ]),
)
const post = async (body: unknown) => {
  const response = await on.app.inject({
    method: 'POST',
    url: '/api/v1/erasures',
    headers: { 'content-type': 'application/json' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { ...response.json(), status: response.statusCode }
}

describe('erasing', () => {
  test('rows go, and lookup no longer finds them; those of others stay', async () => {
    const { data, status } = await post({ consumer: 'acct_1' })
    expect([status, data]).toEqual([
      200,
      { id: data.id, kind: 'consumer', rows: { errors: 1, attempts: 0, quota_samples: 0 } },
    ])
    expect((await on.fail('/api/v1/requests/req_1')).status).toBe(404)
    expect((await on.get('/api/v1/requests/req_2')).status).toBe(200)
  })

  test('is listed, without what was erased', async () => {
    const { data } = await on.get<{ kind: string; state: string; rows: number }[]>('/api/v1/erasures')
    expect(data).toMatchObject([{ kind: 'consumer', state: 'done', rows: 1 }])
    expect(JSON.stringify(data)).not.toContain('acct_1')
  })

  test.each([{ consumer: 'é'.repeat(200) }, { request_id: 'x'.repeat(1_000) }])(
    'goes by what is stored of a longer name',
    async (body) => {
      const { data, status } = await post(body)
      expect([status, data.rows.errors]).toEqual([200, 1])
    },
  )

  test.each([
    [{}, /give either/],
    [{ consumer: 'a', request_id: 'b' }, /give either/],
    [{ consumer: '' }, /consumer: give the name/],
    [{ consumer: '_OTHER' }, /consumer: _OTHER stands for many/],
    [{ consumer: 7 }, /consumer: /],
    [{ consumer: 'x'.repeat(10_000) }, /consumer: at most/],
    [{ trace_id: 'x' }, /trace_id: there is no such parameter/],
    ['null', /./],
    ['{', /./],
  ])('%j is refused', async (body, said) => {
    const { status, error } = await post(body)
    expect(status).toBe(400)
    expect(error.message).toMatch(said)
  })
})
