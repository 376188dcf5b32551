import type { Source, SourceRecord } from '../../contract/source.ts'
import { Waiting } from '../waiting.ts'
import type { Frames } from './frames.ts'
import type { Resends } from './resends.ts'

/** A message as it came, and whether it is to be left out. */
export interface Queued extends SourceRecord {
  isResend: boolean
}

const NOTHING = Buffer.alloc(0)

/**
 * The records of one partition between Kafka, which pushes, and the consumer, which asks. What was read stays until
 * something behind it is asked for, and its memory is used again then. A resend comes out as an empty record: nothing to count, and the offsets stay whole.
 */
export class PartitionQueue implements Source {
  readonly origin: string
  /** The next offset that Kafka has to give. */
  end: number
  /** The end of the log, as Kafka said last. */
  high = 0
  readonly #resends: Resends
  readonly #frames: Frames
  readonly #limitBytes: number
  readonly #onRoom: () => void
  #records: Queued[] = []
  #bytes = 0
  #closed = false
  #isFull = false
  /** Up to here the ranges that records go into are written down. */
  #intended: number
  readonly #waiting = new Waiting()

  constructor(
    origin: string,
    from: number,
    parts: { resends: Resends; frames: Frames; limitBytes: number; onRoom: () => void },
  ) {
    this.origin = origin
    this.end = this.#intended = from
    this.#resends = parts.resends
    this.#frames = parts.frames
    this.#limitBytes = parts.limitBytes
    this.#onRoom = parts.onRoom
  }

  /** True: Kafka should wait until there is room again. */
  push(records: Queued[], end: number): boolean {
    if (this.#closed) return false
    for (const record of records) {
      this.#frames.hold(record.record)
      this.#records.push(record)
      this.#bytes += record.record.length
    }
    this.end = Math.max(this.end, end)
    this.#isFull = this.#bytes >= this.#limitBytes
    if (records.length > 0) this.#waiting.wake()
    return this.#isFull
  }

  get isFull(): boolean {
    return this.#isFull
  }

  /** Not where a range has to end before what has come does: its block should not wait for more. */
  isBehind(): boolean {
    return (
      !this.#closed &&
      this.end < this.high &&
      this.#resends.barrier(this.#intended) === Number.POSITIVE_INFINITY
    )
  }

  get bytes(): number {
    return this.#bytes
  }

  async read(from: number, maxBytes: number): Promise<SourceRecord[]> {
    this.#dropBefore(from)
    if (this.#closed) return []
    const barrier = this.#resends.barrier(this.#intended)
    const answer: SourceRecord[] = []
    let bytes = 0
    for (const { offset, arrival, record, isResend } of this.#records) {
      if (offset >= barrier || (answer.length > 0 && bytes + record.length > maxBytes)) break
      bytes += record.length
      answer.push({ offset, arrival, record: isResend ? NOTHING : record })
    }
    return answer
  }

  wait(from: number, signal?: AbortSignal): Promise<void> {
    return this.#waiting.until(() => {
      if (this.#closed) return true
      const next = this.#records.find(({ offset }) => offset >= from)
      return next !== undefined && next.offset < this.#resends.barrier(this.#intended)
    }, signal)
  }

  async release(offset: number): Promise<void> {
    this.#resends.forgetBefore(offset)
  }

  intended(end: number): void {
    this.#intended = end
    this.#waiting.wake()
  }

  /** Gives nothing more. What somebody is still at work on stays as it is. */
  close(): void {
    this.#closed = true
    this.#records = []
    this.#bytes = 0
    this.#waiting.wake()
  }

  #dropBefore(offset: number): void {
    let count = 0
    while (count < this.#records.length && this.#records[count]!.offset < offset) {
      const { record } = this.#records[count++]!
      this.#bytes -= record.length
      this.#frames.drop(record)
    }
    if (count > 0) this.#records.splice(0, count)
    // Half empty before Kafka is asked again, lest it be stopped and started for every message.
    if (this.#isFull && this.#bytes <= this.#limitBytes / 2) {
      this.#isFull = false
      this.#onRoom()
    }
  }
}
