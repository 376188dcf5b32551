import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { EXPORT_TABLES } from '../../services/store/queries/export.ts'
import { appOnStore } from './app-on-store.ts'
import { store } from './stored-rows.ts'

const on = appOnStore()
const NOW = Date.parse('2026-11-20T12:00:30Z')
const NASTY = [
  '=HYPERLINK("x")',
  '+1;-1',
  '@SUM(A1)',
  '"quoted", and\r\nbroken\n\nlines',
  "'; DROP TABLE errors",
  'ü\u0000\t\\N',
]
beforeAll(async () => {
  await store(on.client, 'errors', [
    ...NASTY.map((message, i) => ({ ts: NOW + i, message, request_id: `req_${i}` })),
    { ts: NOW - 86_400_000, message: 'the day before' },
  ])
})
const PERIOD = 'from=2026-11-20T12:00:00Z&to=2026-11-20T13:00:00Z'
const get = (query: string) => on.app.inject({ url: `/api/v1/export?${query}` })

/** RFC 4180. */
function csv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare!)
    if (end === '\n') rows.push([])
  }
  return rows.slice(0, -1)
}

describe('an export', () => {
  test('has the rows of the period, values unchanged, a line each', async () => {
    const answer = await get(`table=errors&${PERIOD}`)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('application/x-ndjson')
    const rows = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map(({ message }) => message)).toEqual(NASTY)
    expect(rows[0]).toMatchObject({
      ts: '2026-11-20T12:00:30.000000000Z',
      request_id: 'req_0',
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })

  test('is CSV that others read, values unchanged', async () => {
    const [header, ...rows] = csv((await get(`table=errors&format=csv&${PERIOD}`)).body)
    const column = (name: string) => rows.map((row) => row[header!.indexOf(name)])
    expect(column('message')).toEqual(NASTY)
    expect(column('status')[0]).toBe('429')
  })

  test('is Parquet that reads back as what is stored', async () => {
    const answer = await get(`table=errors&format=parquet&${PERIOD}`)
    const file = join(tmpdir(), `telltale-export-${process.pid}.parquet`)
    writeFileSync(file, answer.rawPayload)
    const rows = await on.client.query(`SELECT message, status FROM file('${file}', 'Parquet') ORDER BY ts`)
    rmSync(file)
    expect(rows.map(({ message }) => message)).toEqual(NASTY)
    expect(rows[0]!.status).toBe(429)
  })

  test('is named by us', async () => {
    const { headers } = await get(`table=errors&format=csv&${PERIOD}`)
    expect(headers['content-disposition']).toBe(
      'attachment; filename="telltale-errors-20261120T120000-20261120T130000.csv"',
    )
  })

  test.each(EXPORT_TABLES)('of %s, in every format', async (table) => {
    for (const format of ['ndjson', 'csv', 'parquet']) {
      const answer = await get(`table=${table}&format=${format}&${PERIOD}`)
      expect([answer.statusCode, format === 'parquet' ? answer.body.slice(0, 4) : 'PAR1']).toEqual([
        200,
        'PAR1',
      ])
    }
  })

  test('of counts has each once, with the bucket that the period begins in', async () => {
    await store(on.client, 'errors', [{ ts: NOW, message: 'again' }])
    const answer = await get(`table=errors_by_day&${PERIOD}`)
    const rows = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ ts: '2026-11-20', count: NASTY.length + 1 })
  })

  test('of a period without rows is empty', async () => {
    const answer = await get('table=errors&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
  })

  test('is one at a time, and the next when that is done', async () => {
    const first = await on.parts.upkeep.export({
      table: 'errors',
      format: 'csv',
      from: new Date(0),
      to: new Date(NOW * 2),
    })
    expect((await get(`table=errors&${PERIOD}`)).statusCode).toBe(503)
    const closed = new Promise((resolve) => first!.once('close', resolve))
    first!.destroy()
    await closed
    expect((await get(`table=errors&${PERIOD}`)).statusCode).toBe(200)
  })

  test.each([
    ['table=tokens', /table: give one of errors, attempts/],
    ['table=errors&format=xlsx', /format: give one of parquet, ndjson, csv/],
    ['table=errors&from=now&to=-1h', /from: must be before/],
    ['table=errors&out=/etc/passwd', /out: there is no such parameter/],
    ["table=errors'--", /table: give one of/],
  ])('%s is refused', async (query, said) => {
    const answer = await get(query)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error.message).toMatch(said)
  })
})
