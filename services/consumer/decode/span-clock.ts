import { BUCKET_SECONDS } from '../columns/traffic.ts'

const NS_PER_MS = 1e6
const BUCKET_NS = BUCKET_SECONDS * 1e9
const HIGH = 2 ** 32
const YEAR_2000_NS = Date.UTC(2000, 0) * NS_PER_MS
const HOUR_NS = 3600e9
/** Doubles count nanoseconds of our days in steps of 256: this near to a bucket's edge it is counted exactly. */
const EDGE_NS = 4096

/**
 * When a span happened, out of what its clock says: nanoseconds as two 32-bit halves, for a number holds only 53
 * bits. A time before 2000, more than an hour ahead or older than what is kept becomes the time of arrival.
 */
export class SpanClock {
  low = 0
  high = 0
  /** The start of its bucket, in seconds. */
  bucket = 0
  wasMoved = false
  durationMs = 0
  /** The span's end, or where that is no sane time, its `low` and `high`. */
  endLow = 0
  endHigh = 0
  private earliest = 0
  private latest = 0
  private arrivalLow = 0
  private arrivalHigh = 0
  private bucketFrom = 0
  private bucketUntil = 0
  private readonly maxAgeNs: number

  constructor(maxAgeMs: number) {
    this.maxAgeNs = maxAgeMs * NS_PER_MS
  }

  arrive(arrivalMs: number): void {
    const arrival = BigInt(Math.floor(arrivalMs)) * 1_000_000n
    this.arrivalLow = Number(arrival & 0xffff_ffffn)
    this.arrivalHigh = Number(arrival >> 32n)
    this.latest = Number(arrival) + HOUR_NS
    this.earliest = Math.max(YEAR_2000_NS, Number(arrival) - this.maxAgeNs)
  }

  place(startLow: number, startHigh: number, endLow: number, endHigh: number): void {
    const start = startHigh * HIGH + startLow
    const end = endHigh * HIGH + endLow
    const isEndSane = end >= this.earliest && end <= this.latest
    this.wasMoved = false
    this.durationMs = 0
    let time = start
    if (start >= this.earliest && start <= this.latest) {
      this.low = startLow
      this.high = startHigh
      // By halves, for near each other two doubles of this size are the same.
      if (isEndSane)
        this.durationMs = Math.max(0, (endHigh - startHigh) * HIGH + endLow - startLow) / NS_PER_MS
    } else if (start === 0 && isEndSane) {
      this.low = endLow
      this.high = endHigh
      time = end
    } else {
      this.low = this.arrivalLow
      this.high = this.arrivalHigh
      this.wasMoved = true
      time = this.high * HIGH + this.low
    }
    this.endLow = isEndSane ? endLow : this.low
    this.endHigh = isEndSane ? endHigh : this.high
    if (time < this.bucketFrom || time >= this.bucketUntil) this.findBucket(time)
  }

  /** In ms, to the microsecond. */
  get endMs(): number {
    return (this.endHigh * HIGH + this.endLow) / NS_PER_MS
  }

  /** The bucket of the end, in seconds; exactness is no matter here. */
  get endBucket(): number {
    return Math.floor((this.endHigh * HIGH + this.endLow) / BUCKET_NS) * BUCKET_SECONDS
  }

  private findBucket(time: number): void {
    const index = Math.floor(time / BUCKET_NS)
    const from = index * BUCKET_NS
    this.bucket = index * BUCKET_SECONDS
    if (time >= from + EDGE_NS && time < from + BUCKET_NS - EDGE_NS) {
      // Remembered for the times well inside it; at an edge every time is looked at exactly.
      this.bucketFrom = from + EDGE_NS
      this.bucketUntil = from + BUCKET_NS - EDGE_NS
      return
    }
    const exact = (BigInt(this.high) << 32n) + BigInt(this.low)
    this.bucket = Number(exact / BigInt(BUCKET_NS)) * BUCKET_SECONDS
    this.bucketFrom = Number.POSITIVE_INFINITY
  }
}
