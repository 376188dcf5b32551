import type { Ledger } from '../contract/ledger.ts'
import type { Outcome, Range } from '../contract/stages.ts'
import { TABLE_NAMES, type TableName } from '../contract/tables.ts'
import type { Block, Expected } from './block.ts'

/** What delivery asks of the store. */
export interface BlockStore {
  /** One table's part of a block, once: the same token again changes nothing. */
  insert(table: TableName, native: Buffer[], token: string): Promise<Outcome>
  /** Makes the base tables hold exactly what is expected of a range, and the rollups agree with them. */
  mend(check: {
    range: Range
    expected: Record<TableName, Expected>
    days: number[]
    native: (table: TableName) => Buffer[]
  }): Promise<Outcome>
}

/**
 * The heart of exactly once, the same for a journal and for Kafka: say durably which records the next block is made
 * of, insert it under a token that follows from that range, make sure where there is doubt, move on.
 *
 * Whoever dies on the way finds the intended range in the ledger, makes the same block of it again and comes here
 * with `doubt`. A `retry` outcome leaves everything as it was said: call again with the same block, in doubt.
 */
export async function deliver(store: BlockStore, ledger: Ledger, block: Block, doubt: boolean): Promise<Outcome> {
  const { origin, first, end } = block
  if (!doubt) await ledger.intend({ first, end })
  const token = `${origin}:${first}-${end}`
  for (const table of block.tables) {
    const outcome = await store.insert(table, block.native(table), `${token}:${table}`)
    if (outcome.status !== 'done') return outcome
  }
  if (doubt) {
    const expected = Object.fromEntries(TABLE_NAMES.map((table) => [table, block.expected(table)])) as Record<
      TableName,
      Expected
    >
    const outcome = await store.mend({
      range: { origin, first, end },
      expected,
      days: [...block.days].sort((a, b) => a - b),
      native: (table) => block.native(table),
    })
    if (outcome.status !== 'done') return outcome
  }
  await ledger.advance(end)
  return { status: 'done' }
}
