import { z } from 'zod'
import { EXACT } from './filter.ts'
import { hash } from './lookup.ts'
import { newestMinutes, reachBack, type Span } from './newest-minutes.ts'
import type { Query } from './query.ts'
import { timeBound } from './rollup.ts'
import type { RowFilter } from './row-filter.ts'

// Rows are stored in order of time alone. Where those of a filter lie is known by the rollups and by the index of ids;
// of what neither knows, one page looks through so many rows and the next one goes on.

/** The store's times end in 2262. */
const LAST_SECOND = 9_214_646_400
/** A time that has no fraction was never a row's. */
const WHOLE_SECOND = '2026-11-21 14:00:00'.length
const secondOf = (ts: string): number => Date.parse(`${ts.slice(0, 19).replace(' ', 'T')}Z`) / 1000

/** The last row that was read, or where reading stopped: older ones come next. */
export const errorPosition = z.object({
  ts: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})?$/)
    .refine((text) => secondOf(text) >= 0 && secondOf(text) < LAST_SECOND),
  origin: z.string(),
  origin_offset: z.int().nonnegative(),
  origin_index: z.int().nonnegative(),
})
export type ErrorPosition = z.output<typeof errorPosition>

/** An id that is everywhere is read this many seconds at a time. */
const MOST_SECONDS = 200
/** What one page may have the engine look at; some tens of milliseconds. */
export const MOST_LOOKED_AT = 1_000_000

/** Where to look, newest first, and where to go on looking after that. */
export async function placesOf(
  query: Query,
  filter: RowFilter,
  { from, to, wanted, lookAt }: { from: Date; to: Date; wanted: number; lookAt: number },
): Promise<{ spans: Span[]; rest: ErrorPosition | null }> {
  const [start, end] = [Math.floor(from.getTime() / 1000), Math.ceil(to.getTime() / 1000)]
  const names = Object.keys(filter).filter((name) => filter[name as keyof RowFilter] !== undefined)

  const ids = Object.values(IDS).flatMap(({ name, hashed }) => (filter[name] === undefined ? [] : [hashed]))
  if (ids.length > 0) return placesOfIds(query, filter, ids[0]!, start, end)

  if (names.length > 0 && names.every((name) => name in EXACT)) {
    const { spans, complete } = await newestMinutes(query, filter, { from, to }, wanted)
    return { spans, rest: complete ? null : positionBefore(spans.at(-1)!.from) }
  }
  // Any row will do, or each has to be looked at.
  const since = await reachBack(query, from, to, names.length === 0 ? wanted : lookAt)
  if (since <= from) return { spans: [{ from: start, to: end }], rest: null }
  const oldest = Math.floor(since.getTime() / 1000)
  return { spans: [{ from: oldest, to: end }], rest: positionBefore(oldest) }
}

const IDS = [
  { name: 'request_id', hashed: hash('{request_id:String}') },
  { name: 'trace_id', hashed: hash('unhex({trace_id:String})') },
  { name: 'call_id', hashed: hash('{call_id:String}') },
] as const

/** The index of ids has the seconds. */
async function placesOfIds(query: Query, filter: RowFilter, hashed: string, start: number, end: number) {
  const rows = await query(
    `SELECT DISTINCT toUnixTimestamp(ts) AS at FROM requests
     WHERE h = ${hashed} AND source = 'errors' AND ts >= fromUnixTimestamp({start:Int64}) AND ts <= fromUnixTimestamp({end:Int64})
     ORDER BY at DESC LIMIT ${MOST_SECONDS}`,
    { ...filter, start, end },
  )
  const spans = rows.map(({ at }) => ({ from: Number(at), to: Number(at) + 1 }))
  return { spans, rest: spans.length < MOST_SECONDS ? null : positionBefore(spans.at(-1)!.from) }
}

/** Rows from here on are newer than the position, or it. */
export const endOf = ({ ts }: ErrorPosition): number =>
  ts.length === WHOLE_SECOND ? secondOf(ts) : secondOf(ts) + 1

/** Everything that is older than this second. */
const positionBefore = (second: number): ErrorPosition => ({
  ts: new Date(second * 1000).toISOString().slice(0, WHOLE_SECOND).replace('T', ' '),
  origin: '',
  origin_offset: 0,
  origin_index: 0,
})

/** Minutes are looked up in a set, which takes a fraction of comparing each row with the ends of so many. */
const FEW = 4
const MINUTE = 60

/**
 * Within these spans, the newest first; minutes that the period cuts are whole here, so it must be asked for besides.
 * The outermost ends come first of all: by them the engine finds its place in the table, and by a set it would not.
 */
export function spansSql(spans: Span[]): { sql: string; params: Record<string, unknown> } {
  const stretches = joined(spans)
  const ends = { first: spans.at(-1)!.from, end: spans[0]!.to }
  const between = (first: string, end: string) =>
    `t.ts >= toDateTime64({${first}:UInt32}, 9, 'UTC') AND t.ts < toDateTime64({${end}:UInt32}, 9, 'UTC')`
  if (stretches.length === 1) return { sql: between('first', 'end'), params: ends }
  if (stretches.length > FEW && spans.every(({ from, to }) => to - from > 1 && to - from <= MINUTE)) {
    const minutes = spans.map(({ from }) => timeBound('minute', Math.floor(from / MINUTE) * MINUTE * 1000))
    const inSet = "toStartOfMinute(t.ts) IN {minutes:Array(DateTime('UTC'))}"
    return { sql: `${between('first', 'end')} AND ${inSet}`, params: { ...ends, minutes } }
  }
  const params: Record<string, unknown> = {}
  const list = stretches.map(({ from, to }, i) => {
    params[`span${i}`] = from
    params[`span_end${i}`] = to
    return between(`span${i}`, `span_end${i}`)
  })
  return { sql: list.map((one) => `(${one})`).join(' OR '), params }
}

/** Spans that touch are one. */
function joined(spans: Span[]): Span[] {
  const stretches: Span[] = []
  for (const span of spans) {
    const newer = stretches.at(-1)
    if (newer !== undefined && newer.from <= span.to) newer.from = span.from
    else stretches.push({ ...span })
  }
  return stretches
}
