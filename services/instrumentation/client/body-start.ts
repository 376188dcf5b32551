import { decompressed } from './decompressed.ts'

/** An error is said at the beginning; more of it is never looked at. */
const MOST_BYTES = 8192

/** The first bytes of a body, as they pass by. The chunks are the client's own: nothing is copied but a few joined. */
export class BodyStart {
  private chunks: Uint8Array[] = []
  private length = 0

  get isFull(): boolean {
    return this.length >= MOST_BYTES
  }

  add(chunk: unknown): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk.slice(0, MOST_BYTES)) : chunk
    if (!(bytes instanceof Uint8Array) || bytes.length === 0 || this.isFull) return
    const part = bytes.length > MOST_BYTES - this.length ? bytes.subarray(0, MOST_BYTES - this.length) : bytes
    this.chunks.push(part)
    this.length += part.length
  }

  /** What was seen, not compressed; null where there is nothing to read. */
  read(contentEncoding: string): Uint8Array | null {
    if (this.length === 0) return null
    const bytes = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks, this.length)
    this.chunks = []
    return decompressed(bytes, contentEncoding)
  }
}
