import type { Reading } from './attributes.ts'

export interface NameEntry {
  /** Number of the meaning. */
  meaning: number
  /** Place among the names of the meaning; a lower one wins. */
  rank: number
  reads: Reading
  /** Largest number that makes sense. */
  max: number
  /** Means the same on an exception event. */
  onException: boolean
}

/** What is known of an entry: this many numbers from entry * FACTS. */
export const FACTS = 8
export const FACT = Object.freeze({
  /** Of the name, in bytes. */
  length: 0,
  /** Where the name begins in `words`. */
  word: 1,
  /** The next entry in the same bucket, 0 for none. */
  chained: 2,
  /** A further entry of the same name: the user may have given it a second meaning. */
  also: 3,
  meaning: 4,
  rank: 5,
  reads: 6,
  onException: 7,
})

/** How a value is read, as a number. */
export const READS: Readonly<Record<Reading, number>> = Object.freeze({
  text: 0,
  ours: 1,
  number: 2,
  each: 3,
  raw: 4,
})

export const BUCKETS = 1024
const MAX_RANK = 255

/**
 * Finds an attribute's name among those that mean something: a hash of its length and two of its bytes leads to a
 * candidate, and a candidate is compared to the last byte, so no other name is ever taken for it.
 *
 * Entries are numbered from 1; 0 is none.
 */
export class NameTable {
  readonly buckets = new Uint16Array(BUCKETS)
  lengthFactor = 1
  lastFactor = 1
  middleFactor = 1
  readonly facts: Int32Array
  readonly max: Float64Array
  /**
   * The names, eight bytes a number: compared as doubles, they are equal exactly if the bytes are (a name spells no
   * NaN, nor zero). The last eight bytes come first, then the others from the front, the last of which may overlap them.
   * Shorter names have none.
   */
  readonly words: Float64Array
  private readonly names: Buffer[]

  constructor(named: readonly { name: string; entry: NameEntry }[]) {
    this.names = [Buffer.alloc(0), ...named.map(({ name }) => Buffer.from(name))]
    this.max = Float64Array.from([0, ...named.map(({ entry }) => entry.max)])
    this.facts = new Int32Array(this.names.length * FACTS)
    named.forEach(({ entry }, index) => {
      this.set(index + 1, 'length', this.names[index + 1]!.length)
      this.set(index + 1, 'meaning', entry.meaning)
      this.set(index + 1, 'rank', Math.min(entry.rank, MAX_RANK))
      this.set(index + 1, 'reads', READS[entry.reads])
      this.set(index + 1, 'onException', Number(entry.onException))
    })
    this.words = this.spellWords()
    this.fillBuckets(this.distinct())
  }

  fact(entry: number, name: keyof typeof FACT): number {
    return this.facts[entry * FACTS + FACT[name]]!
  }

  private set(entry: number, name: keyof typeof FACT, value: number): void {
    this.facts[entry * FACTS + FACT[name]] = value
  }

  /** The entry of a name, or 0. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end) return 0
    let entry = this.buckets[this.bucketOf(bytes, start, end)]!
    while (entry !== 0 && !this.isNamed(entry, bytes, start, end)) entry = this.fact(entry, 'chained')
    return entry
  }

  private bucketOf(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    const hash =
      Math.imul(length, this.lengthFactor) +
      Math.imul(bytes[end - 1]!, this.lastFactor) +
      Math.imul(bytes[start + (length >> 1)]!, this.middleFactor)
    return (hash >>> 7) & (BUCKETS - 1)
  }

  private isNamed(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const name = this.names[entry]!
    if (name.length !== end - start) return false
    for (let at = start; at < end; at++) if (bytes[at] !== name[at - start]) return false
    return true
  }

  private spellWords(): Float64Array {
    const words: number[] = []
    this.names.forEach((name, entry) => {
      this.set(entry, 'word', words.length)
      if (name.length < 8) return
      words.push(name.readDoubleLE(name.length - 8))
      for (let at = 0; at < name.length - 8; at += 8) words.push(name.readDoubleLE(at))
    })
    return Float64Array.from(words)
  }

  /** The first entry of each name; further ones are chained to it. */
  private distinct(): number[] {
    const last = new Map<string, number>()
    const firsts: number[] = []
    this.names.forEach((name, entry) => {
      if (entry === 0) return
      const same = last.get(name.toString())
      if (same === undefined) firsts.push(entry)
      else this.set(same, 'also', entry)
      last.set(name.toString(), entry)
    })
    return firsts
  }

  /** Tries factors until no two names meet; where many names make that impossible, the best of the tries. */
  private fillBuckets(entries: number[]): void {
    const bucketsOf = () =>
      entries.map((entry) => this.bucketOf(this.names[entry]!, 0, this.names[entry]!.length))
    let seed = 1
    const draw = () => {
      seed = Math.imul(seed, 0x41c64e6d) + 12_345
      return seed | 1
    }
    let best = { meetings: Number.POSITIVE_INFINITY, factors: [1, 1, 1] as [number, number, number] }
    for (let attempt = 0; attempt < 500 && best.meetings > 0; attempt++) {
      const factors: [number, number, number] = [draw(), draw(), draw()]
      this.use(factors)
      const meetings = entries.length - new Set(bucketsOf()).size
      if (meetings < best.meetings) best = { meetings, factors }
    }
    this.use(best.factors)
    // The first of a bucket is found first, so the chains are made from the end.
    const buckets = bucketsOf()
    for (let index = entries.length - 1; index >= 0; index--) {
      const bucket = buckets[index]!
      this.set(entries[index]!, 'chained', this.buckets[bucket]!)
      this.buckets[bucket] = entries[index]!
    }
  }

  private use([length, last, middle]: [number, number, number]): void {
    this.lengthFactor = length
    this.lastFactor = last
    this.middleFactor = middle
  }
}
