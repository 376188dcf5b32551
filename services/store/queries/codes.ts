import { z } from 'zod'
import { CLASSES, RETRIES, STANDINGS } from '../../contract/vocabulary.ts'
import { type Filter, filterSql } from './filter.ts'
import { isoTime } from './iso-time.ts'
import { oneSide } from './one-side.ts'
import type { Query } from './query.ts'
import { fromPieces, isNarrow, pieces } from './rollup.ts'

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
  /** Counts by steps that begin at full minutes, hours or days, oldest first; the outermost may be cut short. */
  trend: z.array(z.number()),
})
export type CodeRow = z.output<typeof codeRow>

/** Steps of a trend, in seconds: of a minute, an hour or a day, or so many of them that they begin with one. */
const TREND_STEPS = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400]
const MOST_TREND_POINTS = 24
const DAY_SECONDS = 86_400

function trendStep(seconds: number): number {
  const step = TREND_STEPS.find((one) => seconds / one <= MOST_TREND_POINTS)
  return step ?? Math.ceil(seconds / DAY_SECONDS / MOST_TREND_POINTS) * DAY_SECONDS
}

const KEY = 'provider, code, status'
const VERDICT = 'retry, retryable, standing, class'

/** The period's codes, most frequent first. */
export async function codes(
  query: Query,
  { from, to, limit, ...filter }: { from: Date; to: Date; limit: number } & Filter,
): Promise<CodeRow[]> {
  const narrow = isNarrow(filter)
  const { where, params } = filterSql(filter)
  const step = trendStep((to.getTime() - from.getTime()) / 1000)
  const first = Math.floor(from.getTime() / 1000 / step)
  const points = Math.ceil(to.getTime() / 1000 / step) - first
  const list = pieces(from, to, new Date(), step * 1000)
  const columns = `${KEY}, ${VERDICT}, side${narrow ? '' : ', service'}`
  const { sql, params: times } = fromPieces(list, narrow, columns, where)
  const at = `least({points:Int64} - 1, greatest(0, intDiv(toInt64(toUnixTimestamp(ts)), {step:Int64}) - {first:Int64}))`
  const counted = `(SELECT ${KEY}, side, sum(count) AS errors, ${narrow ? '0' : 'uniq(service)'} AS services,
      argMax(tuple(${VERDICT}), ts) AS verdict, sumMap([${at}], [count]) AS trend
    FROM ${sql} GROUP BY ${KEY}, side)`
  const rows = await query(
    `SELECT ${KEY}, verdict.1 AS retry, verdict.2 AS retryable, verdict.3 AS standing, verdict.4 AS class, side,
       toUInt64(errors) AS count, errors / sum(errors) OVER () AS share, services,
       trend.1 AS times, trend.2 AS counts
     FROM ${oneSide(counted, filter.side)} ORDER BY errors DESC, ${KEY} LIMIT {limit:UInt32}`,
    { ...params, ...times, first, step, points, limit },
  )
  if (rows.length === 0) return []
  const page = Object.fromEntries(PAGE.map((name) => [name, rows.map((row) => row[name])]))
  const seen = byKey(await seenEver(query, page), SEEN_KEY)
  const reach = byKey(await reached(query, from, to, page), REACH_KEY)
  return z.array(codeRow).parse(
    rows.map((row) => {
      const { requests = 0, consumers = 0, services = 0 } = reach.get(keyOf(row, REACH_KEY)) ?? {}
      // The hours at both ends reach beyond the period.
      const atMost = (reached: unknown) => Math.min(Number(reached), Number(row.count))
      return {
        ...row,
        requests: atMost(requests),
        consumers: atMost(consumers),
        services: narrow ? atMost(services) : row.services,
        ...(seen.get(keyOf(row, SEEN_KEY)) ?? { first_seen: '', last_seen: '' }),
        trend: trendOf(row, points),
      }
    }),
  )
}

type Row = Record<string, unknown>

function trendOf(row: Row, points: number): number[] {
  const trend = new Array<number>(points).fill(0)
  const counts = row.counts as number[]
  for (const [i, at] of (row.times as number[]).entries()) trend[at] = counts[i]!
  return trend
}

const SEEN_KEY = ['provider', 'code']
const REACH_KEY = ['provider', 'code', 'status', 'side']
const PAGE = REACH_KEY
const keyOf = (row: Row, names: string[]) => JSON.stringify(names.map((name) => row[name]))
const byKey = (rows: Row[], names: string[]) => new Map(rows.map((row) => [keyOf(row, names), row]))

/** The codes on the page and no others, in a way that the primary index understands. */
const ON_PAGE = (columns: string) =>
  `(${columns}) IN (SELECT DISTINCT arrayJoin(arrayZip({provider:Array(String)}, {code:Array(String)}${columns.includes('status') ? ', {status:Array(UInt16)}' : ''})))`

const seenEver = (query: Query, page: Row): Promise<Row[]> =>
  query(
    `SELECT provider, code, ${isoTime('min(first_seen)')} AS first_seen, ${isoTime('max(last_seen)')} AS last_seen
     FROM codes WHERE ${ON_PAGE('provider, code')} GROUP BY provider, code`,
    page,
  )

/** How far the codes reached in the hours that the period touches; in whole days where there are such. */
async function reached(query: Query, from: Date, to: Date, page: Row): Promise<Row[]> {
  const list = pieces(
    new Date(Math.floor(from.getTime() / HOUR_MS) * HOUR_MS),
    new Date(Math.ceil(to.getTime() / HOUR_MS) * HOUR_MS),
    new Date(),
    DAY_SECONDS * 1000,
  )
  const { sql, params } = fromPieces(
    list,
    true,
    `${KEY}, side, services, requests, consumers`,
    ` AND ${ON_PAGE(KEY)}`,
  )
  return query(
    `SELECT ${KEY}, side, length(groupUniqArrayArray(services)) AS services, sum(requests) AS requests,
       uniqHLL12IfMerge(consumers) AS consumers
     FROM ${sql} GROUP BY ${KEY}, side`,
    { ...page, ...params },
  )
}
const HOUR_MS = 3_600_000
