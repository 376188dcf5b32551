import type { Appended } from '../../contract/accepted.ts'
import { FingerprintSet } from './fingerprint-set.ts'
import { type FrameHead, frameBytes, writeFrame } from './frame.ts'

const CHUNK_BYTES = 1 << 20
const SPARE_CHUNKS = 8

/** What became of an append: a resend of something durable is done as well. */

const STORED: Appended = Object.freeze({ status: 'done', duplicate: false })
export const DUPLICATE: Appended = Object.freeze({ status: 'done', duplicate: true })

/** Memory for groups, used again and again. */
export class Chunks {
  readonly #spare: Buffer[] = []

  take(bytes: number): Buffer {
    if (bytes > CHUNK_BYTES) return Buffer.allocUnsafeSlow(bytes)
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES)
  }

  give(chunk: Buffer): void {
    if (chunk.length === CHUNK_BYTES && this.#spare.length < SPARE_CHUNKS) this.#spare.push(chunk)
  }
}

/** Records that are written and synced together, and share one fate. */
export class Group {
  readonly first: number
  readonly fingerprints = new FingerprintSet()
  /** The same answer for everyone in the group. */
  readonly settled: Promise<Appended>
  /** The frame each chunk begins with, and at which byte of the group. */
  readonly marks: { offset: number; byte: number; arrival: number }[] = []
  count = 0
  bytes = 0
  readonly #chunks: Chunks
  readonly #settle: (appended: Appended) => void
  #duplicate: Promise<Appended> | null = null
  readonly #filled: Buffer[] = []
  #chunk: Buffer | null = null
  #used = 0

  constructor(first: number, chunks: Chunks) {
    this.first = first
    this.#chunks = chunks
    const { promise, resolve } = Promise.withResolvers<Appended>()
    this.settled = promise
    this.#settle = resolve
  }

  get end(): number {
    return this.first + this.count
  }

  /** The answer for a resend of something in the group. */
  get duplicate(): Promise<Appended> {
    this.#duplicate ??= this.settled.then((appended) => (appended.status === 'done' ? DUPLICATE : appended))
    return this.#duplicate
  }

  /** Copies everything; the buffers are the caller's again. */
  add(seed: number, arrival: number, fingerprint: Buffer, record: Buffer): void {
    const size = frameBytes(record.length)
    if (this.#chunk === null || this.#used + size > this.#chunk.length) {
      this.#finishChunk()
      this.#chunk = this.#chunks.take(size)
      this.marks.push({ offset: this.end, byte: this.bytes, arrival })
    }
    const head: FrameHead = { offset: this.end, arrival, place: this.count }
    writeFrame(this.#chunk, this.#used, seed, head, fingerprint, record)
    this.#used += size
    this.bytes += size
    this.count++
  }

  /** All frames, in order, in few pieces. */
  buffers(): Buffer[] {
    this.#finishChunk()
    return [...this.#filled]
  }

  succeed(): void {
    this.#end(STORED)
  }

  fail(error: Error): void {
    this.#end({ status: 'retry', error })
  }

  #end(appended: Appended): void {
    this.#finishChunk()
    for (const piece of this.#filled) this.#chunks.give(Buffer.from(piece.buffer))
    this.#filled.length = 0
    this.#settle(appended)
  }

  #finishChunk(): void {
    if (this.#chunk !== null) this.#filled.push(this.#chunk.subarray(0, this.#used))
    this.#chunk = null
    this.#used = 0
  }
}
