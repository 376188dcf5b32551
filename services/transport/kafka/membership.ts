import type { Consumer } from 'kafkajs'

/** Codes of the broker's that mean: you are not a member any more, or not of this generation. */
const NOT_A_MEMBER = [
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'FENCED_INSTANCE_ID',
  'REBALANCE_IN_PROGRESS',
]
const JOIN_GROUP = 11

export interface MembershipEvents {
  /** The group is about to be joined anew. Everything in the same turn still belongs to the old assignment. */
  rebalancing(): void
  joined(partitions: number[]): void
  /** Offsets up to `end` hold nothing to read: control records, aborted or compacted ones. */
  skipped(partition: number, end: number): void
  /** `restarts`: by itself. */
  crashed(error: Error, restarts: boolean): void
}

/**
 * Which partitions are this process's, as of this very moment. The broker refuses commits of a member that is stamped
 * with an older generation, but it does not look whose partition is committed, and kafkajs stamps with the newest
 * generation it has. So nothing counts as owned from the answer to a request to join on (which comes before kafkajs
 * has the new generation) until the new assignment is known; and not after a time without any sign from the broker
 * in which it may have given the partitions to others.
 */
export class Membership {
  /** Changes with every assignment. */
  epoch = 0
  readonly #consumer: Consumer
  readonly #topic: string
  readonly #sessionMs: number
  #owned = new Set<number>()
  #isSettled = false
  #aliveAt = Number.NEGATIVE_INFINITY
  readonly #since = performance.now()

  constructor(consumer: Consumer, topic: string, sessionMs: number) {
    this.#consumer = consumer
    this.#topic = topic
    this.#sessionMs = sessionMs
  }

  get isJoined(): boolean {
    return this.#isSettled
  }

  owns(partition: number): boolean {
    return (
      this.#isSettled && this.#owned.has(partition) && performance.now() - this.#aliveAt < this.#sessionMs
    )
  }

  /** How long the broker has not said that this is a member. */
  get silentMs(): number {
    return performance.now() - Math.max(this.#since, this.#aliveAt)
  }

  /** The broker has just said that this is a member. */
  alive(): void {
    this.#aliveAt = performance.now()
  }

  /** A commit was refused. Which one is up to the broker; that it is joined anew, to kafkajs. */
  refused(error: { type?: string }): void {
    if (NOT_A_MEMBER.includes(error.type ?? '')) this.#isSettled = false
  }

  on({ rebalancing, joined, skipped, crashed }: MembershipEvents): void {
    const { events, on } = this.#consumer
    on(events.HEARTBEAT, () => this.alive())
    on(events.REBALANCING, () => rebalancing())
    on(events.REQUEST, ({ payload }) => {
      if (payload.apiKey === JOIN_GROUP) this.#isSettled = false
    })
    on(events.GROUP_JOIN, ({ payload }) => {
      const partitions = payload.memberAssignment[this.#topic] ?? []
      this.#owned = new Set(partitions)
      this.#isSettled = true
      this.epoch++
      this.alive()
      joined(partitions)
    })
    on(events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) skipped(payload.partition, Number(payload.lastOffset) + 1)
    })
    on(events.CRASH, ({ payload }) => {
      this.#isSettled = false
      crashed(payload.error, payload.restart)
    })
  }
}
