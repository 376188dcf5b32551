import { setTimeout as delay } from 'node:timers/promises'
import type { Ledger } from '../../contract/ledger.ts'

/** What has not been stored for so long waits for a store that is down. */
const PATIENCE_MS = 30_000
const LOOK_EVERY_MS = 20

/** Waits until the records below `end` are in the store, as those below the ledger's position are; false: in vain. */
export async function storedUpTo(end: number, ledger: Pick<Ledger, 'read'>): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS
  while (ledger.read().position < end) {
    if (performance.now() > deadline) return false
    await delay(LOOK_EVERY_MS)
  }
  return true
}
