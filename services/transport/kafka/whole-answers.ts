import type { Frames } from './frames.ts'

/** Where reading begins; an answer that fits is copied off it. */
const DESK_BYTES = 64 << 10
const LENGTH_BYTES = 4
/** Whoever announces more does not speak Kafka's protocol. */
const MOST_BYTES = 1 << 30

/**
 * Cuts what a broker sends into its answers, each after its length. A large one is read straight into memory of its
 * own size, so that nobody has to put its pieces together.
 */
export function wholeAnswers(
  frames: Frames,
  { answer, broken }: { answer: (bytes: Buffer) => void; broken: (error: Error) => void },
) {
  const desk = Buffer.allocUnsafeSlow(DESK_BYTES)
  let filled = 0
  /** The large answer that is coming, and how much of it has come. */
  let coming: Buffer | null = null
  let come = 0
  /** The large one before. It is decoded, and its records are held, by the time that another one begins to come. */
  let last: Buffer | null = null

  function begin(size: number): Buffer {
    if (last !== null) frames.drop(last)
    last = frames.take(size)
    return last
  }

  function clearDesk(): void {
    let at = 0
    while (filled - at >= LENGTH_BYTES) {
      const size = LENGTH_BYTES + desk.readInt32BE(at)
      if (size < LENGTH_BYTES || size > MOST_BYTES) {
        broken(new Error(`an answer of ${size} bytes: this is not a Kafka broker`))
        at = filled
        break
      }
      const here = Math.min(size, filled - at)
      if (size > DESK_BYTES) {
        coming = begin(size)
        come = desk.copy(coming, 0, at, at + here)
        at = filled
        break
      }
      if (here < size) break
      answer(Buffer.from(desk.subarray(at, at + size)))
      at += size
    }
    desk.copyWithin(0, at, filled)
    filled -= at
  }

  return {
    /** Where the next bytes go. */
    room: (): Buffer => (coming === null ? desk.subarray(filled) : coming.subarray(come)),
    /** So many have come there. */
    came(count: number): void {
      if (coming === null) {
        filled += count
        clearDesk()
        return
      }
      come += count
      if (come < coming.length) return
      const whole = coming
      coming = null
      answer(whole)
    },
  }
}
