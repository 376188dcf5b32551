import { z } from 'zod'
import { type Query, timeParam } from './query.ts'
import { failed, select, shared } from './row-columns.ts'
import { type RowFilter, rowFilterSql } from './row-filter.ts'
import { type ErrorPosition, endOf, errorPosition, MOST_LOOKED_AT, placesOf, spansSql } from './row-places.ts'

const columns = {
  ...shared,
  ...failed,
  origin: z.string().describe('Where the row came from: the journal or the partition.'),
  origin_offset: z.number(),
  origin_index: z.number(),
}
export const errorRow = z.object(columns).meta({ id: 'ErrorRow' })
export type ErrorRow = z.output<typeof errorRow>

/** Error rows, newest first; a page that would look at more rows than `lookAt` is short. `next` is null when there are no more. */
export async function errors(
  query: Query,
  {
    from,
    to,
    limit,
    after,
    ...filter
  }: { from: Date; to: Date; limit: number; after?: ErrorPosition } & RowFilter,
  lookAt = MOST_LOOKED_AT,
): Promise<{ rows: ErrorRow[]; next: ErrorPosition | null }> {
  // Newer than the last row is nothing.
  const end = after === undefined ? to : new Date(Math.min(to.getTime(), endOf(after) * 1000))
  if (from >= end) return { rows: [], next: null }
  const { where, params } = rowFilterSql(filter)
  const { spans, rest } = await placesOf(query, filter, { from, to: end, wanted: limit + 1, lookAt })
  if (spans.length === 0) return { rows: [], next: rest }
  const within = spansSql(spans)

  const before =
    after === undefined
      ? ''
      : ` AND (t.ts, t.origin, t.origin_offset, t.origin_index) <
          (toDateTime64({after_ts:String}, 9, 'UTC'), {after_origin:String}, {after_offset:UInt64}, {after_index:UInt32})`
  const found = await query(
    `SELECT ${select(Object.keys(columns))} FROM errors AS t
     WHERE t.ts >= {from:DateTime64(3, 'UTC')} AND t.ts < {to:DateTime64(3, 'UTC')} AND (${within.sql})${before}${where}
     ORDER BY toDateTime(t.ts) DESC, t.ts DESC, t.origin DESC, t.origin_offset DESC, t.origin_index DESC LIMIT {rows:UInt32}`,
    {
      ...params,
      ...within.params,
      from: timeParam(from),
      to: timeParam(to),
      rows: limit + 1,
      ...(after && {
        after_ts: after.ts,
        after_origin: after.origin,
        after_offset: after.origin_offset,
        after_index: after.origin_index,
      }),
    },
  )
  const page = found.slice(0, limit)
  const next = found.length > limit ? errorPosition.parse(page.at(-1)) : rest
  return { rows: z.array(errorRow).parse(page), next }
}
