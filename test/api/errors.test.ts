import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../services/api/app.ts'
import type { ErrorRow } from '../../services/store/queries/errors.ts'
import type { Query } from '../../services/store/queries/query.ts'
import { eventually } from '../e2e/up.ts'
import { appOnStore } from './app-on-store.ts'
import { pagesOf } from './pages.ts'
import { store } from './stored-rows.ts'

const on = appOnStore()

const MINUTE = 60_000
const then = Math.floor((Date.now() - 20 * MINUTE) / MINUTE) * MINUTE
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const ODD = {
  ts: then,
  provider: 'wallet-gateway',
  code: `it's "odd"; --`,
  status: 503,
  retry: 'backoff',
  retryable: true,
  standing: 'unknown',
  class: 'upstream',
  side: 'server',
  kind: 'server',
  service: 'wallet',
  service_version: '0.9',
  environment: 'staging',
  route: '/odd/{id}',
  method: 'DELETE',
  server_address: 'odd.example',
  request_id: 'req_odd',
  other_request_ids: 'req_edge\nreq_inner',
  trace_id: TRACE,
  span_id: 'aaaaaaaaaaaaaaaa',
  parent_span_id: 'bbbbbbbbbbbbbbbb',
  call_id: 'call_odd',
  attempt: 3,
  consumer: 'odd & sons',
  sdk: 'ruby/3',
  retry_after_ms: 1_500,
  duration_ms: 0.1,
  message: 'no\nanswer',
  origin: 'odd',
}
const ROWS = 60

beforeAll(async () => {
  await store(on.client, 'errors', [ODD])
  // Several of one moment: only where they came from tells them apart.
  await store(
    on.client,
    'errors',
    Array.from({ length: ROWS }, (_, i) => ({
      ts: then - MINUTE * Math.floor(i / 4),
      request_id: `req_${i}`,
    })),
  )
})
const idsOf = (rows: ErrorRow[]) => rows.map(({ request_id }) => request_id)

describe('GET /api/v1/errors', () => {
  test('rows with every column, newest first', async () => {
    const { data } = await on.get<ErrorRow[]>('/api/v1/errors?from=-1h&limit=1000')
    expect(data).toHaveLength(ROWS + 1)
    const times = data.map(({ ts }) => ts)
    expect(times).toEqual(times.toSorted().toReversed())
    const { ts: _, ...odd } = ODD
    expect(data.find(({ request_id }) => request_id === 'req_odd')).toMatchObject({
      ...odd,
      other_request_ids: ['req_edge', 'req_inner'],
      ts: new Date(then).toISOString().replace('Z', '000000Z'),
      origin_index: 0,
    })
  })

  test.each(
    Object.entries({ ...ODD, ts: undefined, other_request_ids: 'req_inner' }).filter(
      ([, value]) => value !== undefined && value !== true,
    ),
  )('%s is a filter', async (name, value) => {
    const url = `/api/v1/errors?from=-1h&${name}=${encodeURIComponent(String(value))}`
    expect(idsOf((await on.get<ErrorRow[]>(url)).data)).toEqual(['req_odd'])
  })

  test('an id longer than what is stored of it is a filter all the same', async () => {
    await store(on.client, 'errors', [{ ts: then - 90 * MINUTE, call_id: 'c'.repeat(256) }])
    const url = `/api/v1/errors?from=-2h&call_id=${'c'.repeat(300)}`
    expect((await on.get<ErrorRow[]>(url)).data).toHaveLength(1)
  })

  test('filters meet', async () => {
    const of = async (filter: string) =>
      (await on.get<ErrorRow[]>(`/api/v1/errors?from=-1h&${filter}`)).data.length
    expect(await of('retryable=true&limit=1000')).toBe(ROWS + 1)
    expect(await of('retryable=false')).toBe(0)
    expect(await of('provider=session-api&status=429&limit=7')).toBe(7)
    expect(await of(`trace_id=${TRACE.toUpperCase()}&attempt=3`)).toBe(1)
    expect(await of(`trace_id=${TRACE}&attempt=2`)).toBe(0)
  })

  test('page by page, each row once, also while newer and older rows arrive', async () => {
    for (const filter of ['', '&provider=session-api', '&consumer=acme']) {
      const seen: string[] = []
      for await (const { data } of pagesOf<ErrorRow>(on, `/api/v1/errors?from=-1h&limit=7${filter}`)) {
        seen.push(...idsOf(data).filter((id) => !id.startsWith('late_')))
        await store(on.client, 'errors', [
          { ts: Date.now(), request_id: 'late_new', environment: 'late' },
          { ts: then + MINUTE, request_id: 'late_old', environment: 'late' },
        ])
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.length).toBe(filter === '' ? ROWS + 1 : ROWS)
    }
  })

  test.each([
    ['limit=1001', 'limit'],
    ['limit=0', 'limit'],
    ['status=abc', 'status'],
    ['status=65536', 'status'],
    ['status=-1', 'status'],
    ['attempt=1.5', 'attempt'],
    ['retryable=yes', 'retryable'],
    ['trace_id=xyz', 'trace_id'],
    ['span_id=00', 'span_id'],
    ['kind=any', 'kind'],
    ['duration_ms=NaN', 'duration_ms'],
    ['origin_offset=99999999999999999999', 'origin_offset'],
    ['retry_after_ms=4294967296', 'retry_after_ms'],
    [`message=${'x'.repeat(10_000)}`, 'message'],
    ['route=%00', 'route'],
    ['message_like=x', 'message_like'],
    ['from=-1h&to=-2h', 'from'],
    [`cursor=${Buffer.from(JSON.stringify({ question: '', at: {} })).toString('base64url')}`, 'cursor'],
  ])('%.40s is refused', async (query, parameter) => {
    const { status, error } = await on.fail(`/api/v1/errors?${query}`)
    expect([status, error.details]).toMatchObject([400, [{ parameter }]])
  })
})

