import { z } from 'zod'
import { type Filter, filterSql } from './filter.ts'
import { largest } from './largest.ts'
import { oneSide } from './one-side.ts'
import type { Query } from './query.ts'
import { isNarrow, tableOf } from './rollup.ts'
import { everyStep, rangeParams, STEP_SQL, stepRange, withinRange } from './step-range.ts'

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
type SeriesBy = (typeof SERIES_BY)[number]

export const series = z.object({
  key: z.string(),
  points: z
    .array(z.tuple([z.number(), z.number()]))
    .describe('Start of each step as Unix seconds, and the count; every step of the period is there.'),
  compare: z
    .array(z.tuple([z.number(), z.number()]))
    .optional()
    .describe('The counts of the earlier period, at the times of this one; only where it was asked for.'),
})
export type Series = z.output<typeof series>

/** Steps that people read easily. */
const STEPS = [10, 30, 60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800]
const AIMED_POINTS = 120
export const MOST_POINTS = 5_000
/** More lines than that nobody can tell apart: the largest get their own. */
export const MOST_SERIES = 50

export function stepFor(from: Date, to: Date): number {
  const seconds = (to.getTime() - from.getTime()) / 1000
  // Steps that a rollup has read a fraction of the rows of those that it has not.
  const finest = seconds > 6 * 3_600 ? 3_600 : 10
  return STEPS.find((step) => step >= finest && seconds / step <= AIMED_POINTS) ?? STEPS.at(-1)!
}

const seriesRow = z.object({ key: z.string(), points: z.array(z.tuple([z.number(), z.number()])) })

interface Options extends Filter {
  by: SeriesBy
  from: Date
  to: Date
  /** Seconds, 10 or a multiple. */
  step: number
  /** So many get a line of their own. */
  series?: number
  /** Seconds; the same counts so much earlier come along. A multiple of the step. */
  earlier?: number
}

/** Counts over time, one series a value of `by`, zero-filled, the largest first and the rest as one. */
export async function timeseries(query: Query, options: Options): Promise<Series[]> {
  const { from, to, earlier, series = MOST_SERIES, ...asked } = options
  const now = await countsOf(query, { ...asked, from, to }, series)
  if (earlier === undefined) return now.map(({ key, points }) => ({ key, points }))

  const shift = (time: Date) => new Date(time.getTime() - earlier * 1000)
  const keys = now.map(({ key }) => key)
  const then = await countsOf(query, { ...asked, from: shift(from), to: shift(to) }, keys)
  const shifted = new Map(
    then.map(({ key, points }) => [key, points.map(([time, n]): [number, number] => [time + earlier, n])]),
  )
  const nothing = (now[0] ?? then[0])?.points.map(([time]): [number, number] => [time, 0]) ?? []
  // What has gone quiet since is worth a line too.
  const gone = then.filter(({ key }) => !keys.includes(key))
  return [
    ...now.map(({ key, points }) => ({ key, points, compare: shifted.get(key) ?? nothing })),
    ...gone.map(({ key }) => ({
      key,
      points: shifted.get(key)!.map(([time]): [number, number] => [time, 0]),
      compare: shifted.get(key)!,
    })),
  ]
}

async function countsOf(
  query: Query,
  { by, from, to, step, ...filter }: Omit<Options, 'series' | 'earlier'>,
  stay: number | string[],
): Promise<{ key: string; points: [number, number][] }[]> {
  const range = stepRange(from, to, step)
  const narrow = by !== 'service' && isNarrow(filter)
  const table = range.level === '10s' ? 'errors_by_10s' : tableOf(narrow, range.level)
  const { where, params } = filterSql(filter)
  const counted = `(SELECT toString(${by}) AS key, provider, side,
      ${STEP_SQL} AS time, sum(count) AS errors
    FROM ${table} AS t WHERE ${withinRange(range)}${where} GROUP BY key, provider, side, time)`
  const merged = `(SELECT key, time, sum(errors) AS errors FROM ${oneSide(counted, filter.side)} GROUP BY key, time)`
  const listed = typeof stay !== 'number'
  const rows = await query(largest(merged, ['errors'], 'errors', listed ? 'keys' : stay), {
    ...params,
    ...(listed && { keys: stay }),
    ...rangeParams(range),
  })
  return z
    .array(seriesRow)
    .parse(rows)
    .map(({ key, points }) => ({ key, points: everyStep(range, new Map(points), 0) }))
}
