import { z } from 'zod'
import { CLASSES, RETRIES, STANDINGS } from '../../contract/vocabulary.ts'
import { type Filter, filterSql } from './filter.ts'
import { isoTime } from './iso-time.ts'
import { oneSide } from './one-side.ts'
import { type Query, timeParam } from './query.ts'
import { fromPieces, pieces } from './rollup.ts'

export const codeRow = z.object({
  provider: z.string(),
  code: z.string(),
  status: z.number(),
  retry: z.enum(RETRIES),
  retryable: z.boolean(),
  standing: z.enum(STANDINGS),
  class: z.enum(CLASSES),
  count: z.number(),
  /** Of all errors of the period and filter. */
  share: z.number(),
  /** Of the hours that the period touches, over all services; consumers to about 2 %. */
  requests: z.number(),
  consumers: z.number(),
  services: z.number(),
  /** Ever, of this code. */
  first_seen: z.string(),
  last_seen: z.string(),
  /** Counts of equal parts of the period, oldest first. */
  trend: z.array(z.number()),
})
export type CodeRow = z.output<typeof codeRow>

export const TREND_POINTS = 24
const KEY = 'provider, code, status'
/** As the catalogs had it last: a code that became known within the period is one row. */
const VERDICT = 'retry, retryable, standing, class'

/** The period's codes, most frequent first. */
export async function codes(
  query: Query,
  { from, to, limit, ...filter }: { from: Date; to: Date; limit: number } & Filter,
): Promise<CodeRow[]> {
  const { where, params } = filterSql(filter)
  const width = Math.max(1, Math.ceil((to.getTime() - from.getTime()) / 1000 / TREND_POINTS))
  const list = pieces(from, to, new Date(), width * 1000)
  const { sql, params: times } = fromPieces(list, `${KEY}, ${VERDICT}, side, service`, where)
  const counted = `(SELECT ${KEY}, side, sum(count) AS errors, uniq(service) AS services,
      argMax(tuple(${VERDICT}), ts) AS verdict,
      sumMap([toUInt8(least(${TREND_POINTS - 1}, greatest(0, intDiv(toInt64(toUnixTimestamp(ts)) - {start:Int64}, {width:Int64}))))], [count]) AS trend
    FROM ${sql} GROUP BY ${KEY}, side)`
  const rows = await query(
    `SELECT ${KEY}, verdict.1 AS retry, verdict.2 AS retryable, verdict.3 AS standing, verdict.4 AS class, side,
       toUInt64(errors) AS count, errors / sum(errors) OVER () AS share, services,
       arrayMap(i -> toUInt64(if(has(trend.1, i), trend.2[indexOf(trend.1, i)], 0)), range(${TREND_POINTS})) AS trend
     FROM ${oneSide(counted, filter.side)} ORDER BY errors DESC, provider, code, status LIMIT {limit:UInt32}`,
    { ...params, ...times, start: Math.floor(from.getTime() / 1000), width, limit },
  )
  if (rows.length === 0) return []
  const page = { providers: unique(rows, 'provider'), codes: unique(rows, 'code') }
  const [seen, reach] = [await seenEver(query, page), await reached(query, from, to, page)]
  return z.array(codeRow).parse(
    rows.map((row) => ({
      ...row,
      ...(seen.get(keyOf(row, ['provider', 'code'])) ?? { first_seen: '', last_seen: '' }),
      ...(reach.get(keyOf(row, REACH_KEY)) ?? { requests: 0, consumers: 0 }),
    })),
  )
}

interface Page {
  providers: unknown[]
  codes: unknown[]
}
type Row = Record<string, unknown>

const ON_PAGE = 'provider IN {providers:Array(String)} AND code IN {codes:Array(String)}'
const REACH_KEY = ['provider', 'code', 'status', 'side']

const unique = (rows: Row[], name: string) => [...new Set(rows.map((row) => row[name]))]
const keyOf = (row: Row, names: string[]) => JSON.stringify(names.map((name) => row[name]))
const byKey = (rows: Row[], names: string[]) => new Map(rows.map((row) => [keyOf(row, names), row]))

async function seenEver(query: Query, page: Page): Promise<Map<string, Row>> {
  const rows = await query(
    `SELECT provider, code, ${isoTime('min(first_seen)')} AS first_seen, ${isoTime('max(last_seen)')} AS last_seen
     FROM codes WHERE ${ON_PAGE} GROUP BY provider, code`,
    { ...page },
  )
  return byKey(rows, ['provider', 'code'])
}

async function reached(query: Query, from: Date, to: Date, page: Page): Promise<Map<string, Row>> {
  const rows = await query(
    `SELECT provider, code, status, side, sum(requests) AS requests, uniqHLL12IfMerge(consumers) AS consumers
     FROM codes_by_hour
     WHERE ts >= toStartOfHour({from:DateTime('UTC')}) AND ts < {to:DateTime('UTC')} AND ${ON_PAGE}
     GROUP BY provider, code, status, side`,
    { ...page, from: timeParam(from).slice(0, 19), to: timeParam(to).slice(0, 19) },
  )
  return byKey(rows, REACH_KEY)
}
