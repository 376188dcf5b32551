import { z } from 'zod'
import { isoTime } from './iso-time.ts'
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

/** The latest reading of every limit seen in the period, the emptiest first. */
export async function quotas(
  query: Query,
  {
    from,
    to,
    provider,
    service,
    limit,
  }: { from: Date; to: Date; provider?: string; service?: string; limit: number },
): Promise<QuotaRow[]> {
  const where = `${provider === undefined ? '' : ' AND provider = {provider:String}'}${service === undefined ? '' : ' AND service = {service:String}'}`
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
     ORDER BY remaining / limit ASC NULLS LAST, provider, name, service LIMIT {rows:UInt32}`,
    { from: timeParam(from), to: timeParam(to), provider, service, rows: limit },
  )
  return z.array(quotaRow).parse(rows)
}
