import { z } from 'zod'
import { ofCodes } from './code-reach.ts'
import type { CodeKey } from './codes.ts'
import { type Filter, filterSql } from './filter.ts'
import { isoTime } from './iso-time.ts'
import { oneSide } from './one-side.ts'
import type { Query } from './query.ts'
import { fromPieces, isNarrow, pieces, tableOf } from './rollup.ts'

const DAY_MS = 86_400_000

const seenRow = z.object({
  provider: z.string(),
  code: z.string(),
  status: z.number(),
  count: z.number(),
})
export type SeenCode = z.output<typeof seenRow>

/** Far more than all catalogs together document; what is beyond it are values that somebody sends as codes. */
const MOST_SEEN = 50_000

/** Every (provider, code, status) of the period and how often, whatever was thought of it then; the most frequent first. */
export async function seenCodes(
  query: Query,
  {
    from,
    to,
    ...filter
  }: { from: Date; to: Date } & Pick<Filter, 'provider' | 'service' | 'environment' | 'side'>,
): Promise<SeenCode[]> {
  const { where, params } = filterSql(filter)
  const source = fromPieces(
    pieces(from, to, new Date(), DAY_MS),
    (level) => tableOf(isNarrow(filter), level),
    'provider, code, status, side, count',
    `${where} AND code NOT IN ('', '_OTHER')`,
  )
  const bySide = `(SELECT provider, code, status, side, sum(count) AS count FROM ${source.sql} GROUP BY provider, code, status, side)`
  const rows = await query(
    `SELECT provider, code, status, toUInt64(sum(count)) AS count FROM ${oneSide(bySide, filter.side)}
     GROUP BY provider, code, status ORDER BY count DESC, provider, code, status LIMIT ${MOST_SEEN}`,
    { ...params, ...source.params },
  )
  return z.array(seenRow).parse(rows)
}

const historyRow = z.object({
  provider: z.string(),
  code: z.string(),
  status: z.number(),
  first_seen: z.string(),
  last_seen: z.string(),
  first_service: z.string(),
  first_version: z.string(),
})
const exampleRow = z.object({
  provider: z.string(),
  code: z.string(),
  status: z.number(),
  request_id: z.string(),
  message: z.string(),
})

export type CodeHistory = z.output<typeof historyRow> & { request_id: string; message: string }

/** When these were first and last seen, ever, who brought them, and what the newest row says; empty where that is gone. */
export async function historyOf(query: Query, codes: CodeKey[]): Promise<CodeHistory[]> {
  if (codes.length === 0) return []
  const key = ['provider', 'code', 'status']
  const { where, params } = ofCodes(key, codes)
  const histories = z.array(historyRow).parse(
    await query(
      `SELECT provider, code, status, ${isoTime('min(first_seen)')} AS first_seen, ${isoTime('max(last_seen)')} AS last_seen,
         argMinMerge(first_service) AS first_service, argMinMerge(first_version) AS first_version
       FROM codes WHERE true${where} GROUP BY provider, code, status`,
      params,
    ),
  )
  // Rows are in order of their second, so those of a few seconds are found without looking at the others.
  const seconds = [...new Set(histories.map(({ last_seen }) => last_seen.slice(0, 19).replace('T', ' ')))]
  const examples = z.array(exampleRow).parse(
    await query(
      `SELECT provider, code, status, argMax(request_id, ts) AS request_id, argMax(message, ts) AS message FROM errors
       WHERE toDateTime(ts) IN (SELECT toDateTime(arrayJoin({seconds:Array(String)}), 'UTC'))${where}
       GROUP BY provider, code, status`,
      { ...params, seconds },
    ),
  )
  const keyOf = ({ provider, code, status }: CodeKey) => JSON.stringify([provider, code, status])
  const exampleOf = new Map(examples.map((row) => [keyOf(row), row]))
  return histories.map((history) => {
    const { request_id = '', message = '' } = exampleOf.get(keyOf(history)) ?? {}
    return { ...history, request_id, message }
  })
}
