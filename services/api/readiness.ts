import { z } from 'zod'
import { STORE_BUSY } from '../store/queries/query.ts'

export const check = z.object({
  name: z.string().describe('What was looked at: store, transport, consumer.'),
  ok: z.boolean(),
  reason: z.string().optional().describe('Why not; for a person.'),
  lag: z
    .object({ records: z.int(), seconds: z.number() })
    .optional()
    .describe('What is in Kafka and not stored yet: how many records, and the age of the oldest.'),
})
export type Check = z.output<typeof check>

export interface Readiness {
  ok: boolean
  checks: Check[]
}

/** What can be asked of this process; null where a role has no such part. */
export interface Asked {
  query: ((sql: string) => Promise<unknown>) | null
  /** What is missing from the store, in words, or null. */
  damage?: () => string | null
  transport: (() => Promise<string | null>) | null
  consumer: { problem: string | null; recovered: boolean } | null
  lag?: () => NonNullable<Check['lag']>
}

/** Can this process do its work? Its parts are asked, not remembered. */
export async function readiness({
  query,
  damage = () => null,
  transport,
  consumer,
  lag,
}: Asked): Promise<Readiness> {
  const checks: Check[] = []
  if (query !== null) {
    const store = await query('SELECT 1').then(
      () => null,
      // Busy is not broken.
      (error: Error & { code?: string }) => (error.code === STORE_BUSY ? null : error.message),
    )
    checks.push({ name: 'store', ...outcome(store ?? damage()) })
  }
  if (transport !== null) checks.push({ name: 'transport', ...outcome(await transport()) })
  if (consumer !== null) {
    const behind = consumer.recovered ? null : 'what the last run left behind is still being stored'
    checks.push({ name: 'consumer', ...outcome(consumer.problem ?? behind), ...(lag ? { lag: lag() } : {}) })
  }
  return { ok: checks.every(({ ok }) => ok), checks }
}

const outcome = (reason: string | null): Omit<Check, 'name'> =>
  reason === null ? { ok: true } : { ok: false, reason }
