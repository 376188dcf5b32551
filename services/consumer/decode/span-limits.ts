import { limitItems } from '../../instrumentation/read-error/limit-list.ts'
import { Dictionary } from '../columns/dictionary.ts'
import { ARRAY, digits, nextElement, STRING, value, wholeNumber } from './any-value.ts'
import { SPAN } from './attributes.ts'
import { type Captured, HEADER, PLACE } from './captured.ts'
import { firstNumber, LIMIT_HEADERS, type LimitHeader, readHeaderName } from './limit-header.ts'
import { resetMs, resetOf } from './moment.ts'

/** Limits of one span. */
const MOST_LIMITS = 16
/** Names of headers remembered; when there are more, somebody makes them up. */
const MOST_NAMES = 256

const KNOWN = LIMIT_HEADERS.map(readHeaderName)

/**
 * The readings of rate limits that one span carries: as our hook writes them, or else out of the response's headers.
 * Numbers are -1 where nothing is said; a reset is a time in ms since 1970.
 */
export class SpanLimits {
  count = 0
  readonly names: string[] = []
  readonly limit = new Float64Array(MOST_LIMITS)
  readonly remaining = new Float64Array(MOST_LIMITS)
  readonly reset = new Float64Array(MOST_LIMITS)
  private readonly captured: Captured
  private headerNames = new Dictionary(MOST_NAMES)
  private headerMeanings: LimitHeader[] = []

  constructor(captured: Captured) {
    this.captured = captured
  }

  /** Reads what the span at hand has; `endMs` is when it ended. Readings without limit and remaining are none. */
  read(endMs: number): void {
    this.count = 0
    this.readOwn(endMs)
    if (this.count === 0)
      for (let header = 0; header < this.captured.headerCount; header++) this.readHeader(header, endMs)
    let kept = 0
    for (let i = 0; i < this.count; i++) {
      if (this.limit[i]! < 0 && this.remaining[i]! < 0) continue
      this.names[kept] = this.names[i]!
      this.limit[kept] = this.limit[i]!
      this.remaining[kept] = this.remaining[i]!
      this.reset[kept++] = this.reset[i]!
    }
    this.count = kept
  }

  /** api.ratelimit.*: scalars, or lists in the same order. */
  private readOwn(endMs: number): void {
    this.eachNumber(SPAN.limit, this.limit, 0)
    this.eachNumber(SPAN.limitRemaining, this.remaining, 0)
    if (this.count === 0) return
    this.eachNumber(SPAN.limitResetMs, this.reset, endMs)
    this.eachElement(SPAN.limitName, (index) => {
      if (index >= this.count || value.kind !== STRING) return
      this.names[index] = this.captured.bytes.toString('utf8', value.start, value.end)
    })
  }

  private eachNumber(meaning: number, into: Float64Array, from: number): void {
    const { bytes, view } = this.captured
    this.eachElement(meaning, (index) => {
      const number = wholeNumber(bytes, view, value.kind, value.start, value.end)
      if (number < 0) return
      while (this.count <= index) this.open('')
      into[index] = from + number
    })
  }

  /** Calls back with each element of a list, or the one value, in `value`. */
  private eachElement(meaning: number, take: (index: number) => void): void {
    const { captured } = this
    if (!captured.has(meaning)) return
    const place = meaning * PLACE
    value.kind = captured.places[place + 1] as typeof value.kind
    value.start = captured.places[place + 2]!
    value.end = captured.places[place + 3]!
    if (value.kind !== ARRAY) {
      take(0)
      return
    }
    const { end } = value
    let at = value.start
    for (let index = 0; at < end && index < MOST_LIMITS; index++) {
      at = nextElement(captured.bytes, at, end)
      if (at < 0) return
      take(index)
    }
  }

  private readHeader(header: number, endMs: number): void {
    const { captured } = this
    const place = header * HEADER
    const { kind, limit } = this.meaningOf(place)
    if (kind === 'other') return
    const bytes = captured.textAt(captured.headers, place)
    const { textStart, textEnd } = captured
    if (kind === 'list' || kind === 'policy') {
      this.readList(bytes.toString('latin1', textStart, textEnd), endMs)
      return
    }
    const number = digits(bytes, textStart, textEnd)
    const text = number < 0 ? bytes.toString('latin1', textStart, textEnd) : ''
    if (kind === 'limit') this.set(this.limit, limit, number >= 0 ? number : firstNumber(text))
    else if (kind === 'remaining') this.set(this.remaining, limit, number >= 0 ? number : firstNumber(text))
    else if (kind === 'reset')
      this.set(this.reset, limit, number >= 0 ? resetOf(number, endMs) : resetMs(text, endMs))
    else this.set(this.reset, limit, endMs + (number >= 0 ? number : Number.parseFloat(text)) * 1000)
  }

  private readList(text: string, endMs: number): void {
    for (const { name, parameters } of limitItems(text)) {
      const { q, r, t, limit: most, remaining, reset } = parameters
      this.set(this.limit, name, Number.parseFloat(q ?? most ?? ''))
      this.set(this.remaining, name, Number.parseFloat(r ?? remaining ?? ''))
      this.set(this.reset, name, endMs + Number.parseFloat(t ?? reset ?? '') * 1000)
    }
  }

  private meaningOf(place: number): LimitHeader {
    const { bytes, headers } = this.captured
    const known = headers[place]!
    if (known >= 0) return KNOWN[known]!
    const start = headers[place + PLACE]!
    const end = headers[place + PLACE + 1]!
    if (this.headerNames.count > MOST_NAMES) {
      this.headerNames.reset()
      this.headerMeanings = []
    }
    const id = this.headerNames.intern(bytes, start, end)
    this.headerMeanings[id] ??= readHeaderName(bytes.toString('latin1', start, end))
    return this.headerMeanings[id]
  }

  private set(column: Float64Array, name: string, number: number): void {
    if (!(number >= 0 && number <= Number.MAX_SAFE_INTEGER)) return
    let at = 0
    while (at < this.count && this.names[at] !== name) at++
    if (at === MOST_LIMITS) return
    if (at === this.count) this.open(name)
    column[at] = Math.floor(number)
  }

  private open(name: string): void {
    this.names[this.count] = name
    this.limit[this.count] = this.remaining[this.count] = this.reset[this.count] = -1
    this.count++
  }
}
