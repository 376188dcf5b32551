import { z } from 'zod'
import { CLASSES, KINDS, RETRIES, SIDES, STANDINGS } from '../../contract/vocabulary.ts'
import { isoTime } from './iso-time.ts'
import type { Query } from './query.ts'

// From an id to everything about it, in two steps that read little however much is stored: the narrow table ordered
// by the id's hash says where rows are, and those few places are read. The rows' call ids then lead to the other
// attempts of the same logical calls, the same way.

/** One attempt: a failure, or the resend that succeeded (then what only failures have is null). */
export const attemptRow = z.object({
  ts: z.string(),
  succeeded: z.boolean(),
  provider: z.string(),
  code: z.string().nullable(),
  status: z.number(),
  retry: z.enum(RETRIES).nullable(),
  retryable: z.boolean().nullable(),
  standing: z.enum(STANDINGS).nullable(),
  class: z.enum(CLASSES).nullable(),
  side: z.enum(SIDES),
  kind: z.enum(KINDS).nullable(),
  service: z.string(),
  service_version: z.string(),
  environment: z.string(),
  route: z.string(),
  method: z.string(),
  server_address: z.string(),
  request_id: z.string(),
  other_request_ids: z.array(z.string()),
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string(),
  call_id: z.string(),
  attempt: z.number(),
  consumer: z.string(),
  sdk: z.string(),
  retry_after_ms: z.number().nullable(),
  duration_ms: z.number(),
  message: z.string().nullable(),
})
export type AttemptRow = z.output<typeof attemptRow>

/** More rows under one id than this nobody reads. */
const MOST_ROWS = 1_000
/** Seconds to read per id; an id that is everywhere (a constant, say) is not worth more. */
const MOST_SECONDS = 200

const SHARED = `${isoTime('t.ts')} AS ts, provider, status, side, service, service_version, environment, route, method,
  server_address, request_id,
  if(other_request_ids = '', [], splitByChar('\\n', other_request_ids)) AS other_request_ids,
  lower(hex(trace_id)) AS trace_id, lower(hex(span_id)) AS span_id, lower(hex(parent_span_id)) AS parent_span_id,
  call_id, attempt, consumer, sdk, round(duration_ms, 3) AS duration_ms`
const COLUMNS = {
  errors: `${SHARED}, false AS succeeded, code, retry, retryable, standing, class, kind, retry_after_ms, message`,
  attempts: `${SHARED}, true AS succeeded, NULL AS code, NULL AS retry, NULL AS retryable, NULL AS standing,
    NULL AS class, NULL AS kind, NULL AS retry_after_ms, NULL AS message`,
}
type Source = keyof typeof COLUMNS

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

/** As the schema's views have it. */
const hash = (id: string) => `bitShiftRight(sipHash64(${id}), 24)`

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
  const rows: unknown[] = []
  for (const source of ['errors', 'attempts'] as const) {
    const seconds = new Set(places.filter((place) => place.source === source).map(({ second }) => second))
    if (seconds.size === 0) continue
    const newest = [...seconds].sort((a, b) => b - a).slice(0, MOST_SECONDS)
    rows.push(...(await read(query, source, newest, condition, params)))
  }
  return z.array(attemptRow).parse(rows)
}

function read(
  query: Query,
  source: Source,
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
    `SELECT ${COLUMNS[source]} FROM ${source} AS t WHERE (${where.join(' OR ')}) AND ${condition}
     ORDER BY t.ts LIMIT ${MOST_ROWS}`,
    { ...params, ...at },
  )
}
