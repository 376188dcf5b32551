import { type FileHandle, open } from 'node:fs/promises'
import type { SourceRecord } from '../../contract/source.ts'
import { claimedBytes, FRAME_HEADER, frameArrival, frameOffset, scanFrames } from './frame.ts'
import { JournalProblem } from './problem.ts'
import { readFully, type Segment } from './segment.ts'

/** Reads durable records in order and keeps its place: the file it is in and the byte it has come to. */
export class Reader {
  readonly #seed: number
  #segment: Segment | null = null
  #handle: FileHandle | null = null
  #offset = 0
  #byte = 0
  /** One at a time: they share the place. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Records from `from`, which is in `segment`, up to its durable end or about `maxBytes`; at least one. */
  read(segment: Segment, from: number, maxBytes: number): Promise<SourceRecord[]> {
    return this.#next(() => this.#read(segment, from, maxBytes))
  }

  /** Lets go of a segment that is about to be removed; of any, when none is given. */
  leave(segment: Segment | null): Promise<void> {
    return this.#next(async () => {
      if (segment !== null && this.#segment !== segment) return
      const handle = this.#handle
      this.#segment = null
      this.#handle = null
      await handle?.close()
    })
  }

  #next<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#last.then(step)
    this.#last = done.catch(() => {})
    return done
  }

  async #read(segment: Segment, from: number, maxBytes: number): Promise<SourceRecord[]> {
    const handle = await this.#enter(segment)
    if (this.#offset !== from) this.#seek(segment, from)

    const records: SourceRecord[] = []
    // More may become durable meanwhile; this answer keeps to what is now.
    const { length } = segment
    let size = maxBytes
    while (records.length === 0 && this.#byte < length) {
      const bytes = Buffer.allocUnsafe(Math.min(Math.max(size, FRAME_HEADER), length - this.#byte))
      const filled = await readFully(handle, bytes, bytes.length, this.#byte)
      const scan = scanFrames(bytes, 0, filled, this.#offset, this.#seed, (at, frame) => {
        const offset = frameOffset(bytes, at)
        // Unless the reader has just been sent here, there is nothing to skip.
        if (offset < from) return
        const record = bytes.subarray(at + FRAME_HEADER, at + frame)
        records.push({ offset, arrival: frameArrival(bytes, at), record })
      })
      const claimed = claimedBytes(bytes, scan.at, filled) ?? 0
      const cut = filled < bytes.length || (scan.verdict === 'short' && this.#byte + filled >= length)
      if (cut || scan.verdict === 'bad')
        throw new JournalProblem(
          'damaged',
          `${segment.path} is damaged at byte ${this.#byte + scan.at}: record ${scan.offset}, which was acknowledged, ` +
            'cannot be read. Stop, check the disk, and restore the file from a copy.',
        )
      this.#byte += scan.at
      this.#offset = scan.offset
      size = Math.max(maxBytes, claimed)
    }
    return records
  }

  async #enter(segment: Segment): Promise<FileHandle> {
    if (this.#segment === segment && this.#handle !== null) return this.#handle
    const before = this.#handle
    this.#segment = null
    this.#handle = null
    await before?.close()
    const handle = await open(segment.path, 'r')
    this.#segment = segment
    this.#handle = handle
    this.#offset = segment.first
    this.#byte = 0
    return handle
  }

  #seek(segment: Segment, from: number): void {
    const mark = segment.marks.before(from)
    this.#offset = mark?.offset ?? segment.first
    this.#byte = mark?.byte ?? 0
  }
}
