import { z } from 'zod'
import { CLASSES, RETRIES, SIDES, STANDINGS } from '../../contract/vocabulary.ts'
import { reached, seenEver } from './code-reach.ts'
import { type Filter, filterSql } from './filter.ts'
import { ofOneSide } from './one-side.ts'
import { NOTHING_SHOWN, nextPage, type Page, type Shown } from './page.ts'
import { providerCalls } from './provider-calls.ts'
import type { Query } from './query.ts'
import { fromPieces, isNarrow, pieces, tableOf } from './rollup.ts'
import { TREND_SQL, trendAxis, trendOf } from './trend.ts'

const key = { provider: z.string(), code: z.string(), status: z.number() }
export type CodeKey = z.output<z.ZodObject<typeof key>>
const verdict = {
  retry: z.enum(RETRIES),
  retryable: z.boolean(),
  standing: z.enum(STANDINGS),
  class: z.enum(CLASSES),
}

export const codeRow = z.object({
  ...key,
  ...verdict,
  count: z.number(),
  share: z.number().describe('Of all errors of the period and filter.'),
  share_of_traffic: z
    .number()
    .nullable()
    .describe('Of all calls of that provider in the period, failed or not; null where none were counted.'),
  requests: z
    .number()
    .describe('Distinct request ids, of the hours that the period touches, over all services.'),
  consumers: z.number().describe('Distinct consumers likewise, to about 2 %.'),
  services: z.number(),
  first_seen: z.string().describe('Ever, of this code.'),
  last_seen: z.string().describe('Ever, of this code.'),
  trend: z
    .array(z.number())
    .describe('Counts by steps that begin at full minutes, hours or days, oldest first.'),
})
export type CodeRow = z.output<typeof codeRow>

export const CODE_SORTS = [
  'count',
  'share',
  'requests',
  'consumers',
  'last_seen',
  'first_seen',
  'code',
] as const
type CodeSort = (typeof CODE_SORTS)[number]
export const ORDERS = ['desc', 'asc'] as const

const countedRow = z.object({
  ...key,
  side: z.enum(SIDES),
  errors: z.number(),
  services: z.number(),
  verdict: z.tuple([verdict.retry, verdict.retryable, verdict.standing, verdict.class]),
  trend: z.tuple([z.array(z.number()), z.array(z.number())]),
})
/** More kinds of errors than anybody looks through; the rarest are left out then. */
const MOST_CODES = 20_000

export interface CodeOptions extends Filter {
  from: Date
  to: Date
  limit: number
  sort?: CodeSort
  order?: (typeof ORDERS)[number]
  shown?: Shown
}

/** The period's codes, most frequent first unless asked otherwise. */
export async function codes(query: Query, options: CodeOptions): Promise<Page<CodeRow>> {
  const { from, to, limit, sort = 'count', order, shown = NOTHING_SHOWN, ...filter } = options
  const narrow = isNarrow(filter)
  const axis = trendAxis(from, to)
  const list = pieces(from, to, new Date(), axis.step * 1000)
  const [counted, calls] = await Promise.all([countCodes(query, filter), providerCalls(query, list, filter)])
  const all = ofOneSide(counted, filter.side)
  if (all.length === 0) return { rows: [], more: false }

  // What the list is sorted by is needed of all codes; else only what is shown is looked up.
  const bySeen = sort === 'first_seen' || sort === 'last_seen'
  const byReach = sort === 'requests' || sort === 'consumers'
  const [seenOfAll, reachOfAll] = await Promise.all([
    bySeen ? seenOf(null) : undefined,
    byReach ? reachOf(null) : undefined,
  ])
  const value = {
    count: (row: Counted) => row.errors,
    share: (row: Counted) => row.errors,
    code: (row: Counted) => row.code,
    requests: (row: Counted) => reachOfAll!(row).requests,
    consumers: (row: Counted) => reachOfAll!(row).consumers,
    first_seen: (row: Counted) => seenOfAll!(row).first_seen,
    last_seen: (row: Counted) => seenOfAll!(row).last_seen,
  }[sort]
  const sign = (order ?? (sort === 'code' ? 'asc' : 'desc')) === 'asc' ? 1 : -1
  all.sort((a, b) => sign * compare(value(a), value(b)) || compareKeys(a, b))

  const { rows, more } = nextPage(all, codeKey, limit, shown)
  const [seen, reach] = await Promise.all([seenOfAll ?? seenOf(rows), reachOfAll ?? reachOf(rows)])
  const total = all.reduce((sum, { errors }) => sum + errors, 0)
  return {
    more,
    rows: rows.map((row) => {
      const { provider, code, status, side, errors, verdict, trend } = row
      const ofTraffic = calls(provider, side)
      const [retry, retryable, standing, class_] = verdict
      return {
        ...{ provider, code, status, retry, retryable, standing, class: class_ },
        count: errors,
        share: errors / total,
        share_of_traffic: ofTraffic === 0 ? null : Math.min(1, errors / ofTraffic),
        ...reach(row),
        ...seen(row),
        trend: trendOf(trend, axis),
      }
    }),
  }

  async function countCodes(query: Query, filter: Filter) {
    const { where, params } = filterSql(filter)
    const columns = `provider, code, status, retry, retryable, standing, class, side, count${narrow ? '' : ', service'}`
    const source = fromPieces(list, (level) => tableOf(narrow, level), columns, where)
    const rows = await query(
      `SELECT provider, code, status, side, toUInt64(sum(count)) AS errors, ${narrow ? '0' : 'uniqExact(service)'} AS services,
         argMax(tuple(retry, retryable, standing, class), ts) AS verdict, ${TREND_SQL} AS trend
       FROM ${source.sql} GROUP BY provider, code, status, side ORDER BY errors DESC LIMIT ${MOST_CODES}`,
      { ...params, ...source.params, ...axis },
    )
    return z.array(countedRow).parse(rows)
  }

  async function seenOf(codes: CodeKey[] | null) {
    const rows = await seenEver(query, codes)
    const found = new Map(rows.map((row) => [JSON.stringify([row.provider, row.code]), row]))
    return ({ provider, code }: Counted) => {
      const { first_seen = '', last_seen = '' } = found.get(JSON.stringify([provider, code])) ?? {}
      return { first_seen: String(first_seen), last_seen: String(last_seen) }
    }
  }

  async function reachOf(codes: CodeKey[] | null) {
    const rows = await reached(query, from, to, codes)
    const found = new Map(rows.map((row) => [codeKey(row as unknown as Counted) + row.side, row]))
    return (row: Counted) => {
      const { requests, consumers, services } = found.get(codeKey(row) + row.side) ?? {}
      // The hours at both ends reach beyond the period.
      const atMost = (reached: unknown) => Math.min(Number(reached ?? 0), row.errors)
      return {
        requests: atMost(requests),
        consumers: atMost(consumers),
        services: narrow ? atMost(services) : row.services,
      }
    }
  }
}

type Counted = z.output<typeof countedRow>

/** What tells the rows of the list apart. */
export const codeKey = ({ provider, code, status }: CodeKey): string =>
  JSON.stringify([provider, code, status])

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : Number(a > b))
const compareKeys = (a: Counted, b: Counted): number =>
  compare(a.provider, b.provider) || compare(a.code, b.code) || a.status - b.status
