import type { Ledger } from '../contract/ledger.ts'
import { DONE, type Outcome, type Range } from '../contract/stages.ts'
import { TABLE_NAMES, type TableName } from '../contract/tables.ts'
import type { Block, ExpectedRows } from './block.ts'

/** What delivery asks of the store. */
export interface BlockStore {
  /** One table's part of a block, once: the same token again changes nothing. */
  insert(table: TableName, native: Buffer[], token: string): Promise<Outcome>
  /** Makes the base tables hold exactly what is expected of a range, and the rollups agree with them. */
  mend(check: {
    range: Range
    expected: Record<TableName, ExpectedRows>
    days: number[]
    native: (table: TableName) => Buffer[]
  }): Promise<Outcome>
}

/**
 * The heart of exactly once, the same for a journal and for Kafka: say durably which records the next block is made
 * of, insert it under a token that follows from that range, make sure where there is doubt, move on.
 *
 * Whoever dies on the way, or fails, finds the intended range in the ledger, makes the same block of it again and
 * comes back here. That the intent stands already is the doubt: some of the block may be in the store.
 */
export async function deliver(store: BlockStore, ledger: Ledger, block: Block): Promise<Outcome> {
  const { origin, first, end } = block
  const { intent } = ledger.read()
  const doubt = intent !== null && intent.first === first && intent.end === end
  if (!doubt) {
    const intended = await settled(ledger.intend({ first, end, shape: block.shape }))
    if (intended.status !== 'done') return intended
  }
  for (const table of block.tables) {
    const outcome = await store.insert(table, block.native(table), `${origin}:${first}-${end}:${table}`)
    if (outcome.status !== 'done') return outcome
  }
  if (doubt) {
    const outcome = await store.mend({
      range: { origin, first, end },
      expected: Object.fromEntries(TABLE_NAMES.map((table) => [table, block.expected(table)])) as Record<
        TableName,
        ExpectedRows
      >,
      days: [...block.days].sort((a, b) => a - b),
      native: (table) => block.native(table),
    })
    if (outcome.status !== 'done') return outcome
  }
  return settled(ledger.advance(end))
}

/** A ledger that cannot be written now (a full disk, a coordinator gone) is a reason to try again. */
const settled = (step: Promise<void>): Promise<Outcome> =>
  step.then(
    () => DONE,
    (error: Error) => ({ status: 'retry', error }),
  )
