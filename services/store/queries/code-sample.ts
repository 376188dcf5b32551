import { z } from 'zod'
import type { Side } from '../../contract/vocabulary.ts'
import type { Filter } from './filter.ts'
import { type Query, timeParam } from './query.ts'
import { select, shared } from './row-columns.ts'
import { rowFilterSql } from './row-filter.ts'
import { MOST_LOOKED_AT, placesOf, spansSql } from './row-places.ts'

const {
  ts,
  status,
  service,
  service_version,
  route,
  method,
  request_id,
  trace_id,
  call_id,
  attempt,
  consumer,
  sdk,
  provider,
  side,
} = shared
const columns = {
  ts,
  status,
  service,
  service_version,
  route,
  method,
  request_id,
  trace_id,
  call_id,
  attempt,
  consumer,
  sdk,
  provider,
  side,
}
const sampleRow = z.object(columns)
export type SampleRow = z.output<typeof sampleRow>

/** Enough to tell shares of a few per cent; read in tens of milliseconds. */
const SAMPLE_ROWS = 1_000

interface Options extends Pick<Filter, 'service' | 'environment'> {
  provider: string
  code: string
  side: Side
  from: Date
  to: Date
}

/** The newest rows of a code. */
export async function sampleOf(query: Query, { from, to, ...filter }: Options): Promise<SampleRow[]> {
  const wanted = SAMPLE_ROWS
  const { spans } = await placesOf(query, filter, { from, to, wanted, lookAt: MOST_LOOKED_AT })
  if (spans.length === 0) return []
  const { where, params } = rowFilterSql(filter)
  const within = spansSql(spans)
  const rows = await query(
    `SELECT ${select(Object.keys(columns))} FROM errors AS t
     WHERE t.ts >= {from:DateTime64(3, 'UTC')} AND t.ts < {to:DateTime64(3, 'UTC')} AND (${within.sql})${where}
     ORDER BY t.ts DESC LIMIT ${SAMPLE_ROWS}`,
    { ...params, ...within.params, from: timeParam(from), to: timeParam(to) },
  )
  return z.array(sampleRow).parse(rows)
}
