import type { Block } from '../../services/consumer/block.ts'
import type { Query } from '../../services/store/queries/query.ts'

/** What every table holds, as numbers that must agree with what was sent. */
export interface Ledger {
  errors: number
  differentErrors: number
  attempts: number
  differentAttempts: number
  samples: number
  calls: number
  derived: Record<string, number>
}

const COUNTS = ['10s', 'minute', 'hour', 'day']
const IDS = (table: string) =>
  `(SELECT sum((request_id != '') + (trace_id != toFixedString('', 16)) + (call_id != '') + if(other_request_ids = '', 0, length(splitByChar('\\n', other_request_ids)))) FROM ${table})`

/** The store's ledger, in one question: there are many of these looks, and each question costs by itself. */
export async function ledgerOf(query: Query): Promise<Ledger> {
  const amounts: Record<string, string> = {
    errors: 'SELECT count() AS n FROM errors',
    differentErrors: 'SELECT uniqExact(origin, origin_offset, origin_index) AS n FROM errors',
    attempts: 'SELECT count() AS n FROM attempts',
    differentAttempts: 'SELECT uniqExact(origin, origin_offset, origin_index) AS n FROM attempts',
    samples: 'SELECT count() AS n FROM quota_samples',
    calls: 'SELECT sum(calls) AS n FROM traffic',
    ids_of_errors: "SELECT countIf(source = 'errors') AS n FROM requests",
    ids_of_attempts: "SELECT countIf(source = 'attempts') AS n FROM requests",
  }
  for (const step of COUNTS) {
    amounts[`errors_by_${step}`] = `SELECT sum(count) AS n FROM errors_by_${step}`
    amounts[`traffic_by_${step}`] = `SELECT sum(calls) AS n FROM traffic_by_${step}`
  }
  for (const table of ['codes_by_minute', 'codes_by_hour', 'codes'])
    amounts[table] = `SELECT sum(count) AS n FROM ${table}`
  const rows = await query(
    Object.entries(amounts)
      .map(([name, sql]) => `SELECT '${name}' AS name, n FROM (${sql})`)
      .join(' UNION ALL '),
  )
  const found = Object.fromEntries(rows.map(({ name, n }) => [String(name), Number(n)])) as Record<
    string,
    number
  >
  const { errors, differentErrors, attempts, differentAttempts, samples, calls, ...derived } = found
  return { errors, differentErrors, attempts, differentAttempts, samples, calls, derived } as Ledger
}

/** What the blocks must have made of it. The number of ids is asked of the rows, which are checked by themselves. */
export async function ledgerMustBe(query: Query, blocks: Block[]): Promise<Ledger> {
  const total = (pick: (block: Block) => number) => blocks.reduce((sum, block) => sum + pick(block), 0)
  const errors = total((block) => block.expected('errors').rows)
  const attempts = total((block) => block.expected('attempts').rows)
  const calls = total((block) => block.expected('traffic').calls)
  const derived: Record<string, number> = {}
  for (const step of COUNTS) {
    derived[`errors_by_${step}`] = errors
    derived[`traffic_by_${step}`] = calls
  }
  derived.codes_by_minute = derived.codes_by_hour = derived.codes = errors
  const [ids] = await query(`SELECT ${IDS('errors')} AS errors, ${IDS('attempts')} AS attempts`)
  derived.ids_of_errors = Number(ids!.errors)
  derived.ids_of_attempts = Number(ids!.attempts)
  return {
    errors,
    differentErrors: errors,
    attempts,
    differentAttempts: attempts,
    samples: total((block) => block.expected('quota_samples').rows),
    calls,
    derived,
  }
}
