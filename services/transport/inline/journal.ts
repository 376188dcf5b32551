import type { Appended } from '../../contract/accepted.ts'
import type { Notice } from '../../contract/notice.ts'
import type { Source, SourceRecord } from '../../contract/source.ts'
import { errorOf } from '../../contract/thrown.ts'
import { Waiting } from '../waiting.ts'
import { type Clock, systemClock } from './clock.ts'
import { mix } from './fingerprint-set.ts'
import { FINGERPRINT_BYTES, frameBytes, MAX_FRAME } from './frame.ts'
import { Chunks, DUPLICATE, Group } from './group.ts'
import type { Identity } from './identity.ts'
import { Reader } from './reader.ts'
import { type Recovered, recover } from './recover.ts'
import { isFull, type Room, roomLeft } from './room.ts'
import { SEEN_LIMIT, Seen } from './seen.ts'
import { openSeenFiles, type SeenFiles } from './seen-files.ts'
import type { Segment } from './segment.ts'
import { Writer } from './writer.ts'

export interface JournalOptions {
  directory: string
  identity: Identity
  /** Everything below is stored for good; null: nobody knows. */
  position: number | null
  /** Everything below is durable, for it was meant to be stored; null where nothing was. */
  promised?: number | null
  /** A segment is finished at about this size; else at a sixteenth of `maxBytes`, which it may take beyond that. */
  segmentBytes?: number
  /** Of records that are not released yet; beyond it appends are answered "retry". */
  maxBytes?: number
  /** Of records that are not durable yet. */
  maxPendingBytes?: number
  /** What is left to others of the disk; without it, records are taken to the last byte. */
  room?: Room
  /** A payload sent again is recognised for at least so long. */
  seenWindowMs?: number
  /** Fingerprints a window may hold before it is cut short. */
  seenLimit?: number
  clock?: Clock
  notice?: Notice
}

export interface JournalStats {
  /** One past the last durable record. */
  durableEnd: number
  released: number
  /** Of durable records that are not released. */
  bytes: number
  pendingBytes: number
  /** Of the oldest record that is not released, to about a second; 0 when there is none. */
  oldestAgeMs: number
  segments: number
  seen: number
  seenCutShort: number
  /** Cut off when the journal was opened. */
  cutBytes: number
  groups: number
  /** Why the last group was not written; null when it was. */
  failure: Error | null
}

/** A quarter of an hour: more than the ten minutes that are promised. */
const SEEN_WINDOW_MS = 15 * 60_000
const MAX_BYTES = 1 << 30
const SEGMENTS = 16
/** After a failed write: soon enough for an exporter's next attempt, seldom enough not to thrash a full disk. */
const PAUSE_MS = 100

const retry = (why: string): Appended => ({ status: 'retry', error: new Error(why) })
const CLOSED = retry('the journal is closed')
const BUSY = retry('too much is waiting to be written to the journal')
const FULL = retry('the journal is full: the store does not keep up')

export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { directory, identity, position, promised = null, clock = systemClock, notice = () => {} } = options
  const { seenWindowMs: windowMs = SEEN_WINDOW_MS, seenLimit = SEEN_LIMIT } = options
  const { seed } = identity
  const seen = new Seen(windowMs, seenLimit, clock.elapsed)
  const limit = 2 * seenLimit
  const seenFiles = await openSeenFiles({ directory, seed, seen, windowMs, limit, clock, notice })
  const recovered = await recover({ directory, seed, position, promised, seen, notice })
  const segmentBytes = options.segmentBytes ?? (options.maxBytes ?? MAX_BYTES) / SEGMENTS
  const writer = new Writer(directory, segmentBytes, recovered.segments)
  if (recovered.segments.at(-1)?.end === recovered.end) await writer.resume()
  const journal = new Journal({ ...options, clock, notice }, { recovered, writer, seen, seenFiles })
  await journal.release(position ?? journal.oldest)
  return journal
}

/** Makes records durable, many with one sync, and hands them out in order until they are released. */
export class Journal implements Source {
  readonly origin: string
  readonly #seed: number
  readonly #maxBytes: number
  readonly #maxPendingBytes: number
  readonly #hasRoom: (bytes: number) => Promise<Error | null>
  readonly #clock: Clock
  readonly #notice: Notice
  readonly #seen: Seen
  readonly #seenFiles: SeenFiles
  readonly #writer: Writer
  readonly #reader: Reader
  readonly #chunks = new Chunks()
  /** Ascending; the writer adds to it. */
  readonly #segments: Segment[]
  readonly #cutBytes: number
  #durableEnd: number
  #released = 0
  #removable = 0
  #unreleasedBytes = 0
  #gathering: Group
  #writing: Group | null = null
  #running: Promise<void> | null = null
  #releasing: Promise<void> = Promise.resolve()
  #groups = 0
  #failure: Error | null = null
  #pausedUntil = Number.NEGATIVE_INFINITY
  #closed = false
  readonly #waiting = new Waiting()

