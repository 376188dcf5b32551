import { type ConsumerCounters, newConsumerCounters } from './consume.ts'

/** The counters of many consumers that come and go, read as those of one. */
export interface PooledCounters {
  total: Readonly<ConsumerCounters>
  /** For one more consumer. */
  add(): ConsumerCounters
  /** It has ended: what it counted stays, what is wrong with it does not matter any more. */
  remove(counters: ConsumerCounters): void
}

const SUMS = ['blocks', 'records', 'overflowed', 'replays', 'retries'] as const

export function pooledCounters(): PooledCounters {
  const gone = newConsumerCounters()
  const active = new Set<ConsumerCounters>()
  const sum = (name: (typeof SUMS)[number]) => [...active].reduce((so, one) => so + one[name], gone[name])
  const total: Readonly<ConsumerCounters> = {
    get blocks() {
      return sum('blocks')
    },
    get records() {
      return sum('records')
    },
    get overflowed() {
      return sum('overflowed')
    },
    get replays() {
      return sum('replays')
    },
    get retries() {
      return sum('retries')
    },
    get recovered() {
      return [...active].every(({ recovered }) => recovered)
    },
    get problem() {
      return [...active].find(({ problem }) => problem !== null)?.problem ?? null
    },
    get refused() {
      return [...active].some(({ refused }) => refused)
    },
  }
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
