import { z } from 'zod'
import type { Side } from '../../contract/vocabulary.ts'
import type { Filter } from './filter.ts'
import { type Query, timeParam } from './query.ts'
import { select, shared } from './row-columns.ts'
import { rowFilterSql } from './row-filter.ts'
import { MOST_LOOKED_AT, placesOf, spansSql } from './row-places.ts'

const sampleRow = z.object(shared).pick({
  ts: true,
  status: true,
  service: true,
  service_version: true,
  route: true,
  method: true,
  request_id: true,
  trace_id: true,
  call_id: true,
  attempt: true,
  consumer: true,
  sdk: true,
  provider: true,
  side: true,
})
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
    `SELECT ${select(Object.keys(sampleRow.shape))} FROM errors AS t
     WHERE t.ts >= {from:DateTime64(3, 'UTC')} AND t.ts < {to:DateTime64(3, 'UTC')} AND (${within.sql})${where}
     ORDER BY t.ts DESC LIMIT ${SAMPLE_ROWS}`,
    { ...params, ...within.params, from: timeParam(from), to: timeParam(to) },
  )
  return z.array(sampleRow).parse(rows)
}
