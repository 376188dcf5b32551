import type { Check, Readiness } from './api/readiness.ts'
import { STORE_BUSY } from './store/queries/query.ts'

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
    { name: 'store', ...check(store) },
    { name: 'transport', ...check(journalFailure?.message ?? null) },
    { name: 'consumer', ...check(consumer.problem ?? behind) },
  ]
  return { ok: checks.every(({ ok }) => ok), checks }
}

const check = (reason: string | null): Omit<Check, 'name'> =>
  reason === null ? { ok: true } : { ok: false, reason }
