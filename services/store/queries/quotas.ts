import { z } from 'zod'
import { isoTime } from './iso-time.ts'
import { NOTHING_SHOWN, nextPage, type Page, type Shown } from './page.ts'
import { type Query, timeParam } from './query.ts'

export const quotaRow = z.object({
  provider: z.string(),
  name: z.string(),
  service: z.string(),
  environment: z.string(),
  consumer: z.string(),
  limit: z.number().nullable(),
  remaining: z.number().nullable(),
  reset: z.string().nullable(),
  /** When it was read. */
  ts: z.string(),
})
export type QuotaRow = z.output<typeof quotaRow>

/** More limits than anybody looks through; the fullest are left out then. */
const MOST_LIMITS = 20_000

const FILTERS = ['provider', 'service', 'environment', 'consumer', 'name'] as const
interface Options extends Partial<Record<(typeof FILTERS)[number], string>> {
  from: Date
  to: Date
  limit: number
  shown?: Shown
}

/** The latest reading of every limit seen in the period, the emptiest first. */
export async function quotas(
  query: Query,
  { from, to, limit, shown = NOTHING_SHOWN, ...filter }: Options,
): Promise<Page<QuotaRow>> {
  const asked = FILTERS.filter((name) => filter[name] !== undefined)
  const where = asked.map((name) => ` AND q.${name} = {${name}:String}`).join('')
  const rows = await query(
    `SELECT provider, name, service, environment, consumer, latest.1 AS limit, latest.2 AS remaining,
       if(latest.3 IS NULL, NULL, ${isoTime('latest.3')}) AS reset, ${isoTime('read_at')} AS ts
     FROM (
       SELECT provider, name, service, environment, consumer,
         argMax(tuple(limit, remaining, reset), q.ts) AS latest, max(q.ts) AS read_at
       FROM quota_samples AS q
       WHERE q.ts >= {from:DateTime64(3, 'UTC')} AND q.ts < {to:DateTime64(3, 'UTC')}${where}
       GROUP BY provider, name, service, environment, consumer
     )
     ORDER BY remaining / limit ASC NULLS LAST, provider, name, service, environment, consumer LIMIT ${MOST_LIMITS}`,
    {
      ...Object.fromEntries(asked.map((name) => [name, filter[name]])),
      from: timeParam(from),
      to: timeParam(to),
    },
  )
  return nextPage(z.array(quotaRow).parse(rows), quotaKey, limit, shown)
}

/** What tells the rows of the list apart. */
export const quotaKey = ({ provider, name, service, environment, consumer }: QuotaRow): string =>
  JSON.stringify([provider, name, service, environment, consumer])
