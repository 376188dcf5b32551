/**
 * How a value is read: as text (a list stands for its first string, as headers come), as text that alone makes a
 * span of any kind an error event, as a whole number (also written out, or as a double), each one by itself
 * (request ids: all are wanted), as it stands, to be looked into later, or as a rate-limit header.
 */
export type Reading = 'text' | 'ours' | 'number' | 'each' | 'raw' | 'header'

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
  /** Number of a further entry of the same name, 0 for none: the user may have given it a second meaning. */
  also: number
}

export const BUCKETS = 1024
/** What the scanner needs of an entry in a hurry: so many numbers, from entry * FACTS. */
const FACTS = 4
export const FACT = Object.freeze({
  /** The name's length, and from bit 8 where it begins in `words`; 0 where it is too short or too long for that. */
  name: 0,
  /** Reading, from bit 4 whether it counts on exceptions, from bit 8 the rank, from bit 16 the meaning. */
  use: 1,
  /** The next entry in the same bucket, 0 for none. */
  chained: 2,
})
/** Readings as numbers; SEVERAL is that of a name with a second entry. */
export const READS: Readonly<Record<Reading, number>> = Object.freeze({
  text: 0,
  ours: 1,
  number: 2,
  each: 3,
  raw: 4,
  header: 5,
})
const SEVERAL = 6

const MAX_RANK = 255
const MAX_WORDS_LENGTH = 127

/**
 * Finds an attribute's name among those that mean something: a hash of its length and two of its bytes leads to a
 * candidate, and a candidate is compared to the last byte, so no other name is ever taken for it.
 *
 * Entries are numbered from 1; 0 is none.
 */
export class NameTable {
  readonly entries: readonly NameEntry[]
  readonly buckets = new Uint16Array(BUCKETS)
  lengthFactor = 1
  lastFactor = 1
  middleFactor = 1
  readonly facts: Int32Array
  /**
   * The names, eight bytes a number: compared as doubles, they are equal exactly if the bytes are (a name spells no
   * NaN, nor zero). The last eight bytes come first, then the others from the front; the last may overlap them.
   */
  readonly words: Float64Array
  private readonly names: Buffer[]

  constructor(named: readonly { name: string; entry: Omit<NameEntry, 'also'> }[]) {
    const nobody: NameEntry = { meaning: 0, rank: 0, reads: 'raw', max: 0, onException: false, also: 0 }
    this.names = [Buffer.alloc(0), ...named.map(({ name }) => Buffer.from(name))]
    this.entries = [
      nobody,
      ...named.map(({ entry }) => ({ ...entry, rank: Math.min(entry.rank, MAX_RANK), also: 0 })),
    ]
    this.facts = new Int32Array(this.names.length * FACTS)
    const distinct = this.chainSame()
    this.words = this.spellWords()
    this.entries.forEach((entry, number) => {
      const reads = entry.also === 0 ? READS[entry.reads] : SEVERAL
      this.facts[number * FACTS + FACT.use] =
        reads | (Number(entry.onException) << 4) | (entry.rank << 8) | (entry.meaning << 16)
    })
    this.fillBuckets(distinct)
  }

  /** The entry of a name, or 0. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end) return 0
    let entry = this.buckets[this.bucketOf(bytes, start, end)]!
    while (entry !== 0 && !this.isNamed(entry, bytes, start, end))
      entry = this.facts[entry * FACTS + FACT.chained]!
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
      if (name.length < 8 || name.length > MAX_WORDS_LENGTH) return
      this.facts[entry * FACTS + FACT.name] = name.length | (words.length << 8)
      words.push(name.readDoubleLE(name.length - 8))
      for (let at = 0; at < name.length - 8; at += 8) words.push(name.readDoubleLE(at))
    })
    return Float64Array.from(words)
  }

  /** Chains the entries of the same name; answers the first of each name. */
  private chainSame(): number[] {
    const last = new Map<string, number>()
    const firsts: number[] = []
    this.names.forEach((name, entry) => {
      if (entry === 0) return
      const same = last.get(name.toString())
      if (same === undefined) firsts.push(entry)
      else this.entries[same]!.also = entry
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
      this.facts[entries[index]! * FACTS + FACT.chained] = this.buckets[bucket]!
      this.buckets[bucket] = entries[index]!
    }
  }

  private use([length, last, middle]: [number, number, number]): void {
    this.lengthFactor = length
    this.lastFactor = last
    this.middleFactor = middle
  }
}
