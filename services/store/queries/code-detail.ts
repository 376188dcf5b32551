import { z } from 'zod'
import { CLASSES, RETRIES, SIDES, STANDINGS } from '../../contract/vocabulary.ts'
import { type Followed, followed, followUp } from './code-follow-up.ts'
import { recentOf, sampleOf, sampleSpans } from './code-sample.ts'
import { type Filter, filterSql } from './filter.ts'
import { isoTime } from './iso-time.ts'
import { ofOneSide } from './one-side.ts'
import type { Query } from './query.ts'
import { fromPieces, pieces, tableOf } from './rollup.ts'
import { TREND_SQL, trendAxis, trendOf } from './trend.ts'

// One code: counts from the rollups; of what they do not hold (route, version, consumer, SDK, what happened after) the
// newest rows speak for all.

const counts = z.array(z.object({ key: z.string(), count: z.number() }))

export const codeDetail = z.object({
  side: z.enum(SIDES).nullable().describe('Whose end of the calls is counted; null where nothing was.'),
  count: z.number(),
  retry: z.enum(RETRIES).nullable().describe('The latest verdict, as are the next three.'),
  retryable: z.boolean().nullable(),
  standing: z.enum(STANDINGS).nullable(),
  class: z.enum(CLASSES).nullable(),
  first_seen: z.string().nullable().describe('Ever.'),
  last_seen: z.string().nullable().describe('Ever.'),
  first_service: z.string().nullable(),
  first_version: z.string().nullable(),
  by: z
    .object({
      service: counts,
      environment: counts,
      status: counts,
      service_version: counts,
      route: counts,
      consumer: counts,
      sdk: counts,
    })
    .describe('The most frequent values; version, route, consumer and SDK as `sampled` says.'),
  sampled: z
    .object({ rows: z.number(), of: z.number(), since: z.string().nullable() })
    .describe('How many of the newest rows spoke for version, route, consumer, SDK and what happened after.'),
  trend: z.array(z.number()),
  after: followed,
  recent: z
    .array(
      z.object({
        ts: z.string(),
        request_id: z.string(),
        trace_id: z.string(),
        service: z.string(),
        status: z.number(),
        attempt: z.number(),
      }),
    )
    .describe('The newest rows that have an id to look them up by.'),
})
export type CodeDetail = z.output<typeof codeDetail>

const groupRow = z.object({
  provider: z.string(),
  side: z.enum(SIDES),
  service: z.string(),
  environment: z.string(),
  status: z.number(),
  n: z.number(),
  last: z.number(),
  verdict: z.tuple([z.enum(RETRIES), z.boolean(), z.enum(STANDINGS), z.enum(CLASSES)]),
  trend: z.tuple([z.array(z.number()), z.array(z.number())]),
})
/** Of services, environments and statuses that one code came with. */
const MOST_GROUPS = 5_000
const MOST_VALUES = 20

interface Options extends Pick<Filter, 'service' | 'environment' | 'side'> {
  from: Date
  to: Date
  provider: string
  code: string
}

export async function codeDetailOf(query: Query, { from, to, ...filter }: Options): Promise<CodeDetail> {
  const axis = trendAxis(from, to)
  const { where, params } = filterSql(filter)
  const columns = 'provider, side, service, environment, status, retry, retryable, standing, class, count'
  const source = fromPieces(
    pieces(from, to, new Date(), axis.step * 1000),
    (level) => tableOf(false, level),
    columns,
    where,
  )
  const [groups, ever, spansOfBoth] = await Promise.all([
    query(
      `SELECT provider, side, service, environment, status, toUInt64(sum(count)) AS n, toUnixTimestamp(max(ts)) AS last,
         argMax(tuple(retry, retryable, standing, class), ts) AS verdict, ${TREND_SQL} AS trend
       FROM ${source.sql} GROUP BY provider, side, service, environment, status ORDER BY n DESC LIMIT ${MOST_GROUPS}`,
      { ...params, ...source.params, ...axis },
    ),
    everSeen(query, filter),
    sampleSpans(query, { ...filter, from, to }),
  ])
  const all = z.array(groupRow).parse(groups)
  const rows = ofOneSide(all, filter.side)
  const count = rows.reduce((sum, { n }) => sum + n, 0)
  const side = rows[0]?.side ?? null
  const newest = rows.toSorted((a, b) => b.last - a.last)[0]
  const [retry, retryable, standing, class_] = newest?.verdict ?? [null, null, null, null]

  const ofSide = { ...filter, side: side ?? undefined, from, to }
  // Where both ends report, the newest rows may be the other one's.
  const spans = rows.length === all.length ? spansOfBoth : await sampleSpans(query, ofSide)
  const [sample, recent] = await Promise.all([sampleOf(query, ofSide, spans), recentOf(query, ofSide, spans)])
  const after: Followed = await followUp(query, sample)
  return {
    side,
    count,
    ...{ retry, retryable, standing, class: class_ },
    ...ever,
    by: {
      service: tally(
        rows,
        ({ service }) => service,
        ({ n }) => n,
      ),
      environment: tally(
        rows,
        ({ environment }) => environment,
        ({ n }) => n,
      ),
      status: tally(
        rows,
        ({ status }) => String(status),
        ({ n }) => n,
      ),
      service_version: tally(sample, (row) => row.service_version),
      route: tally(sample, (row) => row.route),
      consumer: tally(sample, (row) => row.consumer),
      sdk: tally(sample, (row) => row.sdk),
    },
    sampled: { rows: sample.length, of: count, since: sample.at(-1)?.ts ?? null },
    trend: sum(
      rows.map(({ trend }) => trendOf(trend, axis)),
      axis.points,
    ),
    after,
    recent,
  }
}

const everRow = z.object({
  first_seen: z.string(),
  last_seen: z.string(),
  first_service: z.string(),
  first_version: z.string(),
})
const NEVER = { first_seen: null, last_seen: null, first_service: null, first_version: null }

async function everSeen(query: Query, { provider, code }: { provider: string; code: string }) {
  const rows = await query(
    `SELECT ${isoTime('min(first_seen)')} AS first_seen, ${isoTime('max(last_seen)')} AS last_seen,
       argMinMerge(first_service) AS first_service, argMinMerge(first_version) AS first_version
     FROM codes WHERE provider = {provider:String} AND code = {code:String} GROUP BY provider, code`,
    { provider, code },
  )
  return z.array(everRow).parse(rows)[0] ?? NEVER
}

/** How often each value, the most frequent first. */
function tally<Row>(rows: Row[], keyOf: (row: Row) => string, weight: (row: Row) => number = () => 1) {
  const found = new Map<string, number>()
  for (const row of rows) found.set(keyOf(row), (found.get(keyOf(row)) ?? 0) + weight(row))
  return [...found]
    .map(([key, count]) => ({ key, count }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
    .slice(0, MOST_VALUES)
}

const sum = (trends: number[][], points: number): number[] =>
  Array.from({ length: points }, (_, i) => trends.reduce((total, trend) => total + trend[i]!, 0))
