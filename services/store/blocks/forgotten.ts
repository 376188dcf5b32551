import type { TableName } from '../../contract/tables.ts'
import type { Client } from '../client.ts'

/** Clocks of senders are clamped to so much ahead of ours. */
const AHEAD_S = 3600

const OF_CONSUMER = "SHA256(concat(e.1, ':', consumer)) = e.2"
const OF_REQUEST =
  "SHA256(concat(e.1, ':', request_id)) = e.2 OR arrayExists(id -> SHA256(concat(e.1, ':', id)) = e.2, splitByChar('\\n', other_request_ids))"

/**
 * Which rows of a day somebody has asked to be forgotten since, as a condition; null where nobody has. A block may have
 * been on its way in another process meanwhile, or be read once more on purpose: what it lacks then is not put back.
 */
export async function forgotten(client: Client, table: TableName, date: string): Promise<string | null> {
  if (table === 'traffic') return null
  const since = `at >= toDateTime('${date} 00:00:00', 'UTC')`
  const kinds = await client.query(`SELECT DISTINCT toString(kind) AS kind FROM erasures WHERE ${since}`)
  const conditions = kinds
    .filter(({ kind }) => kind === 'consumer' || table !== 'quota_samples')
    .map(
      ({ kind }) =>
        `arrayExists(e -> ts < e.3 + INTERVAL ${AHEAD_S} SECOND AND (${kind === 'consumer' ? OF_CONSUMER : OF_REQUEST}),
         (SELECT groupArray((id, hash, at)) FROM erasures FINAL WHERE kind = '${String(kind)}' AND ${since}))`,
    )
  return conditions.length === 0 ? null : `(${conditions.join(' OR ')})`
}
