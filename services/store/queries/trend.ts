// A few counts over a period, to see at a glance which way it goes.

/** Steps of a trend, in seconds: of a minute, an hour or a day, or so many of them that they begin with one. */
const STEPS = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400]
const MOST_POINTS = 24
const DAY_SECONDS = 86_400

export interface TrendAxis {
  /** Seconds. */
  step: number
  /** The first step's number since 1970. */
  first: number
  points: number
}

export function trendAxis(from: Date, to: Date): TrendAxis {
  const seconds = (to.getTime() - from.getTime()) / 1000
  const step =
    STEPS.find((one) => seconds / one <= MOST_POINTS) ??
    Math.ceil(seconds / DAY_SECONDS / MOST_POINTS) * DAY_SECONDS
  const first = Math.floor(from.getTime() / 1000 / step)
  return { step, first, points: Math.ceil(to.getTime() / 1000 / step) - first }
}

/** Aggregates `ts` and `count` into places on the axis and their counts; takes the axis as parameters. */
export const TREND_SQL =
  'sumMap([least({points:Int64} - 1, greatest(0, intDiv(toInt64(toUnixTimestamp(ts)), {step:Int64}) - {first:Int64}))], [count])'

/** A count for every place. */
export function trendOf([places, counts]: [number[], number[]], { points }: TrendAxis): number[] {
  const trend = new Array<number>(points).fill(0)
  for (const [i, place] of places.entries()) trend[place] = counts[i]!
  return trend
}
