import { z } from 'zod'
import type { Query } from './query.ts'

const tableSize = z.object({
  table: z.string(),
  rows: z.number(),
  /** On disk, compressed. */
  bytes: z.number(),
  parts: z.number(),
})
export type TableSize = z.output<typeof tableSize>

/** What each table holds, from the engine's own books; no row is read. A view is as large as the table it fills. */
export async function tableSizes(query: Query): Promise<TableSize[]> {
  const rows = await query(
    `SELECT name AS table, toUInt64(ifNull(total_rows, 0)) AS rows, toUInt64(ifNull(total_bytes, 0)) AS bytes,
       toUInt64(ifNull(parts, 0)) AS parts
     FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name`,
  )
  return z.array(tableSize).parse(rows)
}
