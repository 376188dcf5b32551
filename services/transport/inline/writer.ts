import { type FileHandle, open, rm } from 'node:fs/promises'
import type { Group } from './group.ts'
import { newSegment, type Segment, segmentPath, syncDirectory } from './segment.ts'

/** Appends groups to the last of the segments, and begins a new one when that is full or cannot be trusted. */
export class Writer {
  readonly #directory: string
  readonly #segmentBytes: number
  readonly #segments: Segment[]
  /** Of the last segment; null when the next group has to begin a new one. */
  #handle: FileHandle | null = null

  constructor(directory: string, segmentBytes: number, segments: Segment[]) {
    this.#directory = directory
    this.#segmentBytes = segmentBytes
    this.#segments = segments
  }

  /** Goes on with the last segment, which must be good up to its end. */
  async resume(): Promise<void> {
    this.#handle = await open(this.#last.path, 'r+')
  }

  isWriting(segment: Segment): boolean {
    return this.#handle !== null && segment === this.#last
  }

  /** Makes a group durable. When this fails, `abandon` has to follow. */
  async write(group: Group): Promise<void> {
    if (this.#handle !== null && this.#last.length >= this.#segmentBytes) await this.close()
    this.#handle ??= await this.#begin(group.first)
    await writeFully(this.#handle, group.buffers(), this.#last.length)
    await this.#handle.datasync()
  }

  /**
   * A write or sync has failed. Nobody in the group may be told it is durable, and nothing of it may be delivered
   * besides what is sent again:
   * - It is cut off the file. Should that not reach the disk either, the next segment's name says that it is void.
   * - If the process dies before there is a next segment, the frames may come back when the journal is opened; then
   *   they are durable, and what is sent again is recognised by its fingerprint.
   * After a failed sync nobody knows which pages of the file are on disk, so it is never appended to again.
   */
  async abandon(): Promise<void> {
    const handle = this.#handle
    if (handle === null) return
    const segment = this.#last
    await handle
      .truncate(segment.length)
      .then(() => handle.sync())
      .catch(() => {})
    await handle.close().catch(() => {})
    this.#handle = null
    if (segment.first === segment.end) {
      this.#segments.pop()
      await rm(segment.path, { force: true }).catch(() => {})
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = null
    await handle?.close()
  }

  get #last(): Segment {
    return this.#segments[this.#segments.length - 1]
  }

  /** A new segment, which exists durably before anything in it is acknowledged. */
  async #begin(first: number): Promise<FileHandle> {
    const path = segmentPath(this.#directory, first)
    // There may be one of a group that failed before: nothing in it was ever acknowledged.
    await rm(path, { force: true })
    const handle = await open(path, 'wx')
    try {
      await syncDirectory(this.#directory)
    } catch (error) {
      await handle.close()
      throw error
    }
    this.#segments.push(newSegment(path, first))
    return handle
  }
}

async function writeFully(handle: FileHandle, buffers: Buffer[], position: number): Promise<void> {
  while (buffers.length > 0) {
    const { bytesWritten } = await handle.writev(buffers, position)
    if (bytesWritten === 0) throw new Error('nothing could be written')
    position += bytesWritten
    // A full disk takes a part and says so only the next time.
    let left = bytesWritten
    while (buffers.length > 0 && left >= buffers[0].length) left -= buffers.shift()!.length
    if (left > 0) buffers[0] = buffers[0].subarray(left)
  }
}
