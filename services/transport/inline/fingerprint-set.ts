// A set of 16-byte fingerprints as four integers each, in one typed array: open addressing, linear probing. A JS Set
// of strings would take ten times the memory and time.

const WORDS = 4
/** Beyond this share of full slots probing gets slow. */
const MAX_LOAD = 0.75

/** Spreads fingerprints that are not spread already. */
export function mix(a: number, b: number, c: number, d: number): number {
  let hash =
    Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}

export class FingerprintSet {
  #slots: Int32Array
  #mask: number
  #used = 0
  /** All zeros marks an empty slot, so that fingerprint is remembered here. */
  #zero = false

  /** `slots` is a power of two. */
  constructor(slots = 64) {
    this.#slots = new Int32Array(slots * WORDS)
    this.#mask = slots - 1
  }

  get size(): number {
    return this.#used + (this.#zero ? 1 : 0)
  }

  /** `hash` is `mix(a, b, c, d)`. */
  has(hash: number, a: number, b: number, c: number, d: number): boolean {
    if ((a | b | c | d) === 0) return this.#zero
    const slots = this.#slots
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) return true
      if ((slots[at] | slots[at + 1] | slots[at + 2] | slots[at + 3]) === 0) return false
    }
  }

  add(hash: number, a: number, b: number, c: number, d: number): void {
    if ((a | b | c | d) === 0) {
      this.#zero = true
      return
    }
    const slots = this.#slots
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) return
      if ((slots[at] | slots[at + 1] | slots[at + 2] | slots[at + 3]) !== 0) continue
      slots[at] = a
      slots[at + 1] = b
      slots[at + 2] = c
      slots[at + 3] = d
      if (++this.#used > MAX_LOAD * (this.#mask + 1)) this.#grow()
      return
    }
  }

  each(visit: (a: number, b: number, c: number, d: number) => void): void {
    if (this.#zero) visit(0, 0, 0, 0)
    const slots = this.#slots
    for (let at = 0; at < slots.length; at += WORDS) {
      if ((slots[at] | slots[at + 1] | slots[at + 2] | slots[at + 3]) !== 0)
        visit(slots[at], slots[at + 1], slots[at + 2], slots[at + 3])
    }
  }

  #grow(): void {
    const larger = new FingerprintSet((this.#mask + 1) * 2)
    this.each((a, b, c, d) => larger.add(mix(a, b, c, d), a, b, c, d))
    this.#slots = larger.#slots
    this.#mask = larger.#mask
  }
}
