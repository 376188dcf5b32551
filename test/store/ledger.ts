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

/** The store's ledger. */
export async function ledgerOf(query: Query): Promise<Ledger> {
  const one = async (sql: string) => Number((await query(`SELECT (${sql}) AS n`))[0]!.n ?? 0)
  const derived: Record<string, number> = {}
  for (const step of COUNTS) {
    derived[`errors_by_${step}`] = await one(`SELECT sum(count) FROM errors_by_${step}`)
    derived[`traffic_by_${step}`] = await one(`SELECT sum(calls) FROM traffic_by_${step}`)
  }
  derived.codes_by_minute = await one('SELECT sum(count) FROM codes_by_minute')
  derived.codes_by_hour = await one('SELECT sum(count) FROM codes_by_hour')
  derived.codes = await one('SELECT sum(count) FROM codes')
  derived.ids_of_errors = await one("SELECT count() FROM requests WHERE source = 'errors'")
  derived.ids_of_attempts = await one("SELECT count() FROM requests WHERE source = 'attempts'")
  return {
    errors: await one('SELECT count() FROM errors'),
    differentErrors: await one('SELECT uniqExact(origin, origin_offset, origin_index) FROM errors'),
    attempts: await one('SELECT count() FROM attempts'),
    differentAttempts: await one('SELECT uniqExact(origin, origin_offset, origin_index) FROM attempts'),
    samples: await one('SELECT count() FROM quota_samples'),
    calls: await one('SELECT sum(calls) FROM traffic'),
    derived,
  }
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
