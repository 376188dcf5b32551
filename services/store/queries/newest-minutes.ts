import { z } from 'zod'
import { type Filter, filterSql } from './filter.ts'
import type { Query } from './query.ts'
import { isNarrow, tableOf, timeBound } from './rollup.ts'

// Rows are stored in order of time and by nothing else. Where the rows of one code lie, the rollups know: the newest
// hours that have any, then the minutes of these. So few places are read, however rare the code is.

/** Unix seconds, [from, to). */
export interface Span {
  from: number
  to: number
}

export interface Spans {
  /** Newest first. */
  spans: Span[]
  /** Do they reach back to everything the period has? If not, older rows lie before the last of them. */
  complete: boolean
}

const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400
const dayOf = (second: number): number => Math.floor(second / DAY)
/** A few hundred ranges are planned in no time; each is a minute of rows at most. */
const MOST_SPANS = 200

const counted = z.object({ at: z.number(), n: z.number() })
type Counted = z.output<typeof counted>

/** The newest minutes that hold at least `wanted` rows, if there are so many. */
export async function newestMinutes(
  query: Query,
  filter: Filter,
  { from, to }: { from: Date; to: Date },
  wanted: number,
): Promise<Spans> {
  const { where, params } = filterSql(filter)
  const narrow = isNarrow(filter)
  const newest = async (level: 'hour' | 'minute', since: number, until: number) => {
    const rows = await query(
      `SELECT toUnixTimestamp(t.ts) AS at, toUInt64(sum(count)) AS n FROM ${tableOf(narrow, level)} AS t
       WHERE t.ts >= {since:DateTime('UTC')} AND t.ts < {until:DateTime('UTC')}${where}
       GROUP BY t.ts ORDER BY t.ts DESC LIMIT ${MOST_SPANS}`,
      { ...params, since: timeBound(level, since * 1000), until: timeBound(level, until * 1000) },
    )
    return z.array(counted).parse(rows)
  }

  const [start, end] = [Math.floor(from.getTime() / 1000), Math.ceil(to.getTime() / 1000)]
  const firstMinute = Math.floor(start / MINUTE) * MINUTE
  const recently = Math.max(firstMinute, Math.ceil(end / MINUTE) * MINUTE - HOUR)
  const spanOf = ({ at }: Counted, width: number): Span => ({
    from: Math.max(at, start),
    to: Math.min(at + width, end),
  })
  // Mostly the last hour has all that is wanted.
  const recent = await newest('minute', recently, end)
  if (held(recent, MINUTE, end) >= wanted) {
    const found = enough(recent, MINUTE, end, wanted)
    const complete = recently === firstMinute && found.length === recent.length
    return { spans: found.map((one) => spanOf(one, MINUTE)), complete }
  }
  const inHours = await newest('hour', Math.floor(start / HOUR) * HOUR, end)
  const hours = enough(inHours, HOUR, end, wanted)
  if (hours.length === 0) return { spans: [], complete: true }
  const since = Math.max(hours.at(-1)!.at, firstMinute)
  const inMinutes = since >= recently ? recent : await newest('minute', since, end)
  // Where time has taken the minutes, the hours have to do; it takes whole days.
  const [list, width] = inMinutes.length > 0 ? [inMinutes, MINUTE] : [inHours, HOUR]
  const found = enough(list, width, end, wanted)
  return {
    spans: found.map((one) => spanOf(one, width)),
    complete:
      hours.length === inHours.length &&
      inHours.length < MOST_SPANS &&
      found.length === list.length &&
      list.length < MOST_SPANS &&
      dayOf(list.at(-1)!.at) <= dayOf(hours.at(-1)!.at),
  }
}

/** As many of these as hold so many rows together; what the period's end cuts may hold none of its rows. */
function enough(list: Counted[], width: number, end: number, wanted: number): Counted[] {
  let sum = 0
  const last = list.findIndex((one) => {
    sum += held([one], width, end)
    return sum >= wanted
  })
  return last === -1 ? list : list.slice(0, last + 1)
}

const held = (list: Counted[], width: number, end: number): number =>
  list.reduce((sum, { at, n }) => sum + (at + width <= end ? n : 0), 0)

/**
 * How far back the newest rows of a period lie, so many of them: to the minute within the last hour, else to the hour;
 * its beginning if it has fewer.
 */
export async function reachBack(query: Query, from: Date, to: Date, rows: number): Promise<Date> {
  const end = Math.ceil(to.getTime() / 1000)
  const newest = async (level: 'hour' | 'minute', width: number, first: number) => {
    const since = Math.floor(first / width) * width
    const list = z.array(counted).parse(
      await query(
        `SELECT toUnixTimestamp(t.ts) AS at, toUInt64(sum(count)) AS n FROM codes_by_${level} AS t
         WHERE t.ts >= {since:DateTime('UTC')} AND t.ts < {until:DateTime('UTC')} GROUP BY t.ts ORDER BY t.ts DESC`,
        { since: timeBound(level, since * 1000), until: timeBound(level, end * 1000) },
      ),
    )
    const found = enough(list, width, end, rows)
    return held(found, width, end) >= rows ? found.at(-1)!.at : undefined
  }
  const at =
    (await newest('minute', MINUTE, end - HOUR)) ?? (await newest('hour', HOUR, from.getTime() / 1000))
  return at === undefined || at * 1000 < from.getTime() ? from : new Date(at * 1000)
}
