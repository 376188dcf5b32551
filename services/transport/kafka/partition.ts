import type { KafkaMessage } from 'kafkajs'
import type { Ledger } from '../../contract/ledger.ts'
import type { Source } from '../../contract/source.ts'
import type { Frames } from './frames.ts'
import { type Commit, PartitionLedger } from './ledger.ts'
import { hashOf } from './payload-hash.ts'
import { PartitionQueue, type Queued } from './queue.ts'
import { Resends } from './resends.ts'
import type { Takeover } from './takeover.ts'

/** One partition while it is this process's, as its consumer sees it. */
export interface Partition {
  partition: number
  source: Source
  ledger: Ledger
  /** Asked before anything is changed in the store: who has lost the partition must leave that to others. */
  isOwned(): boolean
  /** Aborts when there will be nothing more. */
  signal: AbortSignal
}

export interface PartitionConsumer {
  done: Promise<void>
  stop(): Promise<void>
}

/** The next stage: begins to consume. */
export type Consume = (partition: Partition) => PartitionConsumer

export interface RunParts {
  takeover: Takeover
  /** What the broker has of the group for this partition. */
  committed: { offset: number; metadata: string | null }
  commit: Commit
  isOwned: () => boolean
  consume: Consume
  queueBytes: number
  frames: Frames
  onRoom: () => void
}

const EMPTY = Buffer.alloc(0)

/** A partition from its takeover to its loss. */
export class PartitionRun {
  readonly partition: number
  readonly queue: PartitionQueue
  readonly ledger: PartitionLedger
  readonly consumer: PartitionConsumer
  readonly #resends: Resends
  readonly #position: number
  /** When records came that are not stored yet, a batch each. */
  #arrivals: { end: number; arrival: number }[] = []
  #isOurs = true
  readonly #ending = new AbortController()

  constructor(
    partition: number,
    { takeover, committed, commit, isOwned, consume, queueBytes, frames, onRoom }: RunParts,
  ) {
    const { origin, position, readFrom, resends, ranges } = takeover
    this.partition = partition
    this.#position = position
    this.#resends = new Resends(resends ?? [], resends === null ? undefined : ranges[0])
    this.queue = new PartitionQueue(origin, readFrom, {
      resends: this.#resends,
      limitBytes: queueBytes,
      frames,
      onRoom,
    })
    this.ledger = new PartitionLedger(takeover, {
      committed,
      commit,
      resends: this.#resends,
      queue: this.queue,
    })
    this.queue.intended(position)
    this.consumer = consume({
      partition,
      source: this.queue,
      ledger: this.ledger,
      isOwned: () => this.#isOurs && isOwned(),
      signal: this.#ending.signal,
    })
  }

  get isOurs(): boolean {
    return this.#isOurs
  }

  /** Age of the oldest record that is not stored; 0 when there is none. */
  lagMs(now: number): number {
    const { position } = this.ledger
    while (this.#arrivals.length > 0 && this.#arrivals[0]!.end <= position) this.#arrivals.shift()
    const oldest = this.#arrivals[0]
    return oldest === undefined ? 0 : Math.max(0, now - oldest.arrival)
  }

  /** A batch as Kafka has it, `end` past its last offset; true when Kafka should wait. */
  push(messages: KafkaMessage[], end: number): boolean {
    const records: Queued[] = []
    for (const message of messages) {
      const offset = Number(message.offset)
      // After a rebalance Kafka begins again with what was committed.
      if (offset < this.queue.end) continue
      const arrival = Number(message.timestamp)
      const hash = hashOf(message)
      if (offset < this.#position) this.#resends.remember(offset, arrival, hash)
      else {
        const isResend = this.#resends.isResend(offset, arrival, hash)
        records.push({ offset, arrival, record: message.value ?? EMPTY, isResend })
      }
    }
    if (records.length > 0) this.#arrivals.push({ end, arrival: records[0]!.arrival })
    return this.queue.push(records, end)
  }

  /** Another consumer's from now on, or soon. What is on its way into the store is as good as its successor's. */
  abandon(): void {
    this.#isOurs = false
    this.ledger.close()
    this.#end()
    void this.consumer.stop().catch(() => {})
  }

  /** Delivers what the consumer has in hand, and commits it. */
  async finish(): Promise<void> {
    this.#end()
    await this.consumer.stop()
    await this.ledger.flush()
    this.ledger.close()
    this.#isOurs = false
  }

  #end(): void {
    this.queue.close()
    this.#ending.abort()
  }
}
