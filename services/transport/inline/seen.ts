import { FingerprintSet, mix } from './fingerprint-set.ts'

const SHARDS = 256

/** 20,000 payloads a second for three minutes, or 4,000 for a quarter of an hour; 128 MB at most. */
export const SEEN_LIMIT = 4_000_000

/**
 * The fingerprints of the last `windowMs` (and up to twice that), in two generations: the older one is dropped whole.
 * Ages are measured by a clock that never jumps. What is read from disk at the start counts as new: how old it really
 * is only the wall clock could say, which may have jumped, and to know a payload for longer than promised is no harm.
 */
export class Seen {
  readonly #windowMs: number
  readonly #limit: number
  readonly #elapsed: () => number
  #current = newGeneration()
  #previous = newGeneration()
  #currentSize = 0
  #previousSize = 0
  #since: number
  /** How often the window had to be cut short because there were too many fingerprints. */
  cutShort = 0

  constructor(windowMs: number, limit: number, elapsed: () => number) {
    this.#windowMs = windowMs
    this.#limit = limit
    this.#elapsed = elapsed
    this.#since = elapsed()
  }

  get size(): number {
    return this.#currentSize + this.#previousSize
  }

  /** `hash` is `mix(a, b, c, d)`. */
  has(hash: number, a: number, b: number, c: number, d: number): boolean {
    this.#age()
    const shard = hash >>> 24
    return this.#current[shard].has(hash, a, b, c, d) || this.#previous[shard].has(hash, a, b, c, d)
  }

  hasAt(bytes: Buffer, at: number): boolean {
    const [a, b, c, d] = wordsAt(bytes, at)
    return this.has(mix(a, b, c, d), a, b, c, d)
  }

  addAt(bytes: Buffer, at: number): void {
    const [a, b, c, d] = wordsAt(bytes, at)
    this.#add(mix(a, b, c, d), a, b, c, d)
  }

  addAll(fingerprints: FingerprintSet): void {
    this.#age()
    fingerprints.each((a, b, c, d) => this.#add(mix(a, b, c, d), a, b, c, d))
  }

  #add(hash: number, a: number, b: number, c: number, d: number): void {
    if (this.#currentSize >= this.#limit) {
      this.cutShort++
      this.#turn()
    }
    const shard = this.#current[hash >>> 24]
    const before = shard.size
    shard.add(hash, a, b, c, d)
    this.#currentSize += shard.size - before
  }

  #age(): void {
    const age = this.#elapsed() - this.#since
    if (age < this.#windowMs) return
    this.#turn()
    // Nothing came for so long that the generation just put back is too old as well.
    if (age >= 2 * this.#windowMs) this.#turn()
  }

  #turn(): void {
    this.#previous = this.#current
    this.#previousSize = this.#currentSize
    this.#current = newGeneration()
    this.#currentSize = 0
    this.#since = this.#elapsed()
  }
}

/** Many small tables instead of one: growing them one by one never stops the process for long. */
const newGeneration = (): FingerprintSet[] => Array.from({ length: SHARDS }, () => new FingerprintSet(16))

const wordsAt = (bytes: Buffer, at: number): [number, number, number, number] => [
  bytes.readInt32LE(at),
  bytes.readInt32LE(at + 4),
  bytes.readInt32LE(at + 8),
  bytes.readInt32LE(at + 12),
]
