import type { Filter } from './filter.ts'
import { timeParam } from './query.ts'

// Counts of a period come from the coarsest rollups that fit into it: whole days and hours from theirs, what is left
// at the ends by the minute. So the answer is exact to the minute and reads few rows however long the period is.

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

export type Level = 'minute' | 'hour' | 'day'

export interface Piece {
  level: Level
  from: number
  to: number
}

const LEVELS: [Level, number][] = [
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
]

const floor = (time: number, step: number) => Math.floor(time / step) * step
const ceil = (time: number, step: number) => Math.ceil(time / step) * step

/** Cuts [from, to) into rollups' pieces, oldest first, each of steps that fit into `step` ms. */
export function pieces(from: Date, to: Date, now: Date, step: number): Piece[] {
  // What comes after now is hardly there, and the hour that is running is all in its rollup already.
  const end = to < now ? ceil(to.getTime(), MINUTE) : ceil(now.getTime(), HOUR)
  return cut(
    floor(from.getTime(), MINUTE),
    end,
    LEVELS.filter(([level, width]) => level === 'minute' || step % width === 0),
  )
}

function cut(from: number, to: number, [first, ...finer]: [Level, number][]): Piece[] {
  if (from >= to || first === undefined) return []
  const [level, step] = first
  const inner = { level, from: ceil(from, step), to: floor(to, step) }
  if (inner.from >= inner.to) return cut(from, to, finer)
  return [...cut(from, inner.from, finer), inner, ...cut(inner.to, to, finer)]
}

/** Whose rows to count: those of codes alone are a fraction of those that tell services and environments apart. */
export const isNarrow = ({ service, environment }: Filter): boolean =>
  service === undefined && environment === undefined

export const tableOf = (narrow: boolean, level: Level): string => {
  if (!narrow) return `errors_by_${level}`
  return level === 'day' ? 'codes' : `codes_by_${level}`
}

/** Tables by day carry a Date: their pieces end at midnights, so nothing is lost. */
export const timeType = (level: string): string => (level === 'day' ? 'Date' : "DateTime('UTC')")
export const timeBound = (level: string, time: number): string =>
  timeParam(new Date(time)).slice(0, level === 'day' ? 10 : 19)

/** The rows of the pieces as one subquery with `ts` and these columns. Each table is read once. */
export function fromPieces(
  list: Piece[],
  table: (level: Level) => string,
  columns: string,
  where: string,
): { sql: string; params: Record<string, unknown> } {
  const params: Record<string, unknown> = {}
  const ranges = new Map<Level, string[]>()
  for (const [i, { level, from, to }] of list.entries()) {
    const type = timeType(level)
    params[`from${i}`] = timeBound(level, from)
    params[`to${i}`] = timeBound(level, to)
    const range = `t.ts >= {from${i}:${type}} AND t.ts < {to${i}:${type}}`
    ranges.set(level, [...(ranges.get(level) ?? []), range])
  }
  const parts = [...ranges].map(
    ([level, within]) =>
      `SELECT toDateTime(t.ts, 'UTC') AS ts, ${columns} FROM ${table(level)} AS t
       WHERE (${within.join(' OR ')})${where}`,
  )
  return { sql: `(${parts.join(' UNION ALL ')})`, params }
}
