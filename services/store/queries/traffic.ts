import { z } from 'zod'
import type { SIDES, STATUS_CLASSES } from '../../contract/vocabulary.ts'
import { largest } from './largest.ts'
import { oneSide } from './one-side.ts'
import type { Query } from './query.ts'
import { everyStep, rangeParams, STEP_SQL, stepRange, withinRange } from './step-range.ts'

export const TRAFFIC_BY = ['provider', 'service', 'side', 'route', 'status_class', 'environment'] as const
type TrafficBy = (typeof TRAFFIC_BY)[number]

export const trafficSeries = z.object({
  key: z.string(),
  calls: z.number(),
  errors: z.number(),
  error_rate: z.number().nullable().describe('Errors of all calls.'),
  retries: z.number(),
  logical_calls: z.number().describe('Calls without their retries.'),
  amplification: z.number().nullable().describe('Calls sent for each logical one; null where there is none.'),
  points: z
    .array(z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]))
    .describe(
      'Start of each step as Unix seconds, calls, errors, retries, logical calls; every step of the period is there.',
    ),
})
export type TrafficSeries = z.output<typeof trafficSeries>

interface TrafficFilter {
  provider?: string
  service?: string
  environment?: string
  route?: string
  side?: (typeof SIDES)[number]
  status_class?: (typeof STATUS_CLASSES)[number]
}
const FILTERS = ['provider', 'service', 'environment', 'route', 'side', 'status_class'] as const
const VALUES = ['calls', 'errors', 'retries', 'logical_calls']
const seriesRow = z.object({
  key: z.string(),
  points: z.array(z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()])),
})

interface Options extends TrafficFilter {
  by: TrafficBy
  from: Date
  to: Date
  step: number
  series: number
}

/** All calls, failed or not, one series a value of `by`, zero-filled, the largest first and the rest as one. */
export async function traffic(
  query: Query,
  { by, from, to, step, series, ...filter }: Options,
): Promise<TrafficSeries[]> {
  const range = stepRange(from, to, step)
  const asked = FILTERS.filter((name) => filter[name] !== undefined)
  const where = asked.map((name) => ` AND ${name} = {${name}:String}`).join('')
  const sums = VALUES.map((name) => `sum(t.${name}) AS ${name}`).join(', ')
  const counted = `(SELECT toString(${by}) AS key, provider, side,
      ${STEP_SQL} AS time, ${sums}
    FROM traffic_by_${range.level} AS t WHERE ${withinRange(range)}${where}
    GROUP BY key, provider, side, time)`
  // Told apart by side, both sides are wanted.
  const chosen = by === 'side' ? counted : oneSide(counted, filter.side)
  const merged = `(SELECT key, time, ${VALUES.map((name) => `sum(${name}) AS ${name}`).join(', ')} FROM ${chosen} GROUP BY key, time)`
  const rows = await query(largest(merged, VALUES, 'calls', series), {
    ...Object.fromEntries(asked.map((name) => [name, filter[name]])),
    ...rangeParams(range),
  })
  return z
    .array(seriesRow)
    .parse(rows)
    .map(({ key, points }) => {
      const sum = (column: number) => points.reduce((total, point) => total + point[column]!, 0)
      const [calls, errors, retries, logical] = [sum(1), sum(2), sum(3), sum(4)]
      const known = new Map(points.map((point) => [point[0], point]))
      return {
        key,
        calls,
        errors,
        error_rate: calls === 0 ? null : errors / calls,
        retries,
        logical_calls: logical,
        amplification: logical === 0 ? null : calls / logical,
        points: everyStep(range, known, null).map(([time, point]) => point ?? [time, 0, 0, 0, 0]),
      }
    })
}