describe('as lines', () => {
  const lines = (url: string, headers = { accept: 'application/x-ndjson' }) => on.app.inject({ url, headers })
  const rowsOf = (body: string) =>
    body
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as ErrorRow)

  test('the same rows, one a line', async () => {
    const { data } = await on.get<ErrorRow[]>('/api/v1/errors?from=-1h&limit=1000&environment=production')
    const response = await lines('/api/v1/errors?from=-1h&environment=production')
    expect(response.headers['content-type']).toMatch(/^application\/x-ndjson/)
    expect(rowsOf(response.body)).toEqual(data)
    expect(rowsOf((await lines('/api/v1/errors?from=-1h&limit=5')).body)).toHaveLength(5)
    expect((await lines('/api/v1/errors?from=-1h&provider=nobody')).body).toBe('')
  })

  test('more than a page, and no more is read than the client takes', async () => {
    // Ten pages, of which what lies between two sockets holds a few.
    await on.client.command(
      `INSERT INTO errors (ts, provider, code, message) SELECT toDateTime64('2026-02-02 00:00:00', 9, 'UTC') + number / 10, 'many-api', 'MANY', repeat('x', 250) FROM numbers(20000)`,
    )
    const url = '/api/v1/errors?from=2026-02-02T00:00:00Z&to=2026-02-03T00:00:00Z'
    let asked = 0
    const query: Query = (sql, params) => {
      if (/FROM errors AS t/.test(sql)) asked++
      return on.parts.query(sql, params)
    }
    const app = buildApp({ ...on.parts, query })
    const all = await app.inject({ url, headers: { accept: 'application/x-ndjson' } })
    expect(rowsOf(all.body)).toHaveLength(20_000)
    const questions = asked

    asked = 0
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET ${url} HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n\r\n`)
    await once(socket, 'readable')
    const first = asked
    // It reads nothing, and then it is gone.
    socket.destroy()
    await app.close()
    expect(first).toBeLessThan(questions)
    expect(asked).toBeLessThan(questions)
  })

  test('who reads slowly is one of a few, and a stop waits for nobody who does not read', async () => {
    const app = buildApp(on.parts)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const path = '/api/v1/errors?from=2026-02-02T00:00:00Z&to=2026-02-03T00:00:00Z'
    const slow = Array.from({ length: 20 }, () => connect(port, '127.0.0.1').on('error', () => {}))
    for (const socket of slow)
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n\r\n`)
    await Promise.all(slow.map((socket) => once(socket, 'readable')))

    const url = `http://127.0.0.1:${port}${path}`
    const refused = await fetch(url, { headers: { accept: 'application/x-ndjson' } })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
    expect(await refused.json()).toMatchObject({ success: false, error: { code: 'too_many_streams' } })
    expect(((await (await fetch(url)).json()) as { success: boolean }).success).toBe(true)

    const late = connect(port, '127.0.0.1').setEncoding('utf8')
    let said = ''
    late.on('data', (text) => {
      said += text
    })
    late.write('GET /healthz HTTP/1.1\r\n')
    // The beginning has to be there before the end begins.
    await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()
    const closed = app.close()
    await eventually(async () => !app.server.listening || undefined, 'nobody new to be let in')
    late.write('Host: localhost\r\n\r\n')
    await closed
    expect(said).toMatch(/^HTTP\/1\.1 200 [\s\S]*"status":"alive"/)
    for (const socket of slow) socket.destroy()
  }, 30_000)

  test('what is wrong is said before the first line', async () => {
    const response = await lines('/api/v1/errors?limit=1000001')
    expect([response.statusCode, response.json().error.details]).toMatchObject([
      400,
      [{ parameter: 'limit' }],
    ])
  })
})
