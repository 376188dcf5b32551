import { z } from 'zod'
import { STORE_BUSY } from '../store/queries/query.ts'

export const check = z.object({
  name: z.string().describe('What was looked at: store, transport, consumer.'),
  ok: z.boolean(),
  reason: z.string().optional().describe('Why not; for a person.'),
})
export type Check = z.output<typeof check>

export interface Readiness {
  ok: boolean
  checks: Check[]
}

/** Can this process do its work? Its parts are asked, not remembered. */
export async function readiness(
  query: (sql: string) => Promise<unknown>,
  journalFailure: Error | null,
  consumer: { problem: string | null; recovered: boolean },
): Promise<Readiness> {
  const store = await query('SELECT 1').then(
    () => null,
    // Busy is not broken.
    (error: Error & { code?: string }) => (error.code === STORE_BUSY ? null : error.message),
  )
  const behind = consumer.recovered ? null : 'what the last run left behind is still being stored'
  const checks: Check[] = [
    { name: 'store', ...outcome(store) },
    { name: 'transport', ...outcome(journalFailure?.message ?? null) },
    { name: 'consumer', ...outcome(consumer.problem ?? behind) },
  ]
  return { ok: checks.every(({ ok }) => ok), checks }
}

const outcome = (reason: string | null): Omit<Check, 'name'> =>
  reason === null ? { ok: true } : { ok: false, reason }
