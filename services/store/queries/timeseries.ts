import { z } from 'zod'
import { type Filter, filterSql } from './filter.ts'
import { oneSide } from './one-side.ts'
import type { Query } from './query.ts'
import { isNarrow, tableOf, timeBound, timeType } from './rollup.ts'

export const SERIES_BY = [
  'code',
  'status',
  'retry',
  'retryable',
  'standing',
  'class',
  'service',
  'provider',
] as const
export type SeriesBy = (typeof SERIES_BY)[number]

export const series = z.object({
  key: z.string(),
  points: z
    .array(z.tuple([z.number(), z.number()]))
    .describe('Start of each step as Unix seconds, and the count; every step of the period is there.'),
})
export type Series = z.output<typeof series>

/** How long the steps of the rollups are, in seconds. */
const LEVELS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const
/** Steps that people read easily. */
const STEPS = [10, 30, 60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800]
const AIMED_POINTS = 120
export const MOST_POINTS = 5_000
/** More lines than that nobody can tell apart: the largest get their own. */
const MOST_SERIES = 50

export function stepFor(from: Date, to: Date): number {
  const seconds = (to.getTime() - from.getTime()) / 1000
  // Steps that a rollup has read a fraction of the rows of those that it has not.
  const finest = seconds > 6 * 3_600 ? 3_600 : 10
  return STEPS.find((step) => step >= finest && seconds / step <= AIMED_POINTS) ?? STEPS.at(-1)!
}

const seriesRow = z.object({ key: z.string(), at: z.array(z.number()), counts: z.array(z.number()) })

/** Counts over time, one series a value of `by`, zero-filled, the largest first. The step is in seconds, 10 or more. */
export async function timeseries(
  query: Query,
  { by, from, to, step, ...filter }: { by: SeriesBy; from: Date; to: Date; step: number } & Filter,
): Promise<Series[]> {
  const start = Math.floor(from.getTime() / 1000 / step) * step
  const end = Math.ceil(to.getTime() / 1000 / step) * step
  const [, level] = LEVELS.find(([seconds]) => step % seconds === 0) ?? [10, '10s' as const]
  const narrow = by !== 'service' && isNarrow(filter)
  const table = level === '10s' ? 'errors_by_10s' : tableOf(narrow, level)
  const { where, params } = filterSql(filter)
  const type = timeType(level)
  const counted = `(SELECT toString(${by}) AS key, provider, side,
      intDiv(toInt64(toUnixTimestamp(toDateTime(ts, 'UTC'))), {step:Int64}) * {step:Int64} AS at, sum(count) AS errors
    FROM ${table} WHERE ts >= {start:${type}} AND ts < {end:${type}}${where} GROUP BY key, provider, side, at)`
  const rows = await query(
    `SELECT key, groupArray(time) AS at, groupArray(n) AS counts
     FROM (SELECT key, toInt64(at) AS time, toUInt64(sum(errors)) AS n FROM ${oneSide(counted, filter.side)} GROUP BY key, time)
     GROUP BY key ORDER BY arraySum(counts) DESC, key LIMIT ${MOST_SERIES}`,
    { ...params, step, start: timeBound(level, start * 1000), end: timeBound(level, end * 1000) },
  )
  return z
    .array(seriesRow)
    .parse(rows)
    .map(({ key, at, counts }) => {
      const known = new Map(at.map((time, i) => [time, counts[i]!]))
      const points: [number, number][] = []
      for (let time = start; time < end; time += step) points.push([time, known.get(time) ?? 0])
      return { key, points }
    })
}
