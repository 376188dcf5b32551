import { z } from 'zod'
import { EXACT, type Filter } from './filter.ts'
import { type Query, timeParam } from './query.ts'
import { failed, select, shared } from './row-columns.ts'
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

/** Columns besides those that counts are kept by, and how a value of them is compared. */
const OTHERS = {
  kind: '= {kind:String}',
  service_version: '= {service_version:String}',
  route: '= {route:String}',
  method: '= {method:String}',
  server_address: '= {server_address:String}',
  request_id: '= {request_id:String}',
  other_request_ids: '',
  trace_id: '= unhex({trace_id:String})',
  span_id: '= unhex({span_id:String})',
  parent_span_id: '= unhex({parent_span_id:String})',
  call_id: '= {call_id:String}',
  attempt: '= {attempt:UInt16}',
  consumer: '= {consumer:String}',
  sdk: '= {sdk:String}',
  retry_after_ms: '= {retry_after_ms:UInt32}',
  duration_ms: '= toFloat32({duration_ms:Float64})',
  message: '= {message:String}',
  origin: '= {origin:String}',
  origin_offset: '= {origin_offset:UInt64}',
  origin_index: '= {origin_index:UInt32}',
} as const
export type RowFilter = Omit<Filter, 'q'> & { [Name in keyof typeof OTHERS]?: string | number }

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
  const within = spansSql(spans)
  if (spans.length === 0) return { rows: [], next: rest }

  const before =
    after === undefined
      ? ''
      : ` AND (t.ts, t.origin, t.origin_offset, t.origin_index) <
          (toDateTime64({after_ts:String}, 9, 'UTC'), {after_origin:String}, {after_offset:UInt64}, {after_index:UInt32})`
  const found = await query(
    `SELECT ${select(Object.keys(columns))} FROM errors AS t
     WHERE t.ts >= {from:DateTime64(3, 'UTC')} AND t.ts < {to:DateTime64(3, 'UTC')} AND (${within.sql})${before}${where}
     ORDER BY t.ts DESC, t.origin DESC, t.origin_offset DESC, t.origin_index DESC LIMIT {rows:UInt32}`,
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

function rowFilterSql(filter: RowFilter): { where: string; params: Record<string, unknown> } {
  const params: Record<string, unknown> = {}
  let where = ''
  for (const [name, type] of Object.entries(EXACT)) {
    const value = filter[name as keyof RowFilter]
    if (value === undefined) continue
    params[name] = value
    where += ` AND t.${name} = {${name}:${type}}`
  }
  for (const [name, comparison] of Object.entries(OTHERS)) {
    const value = filter[name as keyof RowFilter]
    if (value === undefined) continue
    params[name] = value
    where +=
      name === 'other_request_ids'
        ? ` AND has(splitByChar('\\n', t.other_request_ids), {other_request_ids:String})`
        : ` AND t.${name} ${comparison}`
  }
  return { where, params }
}
