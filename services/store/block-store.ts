import type { Notice } from '../contract/notice.ts'
import { DONE, type Outcome, type Range } from '../contract/stages.ts'
import type { TableName } from '../contract/tables.ts'
import { errorOf } from '../contract/thrown.ts'
import type { Client } from './client.ts'
import { insertAgain, insertBlock } from './insert.ts'
import { mend } from './mend.ts'
import type { Retention } from './retention.ts'
import { type InTurn, turns } from './turns.ts'

/**
 * What the consumer needs of the store: blocks that go in once, and a second look where that is in doubt, in turn with
 * whatever else removes or moves rows.
 */
export function blockStore(client: Client, retention: Retention, notice: Notice, inTurn: InTurn = turns()) {
  return {
    insert: (table: TableName, native: Buffer[], token: string): Promise<Outcome> =>
      insertBlock(client, table, native, token),

    async mend(check: {
      range: Range
      expected: Record<TableName, { rows: number; calls: number }>
      days: number[]
      native: (table: TableName) => Buffer[]
    }): Promise<Outcome> {
      const putBack = async (table: TableName, fromDay: number) => {
        const outcome = await insertAgain(client, table, check.native(table), fromDay)
        if (outcome.status !== 'done') throw outcome.error
      }
      try {
        const mended = await inTurn(() =>
          mend(client, { ...check, insertAgain: putBack }, retention, Date.now()),
        )
        if (mended.base.length + mended.derived.length > 0)
          notice('mended what an interrupted insert had left', { ...check.range, ...mended })
        if (mended.unexplained.length > 0)
          notice('tables disagree in a way that no crash explains; left as they are', { ...mended })
        return DONE
      } catch (thrown) {
        return { status: 'retry', error: errorOf(thrown) }
      }
    },
  }
}
