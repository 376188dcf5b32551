import { timeBound, timeType } from './rollup.ts'

/** How long the steps of the rollups are, in seconds. */
const LEVELS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const
type StepLevel = (typeof LEVELS)[number][1] | '10s'

export interface StepRange {
  /** Unix seconds, both at full steps. */
  start: number
  end: number
  step: number
  /** The coarsest rollup that has the step. */
  level: StepLevel
}

/** The full steps that a period touches; the step is in seconds, 10 or a multiple. */
export const stepRange = (from: Date, to: Date, step: number): StepRange => ({
  start: Math.floor(from.getTime() / 1000 / step) * step,
  end: Math.ceil(to.getTime() / 1000 / step) * step,
  step,
  level: LEVELS.find(([seconds]) => step % seconds === 0)?.[1] ?? '10s',
})

/** The start of a row's step; takes the parameters of the range. */
export const STEP_SQL =
  "intDiv(toInt64(toUnixTimestamp(toDateTime(t.ts, 'UTC'))), {step:Int64}) * {step:Int64}"

export const withinRange = ({ level }: StepRange): string =>
  `t.ts >= {start:${timeType(level)}} AND t.ts < {end:${timeType(level)}}`

export const rangeParams = ({ level, start, end, step }: StepRange) => ({
  step,
  start: timeBound(level, start * 1000),
  end: timeBound(level, end * 1000),
})

/** A value for every step of the range: what is known, else nothing. */
export function everyStep<T>(
  { start, end, step }: StepRange,
  known: Map<number, T>,
  nothing: T,
): [number, T][] {
  const points: [number, T][] = []
  for (let time = start; time < end; time += step) points.push([time, known.get(time) ?? nothing])
  return points
}
