import type { Intent, Ledger } from '../../contract/ledger.ts'
import { mustEnd, mustFollow } from '../ledger-order.ts'
import { writeNote } from './note.ts'
import type { PartitionQueue } from './queue.ts'
import type { Resends } from './resends.ts'
import type { Takeover } from './takeover.ts'

/** Commits an offset with its note; rejects where the partition is not this consumer's any more. */
export type Commit = (offset: number, note: string) => Promise<void>

/** What the broker has of a group and partition. */
export interface Committed {
  offset: number
  metadata: string | null
}

/** A ledger that moved on without an intent is committed when nothing happens for so long. */
const IDLE_MS = 1000

/**
 * How far the consumer of a partition has come, in the group's commits: the offset is the position, the note that
 * travels with it says what is intended from there on. As with the journal, `advance` is carried by the next `intend`.
 */
export class PartitionLedger implements Ledger {
  readonly #generation: string
  readonly #commit: Commit
  readonly #resends: Resends
  readonly #queue: PartitionQueue
  #position: number
  #intent: Intent | null = null
  #ranges: Intent[]
  #stale = false
  #closed = false
  #idle: NodeJS.Timeout | null = null
  #saving: Promise<void> = Promise.resolve()
  /** What the broker has, or may have where a commit was not answered. */
  #committed: Committed[]

  constructor(
    { generation, position, ranges }: Takeover,
    parts: { committed: Committed; commit: Commit; resends: Resends; queue: PartitionQueue },
  ) {
    this.#generation = generation
    this.#position = position
    this.#ranges = ranges
    this.#committed = [parts.committed]
    this.#commit = parts.commit
    this.#resends = parts.resends
    this.#queue = parts.queue
  }

  read(): { position: number; intent: Intent | null } {
    return { position: this.#position, intent: this.#intent ?? this.#ranges[0] ?? null }
  }

  get position(): number {
    return this.#position
  }

  async intend(intent: Intent): Promise<void> {
    mustFollow(this.read(), intent)
    this.#intent = intent
    try {
      await this.#save()
    } catch (error) {
      // The broker may have it nevertheless. Then whoever comes next delivers it, which is what was wanted anyway.
      this.#intent = null
      this.#stale = true
      throw error
    }
    this.#queue.intended(intent.end)
  }

  async advance(end: number): Promise<void> {
    const place = this.read()
    mustEnd(place, end)
    if (this.#intent === null && place.intent !== null) {
      this.#ranges = this.#ranges.slice(1)
      this.#queue.intended(end)
    }
    this.#position = end
    this.#intent = null
    this.#stale = true
    if (this.#idle !== null) this.#idle.refresh()
    else this.#idle = setTimeout(() => this.flush().catch(() => {}), IDLE_MS).unref()
  }

  async flush(): Promise<void> {
    // While ranges of an earlier life are delivered again, what the broker has is as good.
    if (this.#stale && !this.#closed && this.read().intent === null) await this.#save()
    else await this.#saving
  }

  /** Is this what this ledger left with the broker? */
  left({ offset, metadata }: Committed): boolean {
    return this.#committed.some((one) => one.offset === offset && one.metadata === metadata)
  }

  close(): void {
    this.#closed = true
    if (this.#idle !== null) clearTimeout(this.#idle)
  }

  #save(): Promise<void> {
    const saved = this.#saving
      .catch(() => {})
      .then(async () => {
        const offset = this.#position
        const note = this.#note()
        this.#stale = false
        this.#committed.push({ offset, metadata: note })
        try {
          await this.#commit(offset, note)
        } catch (error) {
          this.#stale = true
          throw error
        }
        this.#committed = this.#committed.slice(-1)
      })
    this.#saving = saved
    saved.catch(() => {})
    return saved
  }

  #note(): string {
    const intent = this.#intent
    const { recentFrom } = this.#resends
    return writeNote({
      generation: this.#generation,
      intent,
      resends: intent === null ? [] : this.#resends.within(intent.first, intent.end),
      recentFrom: recentFrom !== null && recentFrom < this.#position ? recentFrom : null,
    })
  }
}
