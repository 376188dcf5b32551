import type { Ledger } from '../../contract/ledger.ts'
import { turns } from './turns.ts'

export interface BetweenBlocks {
  /** The ledger for the consumer to use. */
  ledger: Ledger
  /**
   * Runs `work` while no block is on its way into the store: nothing is intended, everything below the position is
   * stored, a crash would not look at it again, and the next block waits. Null when that moment has not come within
   * `patienceMs`: a block cannot be stored.
   */
  run<T>(work: () => Promise<T>, patienceMs: number): Promise<T | null>
}

/**
 * From `intend` to `advance` is one turn, each `work` another. A block is delivered again and again until the store
 * takes it, so its turn may be long; it ends with the process at the latest. `settle` makes the position durable.
 */
export function betweenBlocks(inner: Ledger, settle: () => Promise<void>): BetweenBlocks {
  const inTurn = turns()
  let finished = () => {}
  const delivering = (begin: () => Promise<void>): Promise<void> =>
    new Promise((begun, failed) => {
      void inTurn(async () => {
        try {
          await begin()
        } catch (error) {
          failed(error)
          return
        }
        const delivered = Promise.withResolvers<void>()
        finished = delivered.resolve
        begun()
        await delivered.promise
      })
    })
  // What a crash has left behind is on its way from the start.
  if (inner.read().intent !== null) void delivering(async () => {})

  return {
    ledger: {
      read: () => inner.read(),
      intend: (intent) => delivering(() => inner.intend(intent)),
      async advance(end) {
        await inner.advance(end)
        finished()
      },
    },
    run(work, patienceMs) {
      return new Promise((resolve, reject) => {
        let waiting = true
        const patience = setTimeout(() => {
          waiting = false
          resolve(null)
        }, patienceMs)
        void inTurn(async () => {
          clearTimeout(patience)
          if (waiting) await settle().then(work).then(resolve, reject)
        })
      })
    },
  }
}
