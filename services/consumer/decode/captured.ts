import { ARRAY, DOUBLE, firstString, INT, NOTHING, STRING, value, wholeNumber } from './any-value.ts'
import type { NameTable } from './name-table.ts'

/** A place is four numbers: its key, then the value's kind and bounds. */
export const PLACE = 4
export const HEADER = 2 * PLACE
const MOST_MEANINGS = 64

/** Keys leave this much room within a span: for each rank of a name, on the span and on its exception. */
const RANKS = 512
const LAST_KEY = 0x7fff_ffff - 2 * RANKS
/** Request ids and rate-limit headers kept of one span; far more than any sender means. */
export const MOST_EACH = 16

// The engine folds constants of a module's own, and looks imported ones up at each use.
const KEY = 0
const KIND = 1
const START = 2
const END = 3

/**
 * The places of one span's wanted values, by meaning. A place is taken by a key that grows from span to span and,
 * within a span, from the worst name of a meaning to its best: so one comparison decides whether a value replaces
 * what is there, and nothing has to be cleared between spans.
 */
export class Captured {
  bytes: Buffer = Buffer.alloc(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  /** Keys above it belong to this span. */
  private base = 0
  /** The key of a meaning's best name. */
  bestKey = 0
  readonly places = new Int32Array(MOST_MEANINGS * PLACE)
  /** By meaning, where numbers are wanted. */
  readonly numbers = new Float64Array(MOST_MEANINGS)
  /** Attributes seen so far. */
  attributes = 0

  /** The request ids in order of appearance; the key is the name's rank. */
  idCount = 0
  readonly ids = new Int32Array(MOST_EACH * PLACE)
  /**
   * The rate-limit headers in order of appearance, HEADER numbers each: a place whose key is the header's number among
   * LIMIT_HEADERS or -1, then in that case the bounds of its name.
   */
  headerCount = 0
  readonly headers = new Int32Array(MOST_EACH * HEADER)

  /** An attribute that alone makes a span of any kind an error event. */
  hasOurs = false
  hasException = false
  hasLimits = false
  /** Values there was no room for. */
  dropped = 0

  /** Bounds of the text that `text` or `idText` answered. */
  textStart = 0
  textEnd = 0
  private readonly spelled = Buffer.alloc(32)
  readonly spelledView: DataView = new DataView(this.spelled.buffer, this.spelled.byteOffset, 32)
  private readonly table: NameTable

  constructor(table: NameTable) {
    this.table = table
  }

  use(bytes: Buffer, view: DataView): void {
    this.bytes = bytes
    this.view = view
  }

  begin(): void {
    if (this.base >= LAST_KEY) {
      this.places.fill(0)
      this.base = 0
    }
    this.base += RANKS
    this.bestKey = this.base + RANKS - 1
    this.attributes = this.idCount = this.headerCount = this.dropped = 0
    this.hasOurs = this.hasException = this.hasLimits = false
  }

  has(meaning: number): boolean {
    return this.places[meaning << 2]! > this.base
  }

  /** The number captured for a meaning, or -1. */
  numberOf(meaning: number): number {
    return this.places[meaning << 2]! > this.base ? this.numbers[meaning]! : -1
  }

  /** The text of a meaning that is there: answers the bytes, and sets its bounds in them. */
  text(meaning: number): Buffer {
    return this.textAt(this.places, meaning << 2)
  }

  /** Likewise, of a place in any of the lists. */
  textAt(places: Int32Array, place: number): Buffer {
    this.textStart = places[place + START]!
    this.textEnd = places[place + END]!
    return places[place + KIND] === INT ? this.spell() : this.bytes
  }

  /** A number where text is wanted: its decimal digits. */
  private spell(): Buffer {
    let number = 0n
    for (let at = this.textEnd - 1; at >= this.textStart; at--)
      number = (number << 7n) | BigInt(this.bytes[at]! & 127)
    this.textStart = 0
    this.textEnd = this.spelled.write(String(BigInt.asIntN(64, number)), 'latin1')
    return this.spelled
  }

  /** Takes `value` for a table entry; answers 0 or a problem with the bytes. `fromEvent` is 1 for an event's attribute. */
  take(entry: number, fromEvent: number): number {
    const { meaning, rank, reads, max } = this.table.entries[entry]!
    if (reads !== 'raw' && value.kind === ARRAY) {
      const problem = firstString(this.bytes)
      if (problem < 0) return problem
    }
    const { kind } = value
    if (kind === NOTHING || (kind === STRING && value.start === value.end)) return 0
    const key = this.bestKey - 2 * rank - fromEvent
    const isBetter = key >= this.places[meaning << 2]!
    switch (reads) {
      case 'text':
      case 'ours':
        if (kind === DOUBLE) return 0
        if (reads === 'ours') this.hasOurs = true
        break
      case 'number': {
        const number = wholeNumber(this.bytes, this.view, kind, value.start, value.end)
        if (number < 0 || number > max) return 0
        if (isBetter) this.numbers[meaning] = number
        break
      }
      case 'raw':
        this.hasLimits = true
        break
      case 'each':
        if (kind !== DOUBLE) this.addId(rank)
        return 0
      case 'header':
        this.addHeader(rank, 0, 0)
        return 0
    }
    if (isBetter) put(this.places, meaning << 2, key)
    return 0
  }

  /** Takes `value` for a rate-limit header that is no entry of the table; answers 0 or a problem. */
  takeHeader(nameStart: number, nameEnd: number): number {
    if (value.kind === ARRAY) {
      const problem = firstString(this.bytes)
      if (problem < 0) return problem
    }
    this.addHeader(-1, nameStart, nameEnd)
    return 0
  }

  private addHeader(known: number, nameStart: number, nameEnd: number): void {
    const { headers } = this
    if (value.kind !== INT && (value.kind !== STRING || value.start === value.end)) return
    if (this.headerCount === MOST_EACH) {
      this.dropped++
      return
    }
    const place = this.headerCount++ * HEADER
    put(headers, place, known)
    headers[place + PLACE] = nameStart
    headers[place + PLACE + 1] = nameEnd
    this.hasLimits = true
  }

  /** Of the same name the last one counts; where there is room, that is seen to when the ids are read. */
  private addId(rank: number): void {
    let place = this.idCount
    if (place === MOST_EACH) {
      do place--
      while (place >= 0 && this.ids[place << 2] !== rank)
      if (place < 0) {
        this.dropped++
        return
      }
    } else this.idCount++
    put(this.ids, place << 2, rank)
  }
}

function put(places: Int32Array, place: number, key: number): void {
  places[place + KEY] = key
  places[place + KIND] = value.kind
  places[place + START] = value.start
  places[place + END] = value.end
}
