import type { CodeKey } from './codes.ts'
import { isoTime } from './iso-time.ts'
import type { Query } from './query.ts'
import { fromPieces, pieces, tableOf } from './rollup.ts'

type Row = Record<string, unknown>

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Of some codes and no others, in a way that the primary index understands; of all of them without any. */
export function ofCodes(
  columns: string[],
  codes: CodeKey[] | null,
): { where: string; params: Record<string, unknown> } {
  if (codes === null) return { where: '', params: {} }
  const lists = columns.map((name) => `{${name}s:Array(${name === 'status' ? 'UInt16' : 'String'})}`)
  return {
    where: ` AND (${columns.join(', ')}) IN (SELECT DISTINCT arrayJoin(arrayZip(${lists.join(', ')})))`,
    params: Object.fromEntries(
      columns.map((name) => [`${name}s`, codes.map((code) => code[name as keyof CodeKey])]),
    ),
  }
}

/** When codes were first and last seen, ever. */
export function seenEver(query: Query, codes: CodeKey[] | null): Promise<Row[]> {
  const { where, params } = ofCodes(['provider', 'code'], codes)
  return query(
    `SELECT provider, code, ${isoTime('min(first_seen)')} AS first_seen, ${isoTime('max(last_seen)')} AS last_seen
     FROM codes WHERE true${where} GROUP BY provider, code`,
    params,
  )
}

/** How far codes reached in the hours that the period touches; in whole days where there are such. */
export function reached(query: Query, from: Date, to: Date, codes: CodeKey[] | null): Promise<Row[]> {
  const { where, params } = ofCodes(['provider', 'code', 'status'], codes)
  const list = pieces(
    new Date(Math.floor(from.getTime() / HOUR_MS) * HOUR_MS),
    new Date(Math.ceil(to.getTime() / HOUR_MS) * HOUR_MS),
    new Date(),
    DAY_MS,
  )
  const key = 'provider, code, status, side'
  const source = fromPieces(
    list,
    (level) => tableOf(true, level),
    `${key}, services, requests, consumers`,
    where,
  )
  return query(
    `SELECT ${key}, length(groupUniqArrayArray(services)) AS services, sum(requests) AS requests,
       uniqHLL12IfMerge(consumers) AS consumers
     FROM ${source.sql} GROUP BY ${key}`,
    { ...params, ...source.params },
  )
}
