import type { Ledger } from '../../contract/ledger.ts'
import { type BetweenBlocks, betweenBlocks } from './between-blocks.ts'

export interface BetweenAll extends Pick<BetweenBlocks, 'run'> {
  /** One more ledger, until `signal` aborts; what is given back is for the consumer to use. */
  add(ledger: Ledger, signal: AbortSignal): Ledger
}

/** Between the blocks of many consumers, as many as this process has at the moment. */
export function betweenAll(): BetweenAll {
  const all = new Set<BetweenBlocks>()
  return {
    add(ledger, signal) {
      const between = betweenBlocks(ledger, async () => {})
      all.add(between)
      signal.addEventListener('abort', () => all.delete(between), { once: true })
      return between.ledger
    },
    async run<T>(work: () => Promise<T>, patienceMs: number): Promise<T | null> {
      let held: () => Promise<T | null> = work
      for (const between of all) {
        const inner = held
        held = async () => (await between.run(async () => ({ of: await inner() }), patienceMs))?.of ?? null
      }
      return held()
    },
  }
}
