/** Kept for the next answers: as much as waits in queues, and what is on its way. */
const MOST_FREE_BYTES = 32 << 20

/**
 * Memory for large answers of a broker, used again once all records in one are done with. An answer is a few megabytes
 * outside the heap that live for a second; made anew each time they make the engine mark the whole heap for their sake,
 * over and over, at twice the cost of decoding the spans in them.
 *
 * Memory that is used again is taken from whoever still looks at it: their views become empty, and the buffer under
 * them `detached`. So what is read is what was received, or nothing.
 */
export class Frames {
  readonly #free: ArrayBuffer[] = []
  #freeBytes = 0
  readonly #uses = new WeakMap<ArrayBuffer, { holds: number; hasRecords: boolean }>()

  /** For an answer; held until it is dropped. */
  take(bytes: number): Buffer<ArrayBuffer> {
    const size = 2 ** Math.ceil(Math.log2(bytes))
    const found = this.#free.findIndex(({ byteLength }) => byteLength === size)
    const [memory] =
      found < 0 ? [Buffer.allocUnsafeSlow(size).buffer as ArrayBuffer] : this.#free.splice(found, 1)
    if (found >= 0) this.#freeBytes -= size
    this.#uses.set(memory!, { holds: 1, hasRecords: false })
    return Buffer.from(memory!, 0, bytes)
  }

  /** A record that lies in an answer, or anywhere else, is needed. */
  hold({ buffer }: Uint8Array): void {
    const use = this.#uses.get(buffer as ArrayBuffer)
    if (use === undefined) return
    use.holds++
    use.hasRecords = true
  }

  /** It is not any more. */
  drop({ buffer }: Uint8Array): void {
    const use = this.#uses.get(buffer as ArrayBuffer)
    // An answer without records is somebody else's; when they are done with it nobody says.
    if (use === undefined || --use.holds > 0 || !use.hasRecords) return
    if (this.#freeBytes + buffer.byteLength > MOST_FREE_BYTES) return
    this.#freeBytes += buffer.byteLength
    this.#free.push((buffer as ArrayBuffer).transfer())
  }

  /** Its memory is in use for something else: it was handed on too late, and has to be asked for again. */
  isGone({ buffer }: Uint8Array): boolean {
    return (buffer as ArrayBuffer).detached
  }

  /** How much of it lies in memory that is not used again. */
  bytesOutside(record: Uint8Array | null): number {
    return record === null || this.#uses.has(record.buffer as ArrayBuffer) ? 0 : record.length
  }
}
