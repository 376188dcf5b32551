import { z } from 'zod'
import type { Query } from './query.ts'
import { failed, select, shared } from './row-columns.ts'

// From an id to everything about it, in two steps that read little however much is stored: the narrow table ordered
// by the id's hash says where rows are, and those few places are read. The rows' call ids then lead to the other
// attempts of the same logical calls, the same way.

const FAILED = Object.keys(failed) as (keyof typeof failed)[]

type Failed = typeof failed
const nullable = <Schema extends z.ZodType>(schema: Schema) => schema.nullable()

/** One attempt: a failure, or the resend that succeeded (then what only failures have is null). */
export const attemptRow = z
  .object({
    ...shared,
    ...(Object.fromEntries(FAILED.map((name) => [name, nullable(failed[name])])) as {
      [Name in keyof Failed]: z.ZodNullable<Failed[Name]>
    }),
    succeeded: z.boolean(),
  })
  .meta({ id: 'Attempt' })
export type AttemptRow = z.output<typeof attemptRow>

const NOT_FAILED = Object.fromEntries(FAILED.map((name) => [name, null])) as {
  [Name in keyof Failed]: null
}

const ROWS = {
  errors: z.object({ ...shared, ...failed }).transform((row): AttemptRow => ({ ...row, succeeded: false })),
  attempts: z.object(shared).transform((row): AttemptRow => ({ ...row, ...NOT_FAILED, succeeded: true })),
}
type SourceTable = keyof typeof ROWS

/** More rows under one id than this nobody reads. */
const MOST_ROWS = 1_000
/** Seconds to read per id; an id that is everywhere (a constant, say) is not worth more. */
const MOST_SECONDS = 200

const COLUMNS = {
  errors: select([...Object.keys(shared), ...FAILED]),
  attempts: select(Object.keys(shared)),
}

// What is cheap first: it spares most rows the rest.
const ID_MATCHES = `(t.request_id = {id:String} OR t.call_id = {id:String}
  OR position(t.other_request_ids, {id:String}) > 0 AND has(splitByChar('\\n', t.other_request_ids), {id:String}))`
const TRACE_MATCHES = `(t.trace_id = unhex({trace:String}) OR ${ID_MATCHES})`
const CALL_MATCHES = 't.call_id IN {calls:Array(String)}'

/** All attempts that carry the id (a request id, a trace id or a call id) or share a logical call with one that does. */
export async function lookup(query: Query, id: string): Promise<AttemptRow[]> {
  const isTrace = /^[0-9a-f]{32}$/i.test(id)
  const found = isTrace
    ? await rowsAt(
        query,
        await placesOf(query, `${hash('{id:String}')}, ${hash('unhex({trace:String})')}`, { id, trace: id }),
        TRACE_MATCHES,
        { id, trace: id },
      )
    : await rowsAt(query, await placesOf(query, hash('{id:String}'), { id }), ID_MATCHES, { id })
  const others = await restOfCalls(query, found)
  const all = new Map([...found, ...others].map((row) => [JSON.stringify(row), row]))
  return [...all.values()].sort((a, b) => compare(a.ts, b.ts) || a.attempt - b.attempt).slice(0, MOST_ROWS)
}

/** The other attempts of the same logical calls. */
async function restOfCalls(query: Query, found: AttemptRow[]): Promise<AttemptRow[]> {
  const ofCalls = found.filter(({ call_id }) => call_id !== '')
  if (ofCalls.length === 0) return []
  const calls = [...new Set(ofCalls.map(({ call_id }) => call_id))]
  const places = await placesOf(query, `SELECT ${hash('arrayJoin({calls:Array(String)})')}`, { calls })
  // Each row of a call has one place: no more places than rows, and these are all.
  return places.length <= ofCalls.length ? [] : rowsAt(query, places, CALL_MATCHES, { calls })
}

/** Of an id, as the schema's views have it. */
export const hash = (id: string) => `bitShiftRight(sipHash64(${id}), 24)`

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))

const placeRow = z.object({
  source: z.enum(['errors', 'attempts']),
  /** Unix time. */
  second: z.number(),
})
type Place = z.output<typeof placeRow>

/** A place for each row that has one of the hashes, and where an id is everywhere, some of them. */
async function placesOf(query: Query, hashes: string, params: Record<string, unknown>): Promise<Place[]> {
  const rows = await query(
    `SELECT source, toUnixTimestamp(ts) AS second FROM requests WHERE h IN (${hashes}) LIMIT ${MOST_ROWS}`,
    params,
  )
  return z.array(placeRow).parse(rows)
}

async function rowsAt(
  query: Query,
  places: Place[],
  condition: string,
  params: Record<string, unknown>,
): Promise<AttemptRow[]> {
  const rows: AttemptRow[] = []
  for (const source of ['errors', 'attempts'] as const) {
    const seconds = new Set(places.filter((place) => place.source === source).map(({ second }) => second))
    if (seconds.size === 0) continue
    const newest = [...seconds].sort((a, b) => b - a).slice(0, MOST_SECONDS)
    rows.push(...z.array(ROWS[source]).parse(await read(query, source, newest, condition, params)))
  }
  return rows
}

function read(
  query: Query,
  source: SourceTable,
  seconds: number[],
  condition: string,
  params: Record<string, unknown>,
): Promise<unknown[]> {
  const at: Record<string, unknown> = {}
  const where = seconds.map((second, i) => {
    at[`second${i}`] = second
    return `(t.ts >= toDateTime64({second${i}:UInt32}, 9, 'UTC') AND t.ts < toDateTime64({second${i}:UInt32} + 1, 9, 'UTC'))`
  })
  return query(
    `SELECT ${COLUMNS[source]} FROM ${source} AS t PREWHERE (${where.join(' OR ')}) AND ${condition} LIMIT ${MOST_ROWS}`,
    { ...params, ...at },
  )
}