  /** `openJournal` is the way in. */
  constructor(
    options: JournalOptions & { clock: Clock; notice: Notice },
    parts: { recovered: Recovered; writer: Writer; seen: Seen; seenFiles: SeenFiles },
  ) {
    this.origin = options.identity.origin
    this.#seed = options.identity.seed
    this.#maxBytes = options.maxBytes ?? MAX_BYTES
    this.#maxPendingBytes = options.maxPendingBytes ?? 64 << 20
    this.#hasRoom = options.room === undefined ? async () => null : roomLeft(options.room, options.clock)
    this.#clock = options.clock
    this.#notice = options.notice
    this.#seen = parts.seen
    this.#seenFiles = parts.seenFiles
    this.#writer = parts.writer
    this.#reader = new Reader(this.#seed)
    this.#segments = parts.recovered.segments
    this.#cutBytes = parts.recovered.cutBytes
    this.#durableEnd = parts.recovered.end
    this.#gathering = new Group(this.#durableEnd, this.#chunks)
  }

  /** One past the last durable record. */
  get durableEnd(): number {
    return this.#durableEnd
  }

  /** First record that may still be read. */
  get oldest(): number {
    return this.#segments[0]?.first ?? this.#durableEnd
  }

  /**
   * Answers when the record is durable. Both buffers are copied before this returns. The same fingerprint again
   * within the window is not kept twice: it is answered when the first one is durable, or fails with it.
   */
  append(fingerprint: Buffer, record: Buffer): Promise<Appended> {
    const size = frameBytes(record.length)
    if (size > MAX_FRAME || fingerprint.length !== FINGERPRINT_BYTES)
      throw new RangeError(`a record of ${record.length} bytes with a fingerprint of ${fingerprint.length}`)
    const a = fingerprint.readInt32LE(0)
    const b = fingerprint.readInt32LE(4)
    const c = fingerprint.readInt32LE(8)
    const d = fingerprint.readInt32LE(12)
    const hash = mix(a, b, c, d)
    if (this.#gathering.fingerprints.has(hash, a, b, c, d)) return this.#gathering.duplicate
    if (this.#writing?.fingerprints.has(hash, a, b, c, d)) return this.#writing.duplicate
    if (this.#seen.has(hash, a, b, c, d)) return Promise.resolve(DUPLICATE)

    const refusal = this.#refusal(size)
    if (refusal !== null) return Promise.resolve(refusal)
    const group = this.#gathering
    group.add(this.#seed, Math.max(0, this.#clock.now()), fingerprint, record)
    group.fingerprints.add(hash, a, b, c, d)
    this.#running ??= this.#run()
    return group.settled
  }

  async read(from: number, maxBytes: number): Promise<SourceRecord[]> {
    if (from >= this.#durableEnd) return []
    const segment = this.#segments.find(({ first, end }) => first <= from && from < end)
    if (segment === undefined)
      throw new RangeError(`record ${from} was released; the oldest one of ${this.origin} is ${this.oldest}`)
    return this.#reader.read(segment, from, maxBytes)
  }

  wait(from: number, signal?: AbortSignal): Promise<void> {
    return this.#waiting.until(() => from < this.#durableEnd || this.#closed, signal)
  }

  /** Would releasing up to here remove anything for good? */
  removes(offset: number): boolean {
    return this.#segments.length > 0 && this.#isRemovable(this.#segments[0], offset)
  }

  /**
   * Records below `offset` make room for others; files are removed only below `removable`, to where nobody will ask
   * for them even after a crash. Never fails: what could not be removed is removed by a later call.
   */
  release(offset: number, removable = offset): Promise<void> {
    this.#removable = Math.min(Math.max(this.#removable, removable), this.#durableEnd)
    this.#released = Math.min(Math.max(this.#released, offset), this.#durableEnd)
    this.#unreleasedBytes = 0
    for (const { marks, first, end, length } of this.#segments) {
      marks.forgetBefore(this.#released)
      if (end <= this.#released) continue
      const from = first < this.#released ? (marks.before(this.#released)?.byte ?? 0) : 0
      this.#unreleasedBytes += length - from
    }
    this.#releasing = this.#releasing.then(() => this.#removeReleased())
    return this.#releasing
  }

  stats(): JournalStats {
    const oldest = this.#segments.find(({ end }) => end > this.#released)
    const arrival = oldest?.marks.before(Math.max(this.#released, oldest.first))?.arrival
    return {
      durableEnd: this.#durableEnd,
      released: this.#released,
      bytes: this.#unreleasedBytes,
      pendingBytes: this.#pendingBytes,
      oldestAgeMs: arrival === undefined ? 0 : Math.max(0, this.#clock.now() - arrival),
      segments: this.#segments.length,
      seen: this.#seen.size,
      seenCutShort: this.#seen.cutShort,
      cutBytes: this.#cutBytes,
      groups: this.#groups,
      failure: this.#failure,
    }
  }

  /** Why nothing can be taken at the moment, asked of the disk and not remembered; null when it can. */
  async problem(): Promise<string | null> {
    const refused = await this.#hasRoom(this.#unreleasedBytes)
    if (refused !== null) return refused.message
    // Nobody may have tried since there is room again, perhaps because they ask here first.
    return isFull(this.#failure) ? null : (this.#failure?.message ?? null)
  }

  /** What was appended before is written; what comes after is answered "retry". */
  async close(): Promise<void> {
    this.#closed = true
    this.#waiting.wake()
    await this.#running
    await this.#releasing
    await this.#reader.leave(null)
    await this.#writer.close()
  }

  get #pendingBytes(): number {
    return this.#gathering.bytes + (this.#writing?.bytes ?? 0)
  }

  #refusal(size: number): Appended | null {
    if (this.#closed) return CLOSED
    // One record is always taken, however small the limits.
    const pending = this.#pendingBytes
    if (pending > 0 && pending + size > this.#maxPendingBytes) return BUSY
    const kept = this.#unreleasedBytes + pending
    if (kept > 0 && kept + size > this.#maxBytes) return FULL
    if (this.#failure !== null && this.#clock.elapsed() < this.#pausedUntil)
      return { status: 'retry', error: this.#failure }
    return null
  }

  async #run(): Promise<void> {
    // Everything that arrives in the same turn of the event loop goes into the first group.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#gathering.count > 0) {
      const group = this.#gathering
      this.#writing = group
      this.#gathering = new Group(group.end, this.#chunks)
      // What is acknowledged takes about as much once more in the store, before it goes from here.
      const refused = await this.#hasRoom(group.bytes + this.#unreleasedBytes)
      const failed = refused === null ? await this.#writer.write(group).catch(errorOf) : null
      if (failed) await this.#writer.abandon()
      const error = refused ?? failed
      if (error) this.#refuse(group, error)
      else this.#publish(group)
    }
    this.#running = null
  }

  #publish(group: Group): void {
    const segment = this.#segments[this.#segments.length - 1]
    for (const { offset, byte, arrival } of group.marks)
      segment.marks.note(offset, segment.length + byte, arrival)
    segment.end = group.end
    segment.length += group.bytes
    this.#durableEnd = group.end
    this.#unreleasedBytes += group.bytes
    this.#seen.addAll(group.fingerprints)
    this.#writing = null
    this.#groups++
    this.#failure = null
    group.succeed()
    this.#waiting.wake()
  }

  #refuse(group: Group, error: Error): void {
    if (this.#failure === null) this.#notice('the journal cannot be written', { error, first: group.first })
    // Those that came meanwhile were given offsets after this group's.
    const later = this.#gathering
    this.#gathering = new Group(group.first, this.#chunks)
    this.#writing = null
    this.#failure = error
    this.#pausedUntil = this.#clock.elapsed() + PAUSE_MS
    group.fail(error)
    later.fail(error)
  }

  /** Not the segment being written, nor an empty one at the end, whose name the next one gets. */
  #isRemovable(segment: Segment, offset: number): boolean {
    return segment.end <= offset && segment.first < this.#durableEnd && !this.#writer.isWriting(segment)
  }

  async #removeReleased(): Promise<void> {
    try {
      await this.#seenFiles.expire()
      while (this.#segments.length > 0 && this.#isRemovable(this.#segments[0], this.#removable)) {
        const segment = this.#segments[0]
        await this.#reader.leave(segment)
        await this.#seenFiles.replace(segment)
        // Only this loop removes a segment that is not empty, so it is the first one still.
        this.#segments.shift()
      }
    } catch (thrown) {
      this.#notice('a stored part of the journal could not be removed', { error: errorOf(thrown) })
    }
  }
}
