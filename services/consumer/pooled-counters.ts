import { type ConsumerCounters, newConsumerCounters } from './consume.ts'

/** The counters of many consumers that come and go, read as those of one. */
export interface PooledCounters {
  total: ConsumerCounters
  /** For one more consumer. */
  add(): ConsumerCounters
  /** It has ended: what it counted stays, what is wrong with it does not matter any more. */
  remove(counters: ConsumerCounters): void
}

const SUMS = ['blocks', 'records', 'overflowed', 'replays', 'retries'] as const

export function pooledCounters(): PooledCounters {
  const gone = newConsumerCounters()
  const active = new Set<ConsumerCounters>()
  const total = {
    get recovered() {
      return [...active].every(({ recovered }) => recovered)
    },
    get problem() {
      return [...active].find(({ problem }) => problem !== null)?.problem ?? null
    },
  } as ConsumerCounters
  for (const name of SUMS)
    Object.defineProperty(total, name, {
      get: () => [...active].reduce((sum, one) => sum + one[name], gone[name]),
    })
  return {
    total,
    add() {
      const counters = newConsumerCounters()
      active.add(counters)
      return counters
    },
    remove(counters) {
      if (!active.delete(counters)) return
      for (const name of SUMS) gone[name] += counters[name]
    },
  }
}
