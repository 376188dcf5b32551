import { z } from 'zod'
import type { Side } from '../../contract/vocabulary.ts'
import type { Filter } from './filter.ts'
import type { Span } from './newest-minutes.ts'
import { type Query, timeParam } from './query.ts'
import { select, shared } from './row-columns.ts'
import { rowFilterSql } from './row-filter.ts'
import { MOST_LOOKED_AT, placesOf, spansSql } from './row-places.ts'

// The newest rows of a code, for what no rollup holds.

const sampleRow = z.object(shared).pick({
  ts: true,
  status: true,
  service: true,
  service_version: true,
  route: true,
  method: true,
  trace_id: true,
  call_id: true,
  attempt: true,
  consumer: true,
  sdk: true,
  provider: true,
  side: true,
})
export type SampleRow = z.output<typeof sampleRow>

/** Request ids take as long to read as all the others together, and few of them are asked for. */
const recentRow = z
  .object(shared)
  .pick({ ts: true, request_id: true, trace_id: true, service: true, status: true, attempt: true })
export type RecentRow = z.output<typeof recentRow>

/** Enough to tell shares of a few per cent; read in some ten milliseconds. */
const SAMPLE_ROWS = 500
const RECENT_ROWS = 10
/** Of the time that the sample lies in, this much has nearly always those few. */
const RECENT_PART = 1 / 5

interface Options extends Pick<Filter, 'service' | 'environment'> {
  provider: string
  code: string
  side?: Side | undefined
  from: Date
  to: Date
}

/** Where the newest rows of a code are. */
export async function sampleSpans(query: Query, { from, to, ...filter }: Options): Promise<Span[]> {
  const { spans } = await placesOf(query, filter, { from, to, wanted: SAMPLE_ROWS, lookAt: MOST_LOOKED_AT })
  return spans
}

export async function sampleOf(query: Query, options: Options, spans: Span[]): Promise<SampleRow[]> {
  const rows = await newestWithin(query, options, spans, Object.keys(sampleRow.shape), 'true', SAMPLE_ROWS)
  return z.array(sampleRow).parse(rows)
}

/** Those that have an id to look them up by. */
export async function recentOf(query: Query, options: Options, spans: Span[]): Promise<RecentRow[]> {
  const hasId = "(t.request_id != '' OR t.trace_id != toFixedString('', 16))"
  const within = async (some: Span[]) =>
    z
      .array(recentRow)
      .parse(await newestWithin(query, options, some, Object.keys(recentRow.shape), hasId, RECENT_ROWS))
  const newest = spans.slice(0, Math.ceil(spans.length * RECENT_PART))
  const found = await within(newest)
  return found.length === RECENT_ROWS || newest.length === spans.length ? found : within(spans)
}

async function newestWithin(
  query: Query,
  { from, to, ...filter }: Options,
  spans: Span[],
  columns: string[],
  condition: string,
  most: number,
) {
  if (spans.length === 0) return []
  const { where, params } = rowFilterSql(filter)
  const within = spansSql(spans)
  return query(
    `SELECT ${select(columns)} FROM errors AS t
     PREWHERE t.ts >= {from:DateTime64(3, 'UTC')} AND t.ts < {to:DateTime64(3, 'UTC')} AND (${within.sql})${where}
     WHERE ${condition} ORDER BY toDateTime(t.ts) DESC, t.ts DESC LIMIT ${most}`,
    { ...params, ...within.params, from: timeParam(from), to: timeParam(to) },
  )
}
