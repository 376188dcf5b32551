import { z } from 'zod'
import type { Query } from './query.ts'

const pair = z.object({ provider: z.string(), code: z.string() })

/** Every code that was ever seen and is in no catalog of its provider; some of them, where there are more than that. */
export async function unknownEver(query: Query, limit: number): Promise<z.output<typeof pair>[]> {
  const rows = await query(
    "SELECT provider, code FROM codes WHERE standing = 'unknown' GROUP BY provider, code LIMIT {limit:UInt32}",
    { limit },
  )
  return z.array(pair).parse(rows)
}
