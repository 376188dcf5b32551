import type { TurnClient } from '../turns/writers.ts'
import { settleErasures } from './erase.ts'
import { settleReclassifications } from './reclassify.ts'
import type { Retention } from './retention.ts'

// What was done to rows on purpose and failed in the middle is put right at once; on a full disk that cannot be. It is
// owed then, and made good before rows and rollups are compared, or changed on purpose, again.

type Debt = 'erasures' | 'reclassifications'

export interface Unsettled {
  owe(...debts: Debt[]): void
  /** Fails while it cannot be made good; then nothing may be compared. */
  settle(client: TurnClient): Promise<void>
}

export function nothingUnsettled(retention: Retention): Unsettled {
  const owed = new Set<Debt>()
  return {
    owe(...debts) {
      for (const debt of debts) owed.add(debt)
    },
    async settle(client) {
      if (owed.has('erasures')) await settleErasures(client)
      owed.delete('erasures')
      if (owed.has('reclassifications')) await settleReclassifications(client, retention)
      owed.delete('reclassifications')
    },
  }
}
