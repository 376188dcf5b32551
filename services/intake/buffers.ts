const SMALLEST = 64 * 1024
/** Kept for the next requests; a few exporters' bodies at a time. */
const MOST_FREE = 16 * 1024 * 1024

/**
 * Lends memory for bodies and takes it back. Bodies are large and live for a millisecond: made anew for each request,
 * collecting them costs more than decoding the spans in them.
 */
export function createBuffers() {
  const free = new Map<number, Buffer[]>()
  let freeBytes = 0
  return {
    /** At least so many bytes, holding anything. */
    take(bytes: number): Buffer {
      const size = sizeFor(bytes)
      const found = free.get(size)?.pop()
      if (found === undefined) return Buffer.allocUnsafeSlow(size)
      freeBytes -= size
      return found
    },
    give(buffer: Buffer): void {
      if (freeBytes + buffer.length > MOST_FREE) return
      freeBytes += buffer.length
      const same = free.get(buffer.length)
      if (same === undefined) free.set(buffer.length, [buffer])
      else same.push(buffer)
    },
  }
}

/** Powers of two, so that bodies of about the same size share. */
const sizeFor = (bytes: number): number => Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(bytes)))
