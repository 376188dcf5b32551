import type { Notice } from '../../contract/notice.ts'
import { DONE, type Outcome, type Range } from '../../contract/stages.ts'
import type { TableName } from '../../contract/tables.ts'
import { errorOf } from '../../contract/thrown.ts'
import type { Client } from '../client.ts'
import { adviceOn } from '../connect/server-check.ts'
import type { Writers } from '../turns/writers.ts'
import type { Retention } from '../upkeep/retention.ts'
import { nothingUnsettled, type Unsettled } from '../upkeep/unsettled.ts'
import { insertBlock } from './insert.ts'
import { mend } from './mend.ts'

/**
 * What the consumer needs of the store: blocks that go in once, and a second look where that is in doubt, in turn with
 * whatever else removes or moves rows.
 */
export function blockStore(
  client: Client,
  retention: Retention,
  notice: Notice,
  writers: Writers,
  unsettled: Unsettled = nothingUnsettled(retention),
) {
  return {
    /** A token begins with its block's origin and range. */
    insert: (table: TableName, native: Buffer[], token: string): Promise<Outcome> =>
      writers
        .inserting(originOf(token), (guard) => insertBlock(client, table, native, token, guard))
        .then(advised),

    async mend(check: {
      range: Range
      expected: Record<TableName, { rows: number; calls: number }>
      days: number[]
      native: (table: TableName) => Buffer[]
    }): Promise<Outcome> {
      try {
        const mended = await writers.inTurn(async (alone) => {
          // An insert of this range that hangs somewhere must not arrive when it has been looked at.
          await writers.claim(check.range.origin)
          await unsettled.settle(alone)
          return mend(alone, check, retention, Date.now())
        })
        if (mended.base.length + mended.derived.length > 0)
          notice('mended what an interrupted insert had left', { ...check.range, ...mended })
        if (mended.unexplained.length > 0)
          notice('tables disagree in a way that no crash explains; left as they are', { ...mended })
        return DONE
      } catch (thrown) {
        return advised({ status: 'retry', error: errorOf(thrown) })
      }
    },
  }
}

/** `origin:first-end:table`; an origin may have colons. */
const originOf = (token: string): string => token.split(':').slice(0, -2).join(':')

/** What stops blocks is said on /readyz and in the log: with what to do about it, where that is known. */
function advised(outcome: Outcome): Outcome {
  if (outcome.status === 'done') return outcome
  const advice = adviceOn(outcome.error)
  if (advice === null) return outcome
  const { status, error } = outcome
  return {
    status,
    error: new Error(`the store refuses a block: ${error.message.trim()} — ${advice}`, { cause: error }),
  }
}
