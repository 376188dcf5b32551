const APART_BYTES = 64 << 10
const APART_MS = 1000

/** Where in a segment some of its frames begin, and when those came: enough to seek, and to tell sizes and ages. */
export class Marks {
  readonly #offsets: number[] = []
  readonly #bytes: number[] = []
  readonly #arrivals: number[] = []

  /** Remembers the frame if it is far enough from the last one remembered, in bytes or in time. */
  note(offset: number, byte: number, arrival: number): void {
    const last = this.#offsets.length - 1
    if (
      last >= 0 &&
      byte - this.#bytes[last] < APART_BYTES &&
      Math.abs(arrival - this.#arrivals[last]) < APART_MS
    )
      return
    this.#offsets.push(offset)
    this.#bytes.push(byte)
    this.#arrivals.push(arrival)
  }

  /** The last remembered frame at or before `offset`. */
  before(offset: number): { offset: number; byte: number; arrival: number } | null {
    const index = this.#indexBefore(offset)
    if (index < 0) return null
    return { offset: this.#offsets[index], byte: this.#bytes[index], arrival: this.#arrivals[index] }
  }

  /** Nobody asks for frames before this one any more. */
  forgetBefore(offset: number): void {
    const unneeded = this.#indexBefore(offset)
    if (unneeded <= 0) return
    for (const column of [this.#offsets, this.#bytes, this.#arrivals]) column.splice(0, unneeded)
  }

  #indexBefore(offset: number): number {
    let low = 0
    let high = this.#offsets.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#offsets[middle] <= offset) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
