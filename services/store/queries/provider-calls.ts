import { z } from 'zod'
import { type Filter, filterSql } from './filter.ts'
import type { Query } from './query.ts'
import { fromPieces, type Piece } from './rollup.ts'

const callsRow = z.object({ provider: z.string(), side: z.string(), calls: z.number() })

/** All calls of a period, failed or not, by provider and side: what a share of the traffic is a share of. */
export async function providerCalls(
  query: Query,
  list: Piece[],
  { provider, service, environment, side }: Filter,
): Promise<(provider: string, side: string) => number> {
  const { where, params } = filterSql({ provider, service, environment, side })
  const source = fromPieces(list, (level) => `traffic_by_${level}`, 'provider, side, calls', where)
  const rows = z
    .array(callsRow)
    .parse(
      await query(
        `SELECT provider, side, toUInt64(sum(calls)) AS calls FROM ${source.sql} GROUP BY provider, side`,
        { ...params, ...source.params },
      ),
    )
  const calls = new Map(rows.map((row) => [`${row.side} ${row.provider}`, row.calls]))
  return (provider, side) => calls.get(`${side} ${provider}`) ?? 0
}
