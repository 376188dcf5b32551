import { z } from 'zod'
import type { Query } from './query.ts'

const newestRow = z.object({ ms: z.number() })

/** When the newest stored error happened, in Unix ms; null where there is none. */
export async function newestError(query: Query): Promise<number | null> {
  // In the table's order, from its end: no more than a granule is read.
  const rows = await query(
    'SELECT toUnixTimestamp64Milli(ts) AS ms FROM errors ORDER BY errors.ts DESC LIMIT 1',
  )
  return z.array(newestRow).parse(rows)[0]?.ms ?? null
}
