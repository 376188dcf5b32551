/** Vendors keep a key for a day; who sends that many more calls in a day knows its attempts by other means. */
const AT_LEAST = 5000
/** A power of two, with two thirds always free: what is looked for is found within a step or two. */
const SLOTS = 16384
/** Of a hash, 48 bits: two among so many never share them. */
const DIGITS = 12

/**
 * How often each call id was sent. Bounded: those that were not sent for longest go, a generation at a time. Most keys
 * are sent once and never looked for again, so that nothing is made for a key that the garbage collector would have to
 * carry along.
 */
export class SentKeys {
  private recent: Generation | null = null
  private earlier: Generation | null = null

  /** The attempt that this send is, 0 for the first. */
  next(id: string): number {
    const key = numberOf(id)
    const attempt = this.sent(key)
    this.remember(key, attempt + 1)
    return attempt
  }

  /** A redirect or an auth challenge came back: sending it once more is no retry. */
  takeBack(id: string): void {
    const key = numberOf(id)
    const sent = this.sent(key)
    if (sent > 0) this.remember(key, sent - 1)
  }

  private sent(key: number): number {
    return this.recent?.get(key) ?? this.earlier?.get(key) ?? 0
  }

  private remember(key: number, sent: number): void {
    let recent = this.recent
    if (recent === null || recent.size >= AT_LEAST) {
      recent = this.earlier ?? new Generation()
      recent.clear()
      this.earlier = this.recent
      this.recent = recent
    }
    recent.set(key, sent)
  }
}

/** Numbers by numbers, in memory that is taken once. */
class Generation {
  /** 0 where the slot is free. */
  private readonly keys = new Float64Array(SLOTS)
  private readonly values = new Uint32Array(SLOTS)
  size = 0

  get(key: number): number | undefined {
    const slot = this.slotOf(key)
    return this.keys[slot] === key ? this.values[slot] : undefined
  }

  set(key: number, value: number): void {
    const slot = this.slotOf(key)
    if (this.keys[slot] !== key) this.size++
    this.keys[slot] = key
    this.values[slot] = value
  }

  clear(): void {
    this.keys.fill(0)
    this.size = 0
  }

  /** Where it is, or would be. */
  private slotOf(key: number): number {
    const { keys } = this
    let slot = key & (SLOTS - 1)
    while (keys[slot] !== key && keys[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
    return slot
  }
}

/** Of the beginning of a text of hexadecimal digits; never 0. */
function numberOf(id: string): number {
  let number = 0
  for (let i = 0; i < DIGITS; i++) {
    const code = id.charCodeAt(i)
    number = number * 16 + (code <= NINE ? code - ZERO : code - BEFORE_A)
  }
  return number + 1
}
const ZERO = '0'.charCodeAt(0)
const NINE = '9'.charCodeAt(0)
const BEFORE_A = 'a'.charCodeAt(0) - 10
