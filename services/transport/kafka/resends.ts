import { SEEN_LIMIT, Seen } from '../inline/seen.ts'
import type { Runs } from './note.ts'

/** As long as the journal knows payloads: clients have given up by then. */
const WINDOW_MS = 10 * 60_000
/** A commit's note has room for so many. */
export const RUNS_A_RANGE = 300
/** From where to read again need not be exact to the record. */
const MARK_MS = 30_000

/**
 * Knows the payloads that a client sent again and intake wrote again, by the hash that intake gives each. They have one
 * key and so one partition. Which records of a range were taken for resends is written down with the intent, for
 * whoever delivers the range again may remember less, or more.
 */
export class Resends {
  readonly #seen = new Seen(WINDOW_MS, SEEN_LIMIT, () => performance.now())
  /** What was written down when the partition was taken over. */
  readonly #written: Runs
  readonly #writtenFrom: number
  readonly #writtenEnd: number
  #runs: [first: number, length: number][] = []
  /** Where records with a hash begin, every half minute of theirs. */
  #marks: { offset: number; arrival: number }[] = []

  constructor(written: Runs, range: { first: number; end: number } | undefined) {
    this.#written = written
    this.#writtenFrom = range?.first ?? 0
    this.#writtenEnd = range?.end ?? 0
  }

  /** Asked of every record, in order. */
  isResend(offset: number, arrival: number, hash: Buffer | null): boolean {
    if (hash === null) return false
    this.#mark(offset, arrival)
    const known = this.#seen.hasAt(hash, 0)
    this.#seen.addAt(hash, 0)
    const isIn = offset >= this.#writtenFrom && offset < this.#writtenEnd
    const resend = isIn
      ? this.#written.some(([first, length]) => first <= offset && offset < first + length)
      : known
    if (resend) {
      const last = this.#runs.at(-1)
      if (last !== undefined && last[0] + last[1] === offset) last[1]++
      else this.#runs.push([offset, 1])
    }
    return resend
  }

  /** Read before, for what it says of what came lately. */
  remember(offset: number, arrival: number, hash: Buffer | null): void {
    if (hash === null) return
    this.#mark(offset, arrival)
    this.#seen.addAt(hash, 0)
  }

  within(first: number, end: number): Runs {
    return this.#runs.flatMap(([at, length]) => {
      const from = Math.max(at, first)
      const to = Math.min(at + length, end)
      return to > from ? [[from, to - from] as const] : []
    })
  }

  /** The first record that a range from `first` on has no room for any more. */
  barrier(first: number): number {
    let left = RUNS_A_RANGE
    for (const [at, length] of this.#runs) if (at + length > first && left-- === 0) return at
    return Number.POSITIVE_INFINITY
  }

  forgetBefore(offset: number): void {
    this.#runs = this.#runs.filter(([at, length]) => at + length > offset)
  }

  get recentFrom(): number | null {
    return this.#marks[0]?.offset ?? null
  }

  #mark(offset: number, arrival: number): void {
    const last = this.#marks.at(-1)
    if (last !== undefined && arrival - last.arrival < MARK_MS) return
    this.#marks.push({ offset, arrival })
    // The mark before the window's start stays: records between it and the next one lie within.
    while (this.#marks.length > 1 && this.#marks[1]!.arrival < arrival - WINDOW_MS) this.#marks.shift()
  }
}
