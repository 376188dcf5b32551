import { z } from 'zod'
import type { SampleRow } from './code-sample.ts'
import type { Span } from './newest-minutes.ts'
import type { Query } from './query.ts'
import { select, shared } from './row-columns.ts'
import { spansSql } from './row-places.ts'

// What became of calls that met a code. The tries of one call share a call id, or else a trace, a service and a route.

export const followed = z
  .object({
    calls: z
      .number()
      .describe('Calls that were followed: of the newest rows, those with a call id or a trace.'),
    retried: z.number().describe('Of these, sent again.'),
    retries: z.number().describe('How often, all together.'),
    succeeded: z.number().describe('Ended well.'),
    failed: z.number().describe('Sent again, and failed at last.'),
    not_retried: z.number(),
  })
  .describe('What happened after, within ten minutes.')
export type Followed = z.output<typeof followed>

const FOLLOWED_SECONDS = 600
/** Calls to follow, and the time to look through for them; the newest come first. */
const MOST_CALLS = 300
const MOST_SECONDS = 3_600
const MOST_TRIES = 5_000

const { ts, service, method, route, trace_id, call_id, attempt } = shared
const columns = { ts, service, method, route, trace_id, call_id, attempt }
const tryRow = z.object(columns)
type Try = z.output<typeof tryRow>

const NO_TRACE = /^0*$/
function callOf({ call_id, trace_id, service, method, route }: Try): string | null {
  if (call_id !== '') return call_id
  return NO_TRACE.test(trace_id) ? null : JSON.stringify([trace_id, service, method, route])
}

export async function followUp(query: Query, sample: SampleRow[]): Promise<Followed> {
  const { calls, spans } = callsOf(sample)
  const [first] = calls.values()
  const ended = { calls: calls.size, retried: 0, retries: 0, succeeded: 0, failed: 0, not_retried: 0 }
  if (first === undefined) return ended
  const [failures, successes] = await Promise.all([
    triesOf(query, 'errors', first, [...calls.values()], spans),
    triesOf(query, 'attempts', first, [...calls.values()], spans),
  ])
  for (const [call, { attempt }] of calls) {
    const again = [failures, successes].map((tries) => (tries.get(call) ?? []).filter((one) => one > attempt))
    const retries = again.flat().length
    if (retries > 0) ended.retried++
    ended.retries += retries
    if (again[1]!.length > 0) ended.succeeded++
    else if (retries > 0) ended.failed++
    else ended.not_retried++
  }
  return ended
}

/** The first of each call's rows at hand, and where later tries of it lie. */
function callsOf(sample: SampleRow[]) {
  const calls = new Map<string, SampleRow>()
  const spans: Span[] = []
  let seconds = 0
  for (const row of sample) {
    const call = callOf(row)
    if (call === null) continue
    const from = Math.floor(Date.parse(row.ts) / 1000)
    const last = spans.at(-1)
    // Newest first: a row either begins a stretch of its own or makes the last one longer.
    const added = last && last.from <= from + FOLLOWED_SECONDS ? last.from - from : FOLLOWED_SECONDS
    if (calls.size >= MOST_CALLS || seconds + added > MOST_SECONDS) break
    seconds += added
    if (last && last.from <= from + FOLLOWED_SECONDS) last.from = from
    else spans.push({ from, to: from + FOLLOWED_SECONDS })
    const known = calls.get(call)
    if (known === undefined || row.attempt < known.attempt) calls.set(call, row)
  }
  return { calls, spans }
}

async function triesOf(
  query: Query,
  table: 'errors' | 'attempts',
  { provider, side }: SampleRow,
  calls: SampleRow[],
  spans: Span[],
): Promise<Map<string, number[]>> {
  const within = spansSql(spans)
  const rows = await query(
    `SELECT ${select(Object.keys(columns))} FROM ${table} AS t
     PREWHERE (${within.sql}) AND t.attempt > 0 AND t.provider = {provider:String} AND t.side = {side:String}
     WHERE t.call_id IN {calls:Array(String)} OR (t.call_id = '' AND t.trace_id IN (SELECT unhex(arrayJoin({traces:Array(String)}))))
     LIMIT ${MOST_TRIES}`,
    {
      ...within.params,
      provider,
      side,
      calls: calls.flatMap(({ call_id }) => (call_id === '' ? [] : [call_id])),
      traces: calls.flatMap(({ call_id, trace_id }) => (call_id === '' ? [trace_id] : [])),
    },
  )
  const found = new Map<string, number[]>()
  for (const row of z.array(tryRow).parse(rows)) {
    const call = callOf(row)
    if (call !== null) found.set(call, [...(found.get(call) ?? []), row.attempt])
  }
  return found
}
