import { openStore } from '../../services/store/connect/open.ts'
import type { Sent } from './sender.ts'

const CLICKHOUSE = { database: 'telltale', user: '', password: '' }
const ERROR_TABLES = [
  'errors_by_10s',
  'errors_by_minute',
  'errors_by_hour',
  'errors_by_day',
  'codes_by_hour',
  'codes',
]
const TRAFFIC_TABLES = ['traffic', 'traffic_by_10s', 'traffic_by_minute', 'traffic_by_hour', 'traffic_by_day']

/**
 * Holds every table of a store, embedded and that nobody has open or behind a url, against what was sent; what differs,
 * a line each.
 */
export async function audit(data: string, sent: Sent, url?: string): Promise<string[]> {
  const store = await openStore({ data, memoryBytes: 1e9, clickhouse: { ...CLICKHOUSE, url } })
  const differences: string[] = []
  const ask = async (sql: string) => (await store.reader.query(sql)) as Record<string, string | number>[]
  const compare = async (what: string, expected: number, sql: string) => {
    const got = Number((await ask(sql))[0]?.n)
    if (got !== expected) differences.push(`${what}: ${got} instead of ${expected}`)
  }
  try {
    await compare('errors', sent.errors, 'SELECT count() AS n FROM errors')
    await compare('request ids', sent.requestIds.size, 'SELECT uniqExact(request_id) AS n FROM errors')
    const [{ ids }] = (await ask('SELECT groupArray(request_id) AS ids FROM errors')) as unknown as [
      { ids: string[] },
    ]
    const strangers = ids.filter((id) => !sent.requestIds.has(id)).length
    if (strangers > 0) differences.push(`${strangers} request ids that nobody sent`)
    for (const table of ERROR_TABLES) {
      await compare(table, sent.errors, `SELECT sum(count) AS n FROM ${table}`)
      const rows = await ask(`SELECT provider, code, sum(count) AS n FROM ${table} GROUP BY provider, code`)
      const counts = new Map(rows.map(({ provider, code, n }) => [`${provider} ${code}`, Number(n)]))
      for (const key of new Set([...counts.keys(), ...sent.codes.keys()]))
        if ((counts.get(key) ?? 0) !== (sent.codes.get(key) ?? 0))
          differences.push(`${table} ${key}: ${counts.get(key) ?? 0} instead of ${sent.codes.get(key) ?? 0}`)
    }
    for (const table of TRAFFIC_TABLES) {
      await compare(`${table} calls`, sent.calls, `SELECT sum(calls) AS n FROM ${table}`)
      await compare(`${table} errors`, sent.errors, `SELECT sum(errors) AS n FROM ${table}`)
      await compare(`${table} retries`, sent.retries, `SELECT sum(retries) AS n FROM ${table}`)
      await compare(
        `${table} logical calls`,
        sent.calls - sent.retries,
        `SELECT sum(logical_calls) AS n FROM ${table}`,
      )
    }
    await compare('attempts', sent.attempts, 'SELECT count() AS n FROM attempts')
    // Every row of errors and attempts has a request id and a trace id, and no call id.
    await compare('requests', 2 * (sent.errors + sent.attempts), 'SELECT count() AS n FROM requests')
  } finally {
    await store.close()
  }
  return differences
}
