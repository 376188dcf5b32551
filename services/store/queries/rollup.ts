import { timeParam } from './query.ts'

// Counts of a period come from the coarsest rollups that fit into it: whole days and hours from theirs, what is left
// at the ends by the minute. So the answer is exact to the minute and reads few rows however long the period is.

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

export interface Piece {
  table: 'errors_by_minute' | 'errors_by_hour' | 'errors_by_day'
  from: number
  to: number
}

const ROLLUPS: [Piece['table'], number][] = [
  ['errors_by_day', DAY],
  ['errors_by_hour', HOUR],
  ['errors_by_minute', MINUTE],
]

const floor = (time: number, step: number) => Math.floor(time / step) * step
const ceil = (time: number, step: number) => Math.ceil(time / step) * step

/** Cuts [from, to) into rollups' pieces, oldest first, none of them with steps longer than `widest` ms. */
export function pieces(from: Date, to: Date, now: Date, widest: number): Piece[] {
  // What comes after now is hardly there, and the hour that is running is all in its rollup already.
  const end = to < now ? ceil(to.getTime(), MINUTE) : ceil(now.getTime(), HOUR)
  return cut(floor(from.getTime(), MINUTE), end, widest >= DAY ? ROLLUPS : ROLLUPS.slice(1))
}

function cut(from: number, to: number, [level, ...finer]: [Piece['table'], number][]): Piece[] {
  if (from >= to || level === undefined) return []
  const [table, step] = level
  const inner = { table, from: ceil(from, step), to: floor(to, step) }
  if (inner.from >= inner.to) return cut(from, to, finer)
  return [...cut(from, inner.from, finer), inner, ...cut(inner.to, to, finer)]
}

/** The rows of the pieces as one subquery with these columns; every row has `ts` and `count`. */
export function fromPieces(
  list: Piece[],
  columns: string,
  where: string,
): { sql: string; params: Record<string, unknown> } {
  const params: Record<string, unknown> = {}
  const parts = list.map(({ table, from, to }, i) => {
    // Rollups by day carry a Date: both ends are midnights, so nothing is lost.
    const type = table === 'errors_by_day' ? 'Date' : "DateTime('UTC')"
    const bound = (time: number) => timeParam(new Date(time)).slice(0, table === 'errors_by_day' ? 10 : 19)
    params[`from${i}`] = bound(from)
    params[`to${i}`] = bound(to)
    return `SELECT toDateTime(ts, 'UTC') AS ts, ${columns}, count FROM ${table} WHERE ts >= {from${i}:${type}} AND ts < {to${i}:${type}}${where}`
  })
  return { sql: `(${parts.join(' UNION ALL ')})`, params }
}
