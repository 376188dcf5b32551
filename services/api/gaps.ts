import { z } from 'zod'
import type { Catalogs } from '../catalog/classify.ts'
import { CLASSES, RETRIES } from '../contract/vocabulary.ts'
import { deriveRetry } from '../instrumentation/retry-policy/derive-retry.ts'
import type { Query } from '../store/queries/query.ts'
import { type CodeHistory, historyOf, type SeenCode, seenCodes } from '../store/queries/seen-codes.ts'

// Where catalogs and reality part. What was seen is judged by today's catalogs, not by those of its time: a gap that
// somebody has closed since is none any more.

const seen = {
  provider: z.string(),
  code: z.string(),
  count: z.number().describe('In the period.'),
  statuses: z.array(z.object({ status: z.number(), count: z.number() })),
  first_seen: z.string().describe('Ever.'),
  last_seen: z.string().describe('Ever.'),
  first_service: z.string(),
  first_version: z.string(),
  request_id: z.string().nullable().describe('An example, the newest.'),
  message: z.string().nullable().describe('What the example said.'),
}

export const gaps = z.object({
  unknown: z
    .array(
      z.object({
        ...seen,
        has_catalog: z.boolean(),
        guess: z
          .object({ retry: z.enum(RETRIES), class: z.enum(CLASSES), advice: z.string() })
          .describe('What the policy for silent publishers makes of code, status and message.'),
      }),
    )
    .describe('Codes that are in no catalog of their provider, the most frequent first.'),
  mismatched: z
    .array(z.object({ ...seen, http: z.array(z.number()).describe('As documented.') }))
    .describe('Documented codes with a status that is not; count and statuses are of that only.'),
  never_seen: z
    .array(
      z.object({
        provider: z.string(),
        code: z.string(),
        http: z.array(z.number()),
        deprecated: z.boolean(),
      }),
    )
    .describe('Documented codes of the providers that were seen, or asked for, which did not occur.'),
  totals: z
    .object({ unknown: z.number(), mismatched: z.number(), never_seen: z.number() })
    .describe('How many there are; the lists end with the 1,000 most frequent.'),
})
export type Gaps = z.output<typeof gaps>

/** Nobody documents more at a time; never-seen codes are no more than the catalogs have. */
const MOST_LISTED = 1_000

interface Options {
  from: Date
  to: Date
  provider?: string
  service?: string
  environment?: string
  side?: 'server' | 'client'
}

export async function gapsOf(query: Query, catalogs: Catalogs, options: Options): Promise<Gaps> {
  const rows = await seenCodes(query, options)
  const now = Date.now()
  const standingOf = ({ provider, code, status }: SeenCode) =>
    catalogs.verdict(providerNow(provider, catalogs), code, status, now).standing
  const byStanding = Map.groupBy(rows, standingOf)
  const unknown = byCode(byStanding.get('unknown') ?? [])
  const mismatched = byCode(byStanding.get('mismatched') ?? [])
  const never_seen = neverSeen(rows, catalogs, options.provider)

  const listed = [unknown.slice(0, MOST_LISTED), mismatched.slice(0, MOST_LISTED)] as const
  const keys = listed
    .flat()
    .flatMap(({ provider, code, statuses }) => statuses.map(({ status }) => ({ provider, code, status })))
  const histories = Map.groupBy(await historyOf(query, keys), nameOf)
  const complete = (one: Counted) => ({ ...one, ...historyIn(histories.get(nameOf(one)) ?? []) })
  return {
    unknown: listed[0].map(complete).map((one) => ({
      ...one,
      has_catalog: catalogs.has(one.provider),
      guess: guessOf(one.code, one.statuses, one.message),
    })),
    mismatched: listed[1].map(complete).map((one) => ({
      ...one,
      http: [...catalogs.explain(providerNow(one.provider, catalogs), one.code)!.http],
    })),
    never_seen: never_seen.slice(0, MOST_LISTED),
    totals: { unknown: unknown.length, mismatched: mismatched.length, never_seen: never_seen.length },
  }
}

/** Rows of an API that had no catalog stand under its host; whose it is, a catalog may say since. */
function providerNow(provider: string, { has, resolveProvider }: Catalogs): string {
  if (has(provider)) return provider
  const matched = resolveProvider({ attribute: '', serverAddress: provider, service: '', side: 'client' })
  return has(matched) ? matched : provider
}

const nameOf = ({ provider, code }: { provider: string; code: string }) => JSON.stringify([provider, code])

interface Counted {
  provider: string
  code: string
  count: number
  statuses: { status: number; count: number }[]
}

function byCode(rows: SeenCode[]): Counted[] {
  return [...Map.groupBy(rows, nameOf).values()]
    .map((group) => ({
      provider: group[0]!.provider,
      code: group[0]!.code,
      count: group.reduce((sum, { count }) => sum + count, 0),
      statuses: group.map(({ status, count }) => ({ status, count })),
    }))
    .sort((a, b) => b.count - a.count)
}

/** One code's, of all its statuses: the rows are of one code each. */
function historyIn(rows: CodeHistory[]) {
  const first = rows.toSorted((a, b) => (a.first_seen < b.first_seen ? -1 : 1))[0]
  const newest = rows.toSorted((a, b) => (a.last_seen > b.last_seen ? -1 : 1))
  return {
    first_seen: first?.first_seen ?? '',
    last_seen: newest[0]?.last_seen ?? '',
    first_service: first?.first_service ?? '',
    first_version: first?.first_version ?? '',
    request_id: newest.find(({ request_id }) => request_id !== '')?.request_id ?? null,
    message: newest.find(({ message }) => message !== '')?.message ?? null,
  }
}

function guessOf(code: string, statuses: { status: number }[], message: string | null) {
  const http = statuses.map(({ status }) => status).filter((status) => status !== 0)
  return deriveRetry({ code, http, words: message ?? '' })
}

function neverSeen(rows: SeenCode[], catalogs: Catalogs, asked: string | undefined): Gaps['never_seen'] {
  const seenNow = rows.map(({ provider, code }) => ({ provider: providerNow(provider, catalogs), code }))
  const providers = new Set(seenNow.map(({ provider }) => provider))
  const codes = new Set(seenNow.map(nameOf))
  return catalogs.list
    .filter(({ provider }) => provider === asked || providers.has(provider))
    .flatMap(({ provider, codes: documented }) =>
      documented
        .filter(({ code }) => !codes.has(nameOf({ provider, code })))
        .map(({ code, http, deprecated }) => ({
          provider,
          code,
          http,
          deprecated: deprecated !== undefined,
        })),
    )
}
