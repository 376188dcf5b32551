import type { TableName } from '../../contract/tables.ts'
import type { Client } from '../client.ts'

/** Clocks of senders are clamped to so much ahead of ours. */
const AHEAD_S = 3600

export interface Erasure {
  id: string
  kind: 'consumer' | 'request_id'
  /** SHA-256 of `id`, a colon and the value; hexadecimal. */
  hash: string
}
interface Recorded extends Erasure {
  /** After which nothing happened that was reported before; UTC. */
  until: string
}

/** Which rows are of whom an erasure forgets, as a condition. */
export function concerns({ id, kind, hash }: Erasure): string {
  const isIt = (column: string) => `SHA256(concat('${id}:', ${column})) = unhex('${hash}')`
  return kind === 'consumer'
    ? isIt('consumer')
    : `(${isIt('request_id')} OR arrayExists(x -> ${isIt('x')}, splitByChar('\\n', other_request_ids)))`
}

/**
 * Which rows erasures have taken out of a table, as a condition; null where they have taken none. `records`, a condition
 * on origin and offset, says of which records.
 *
 * A block has all its rows of a day in a table, or none. So where an erasure has found rows of a record, it has taken
 * all that it concerns there; where it has found none, they were not in yet, and are nothing that it has taken.
 */
export async function taken(client: Client, table: TableName, records: string): Promise<string | null> {
  const found = `FROM erased_records WHERE source = '${table}' AND ${records}`
  const conditions = (await erasures(client, `id IN (SELECT erasure ${found})`)).map(
    (erasure) =>
      `(${concerns(erasure)} AND (toDate(ts), origin, origin_offset) IN
        (SELECT day, origin, origin_offset ${found} AND erasure = '${erasure.id}'))`,
  )
  return oneOf(conditions)
}

/** The same for what a block must not put back. Of erasures that have written down no records, by the time of rows. */
export async function forgotten(
  client: Client,
  table: TableName,
  records: string,
  firstDate: string,
): Promise<string | null> {
  const byRecords = await taken(client, table, records)
  const before = await erasures(client, `NOT by_records AND at >= toDateTime('${firstDate} 00:00:00', 'UTC')`)
  const byTime = before
    .filter(({ kind }) => kind === 'consumer' || table !== 'quota_samples')
    .map((erasure) => `(${concerns(erasure)} AND ts < toDateTime64('${erasure.until}', 3, 'UTC'))`)
  return oneOf([...(byRecords === null ? [] : [byRecords]), ...byTime])
}

async function erasures(client: Client, which: string): Promise<Recorded[]> {
  const rows = await client.query(
    `SELECT id, toString(kind) AS kind, hex(hash) AS hash, toString(at + INTERVAL ${AHEAD_S} SECOND) AS until
     FROM erasures FINAL WHERE ${which} ORDER BY id`,
  )
  return rows as unknown as Recorded[]
}

const oneOf = (conditions: string[]): string | null =>
  conditions.length === 0 ? null : `(${conditions.join(' OR ')})`
