import { z } from 'zod'
import { isoTime } from './iso-time.ts'
import type { Query } from './query.ts'

export const erasureRow = z.object({
  id: z.string(),
  at: z.string().describe('When it was asked for.'),
  kind: z.enum(['consumer', 'request_id']),
  hash: z.string().describe('SHA-256 of `id`, a colon and the value: proof for who knows the value.'),
  state: z.enum(['begun', 'done', 'cut_short']),
  rows: z.number().describe('Rows that went.'),
})
export type ErasureRow = z.output<typeof erasureRow>

/** More than this nobody reads. */
const MOST = 1000

/** What was erased, newest first. */
export async function erasures(query: Query): Promise<ErasureRow[]> {
  const rows = await query(
    `SELECT id, ${isoTime('erasures.at')} AS at, kind, lower(hex(erasures.hash)) AS hash, state, rows FROM erasures FINAL ORDER BY erasures.at DESC LIMIT ${MOST}`,
  )
  return z.array(erasureRow).parse(rows)
}
