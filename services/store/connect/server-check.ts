import type { ClickHouseClient } from '@clickhouse/client'
import { errorCodeOf, StoreProblem } from '../problem.ts'

/** Below, a token does not reach the tables that views feed, so a block sent again could count twice. */
const OLDEST = '24.8'

/**
 * Looks at a server before it is used: does it answer, is it new enough, may we write, and is it the same one as at the
 * other addresses? Two servers would each have a part of the data, and each would take a block once.
 */
export function serverCheck(): (client: ClickHouseClient, url: string) => Promise<void> {
  let first: { url: string; identity: string } | null = null
  return async (client, url) => {
    const ping = await client.ping()
    if (!ping.success) throw ping.error
    const [found] = await ask(
      client,
      `SELECT version() AS version, concat(toString(serverUUID()), ' ', hostName()) AS identity,
         toString(getSetting('readonly')) AS readonly`,
    )
    const { version, identity, readonly } = found!
    if (!isAtLeast(String(version), OLDEST))
      throw new StoreProblem(
        'server_too_old',
        `ClickHouse at ${url} is ${version}; telltale needs ${OLDEST} or newer`,
      )
    if (readonly !== '0')
      throw new StoreProblem(
        'server_refuses',
        `the user of ClickHouse at ${url} may only read (its setting readonly is ${readonly}); give telltale one that may write`,
      )
    first ??= { url, identity: String(identity) }
    if (first.identity !== identity)
      throw new StoreProblem(
        'servers_differ',
        `${url} and ${first.url} are different ClickHouse servers; clickhouse.url takes several addresses of one server, and clusters are not supported yet`,
      )
  }
}

/** The system tables that turns and mending look into; a user needs a right to each. */
const LOOKED_AT = ['databases', 'tables', 'parts', 'mutations', 'processes']

/** Makes the database, where it is not there and we may. */
export async function ensureDatabase(client: ClickHouseClient, url: string, database: string): Promise<void> {
  try {
    for (const table of LOOKED_AT) await ask(client, `SELECT 1 AS one FROM system.${table} LIMIT 1`)
    const found = await ask(client, `SELECT name FROM system.databases WHERE name = '${database}'`)
    if (found.length === 0) await client.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\`` })
  } catch (error) {
    throw serverProblem(error, url)
  }
}

async function ask(client: ClickHouseClient, query: string): Promise<Record<string, unknown>[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<Record<string, unknown>>()
}

const ADVICE: Record<string, string> = {
  '192': 'check TELLTALE_CLICKHOUSE_USER and TELLTALE_CLICKHOUSE_PASSWORD',
  '193': 'check TELLTALE_CLICKHOUSE_USER and TELLTALE_CLICKHOUSE_PASSWORD',
  '194': 'set TELLTALE_CLICKHOUSE_PASSWORD',
  '516': 'check TELLTALE_CLICKHOUSE_USER and TELLTALE_CLICKHOUSE_PASSWORD',
  '497': 'grant what is missing; docs/operations.md lists what telltale needs',
  '164': 'its user may only read; give telltale one that may write',
  '60': 'a table was removed or renamed; put it back, or run `telltale migrate`',
  '81': 'the database was removed; create it, then run `telltale migrate`',
  '16': 'a table was changed by hand; put its columns back as the schema has them',
  '115': 'it is too old for telltale; upgrade it',
  '241': 'it is out of memory; raise its limit, or lower what else it does',
  '243': 'its disk is full; free it, or shorten retention',
  '252': 'it has too many parts; its merges do not keep up, so look at its disk',
}

/** What to do about what a server says; the server's own words are kept. */
export function adviceOn(error: unknown): string | null {
  return ADVICE[errorCodeOf(error)] ?? null
}

export function serverProblem(error: unknown, url: string): unknown {
  const advice = adviceOn(error)
  return advice === null
    ? error
    : new StoreProblem(
        'server_refuses',
        `ClickHouse at ${url}: ${(error as Error).message.trim()} — ${advice}`,
        error,
      )
}

function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number))
  return a![0]! > b![0]! || (a![0] === b![0] && a![1]! >= b![1]!)
}
