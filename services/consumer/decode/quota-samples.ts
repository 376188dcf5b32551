import type { Payload } from '../columns/payload.ts'

const NULL = 0xffff_ffff
const HIGH = 2 ** 32

interface Sample {
  tsLow: number
  tsHigh: number
  limit: number
  remaining: number
  reset: number
}

interface Quota {
  provider: number
  name: number
  service: number
  environment: number
  consumer: number
  last: Sample
  /** By remaining; null as long as no reading said how much. */
  lowest: Sample | null
}

/**
 * The readings of a payload's quotas: of those with the same provider, name, service, environment and consumer within
 * ten seconds only the last and the lowest are kept. Last is the later in time, and of the same time the later read.
 */
export class QuotaSamples {
  private readonly quotas = new Map<string, Quota>()

  reset(): void {
    if (this.quotas.size > 0) this.quotas.clear()
  }

  /** `provider` is a number of the payload's hints, the other names are of its dictionaries; numbers below 0 are unknown. */
  add(
    key: { provider: number; name: number; service: number; environment: number; consumer: number },
    bucket: number,
    sample: Sample,
  ): void {
    const id = `${key.provider},${key.name},${key.service},${key.environment},${key.consumer},${bucket}`
    const quota = this.quotas.get(id)
    if (quota === undefined) {
      this.quotas.set(id, { ...key, last: sample, lowest: sample.remaining < 0 ? null : sample })
      return
    }
    if (!isBefore(sample, quota.last)) quota.last = sample
    if (sample.remaining < 0) return
    const { lowest } = quota
    if (lowest === null || sample.remaining < lowest.remaining) quota.lowest = sample
    else if (sample.remaining === lowest.remaining && !isBefore(sample, lowest)) quota.lowest = sample
  }

  flush({ quotaSamples }: Payload): void {
    for (const quota of this.quotas.values()) {
      if (quota.lowest !== null && quota.lowest !== quota.last) write(quotaSamples, quota, quota.lowest)
      write(quotaSamples, quota, quota.last)
    }
  }
}

const isBefore = (a: Sample, b: Sample): boolean =>
  a.tsHigh !== b.tsHigh ? a.tsHigh < b.tsHigh : a.tsLow < b.tsLow

function write(rows: Payload['quotaSamples'], quota: Quota, sample: Sample): void {
  const row = rows.reserve(1)
  const { columns } = rows
  columns.ts.u32[2 * row] = sample.tsLow
  columns.ts.u32[2 * row + 1] = sample.tsHigh
  columns.provider.u16[row] = quota.provider
  columns.name.u16[row] = quota.name
  columns.service.u16[row] = quota.service
  columns.environment.u16[row] = quota.environment
  columns.consumer.u16[row] = quota.consumer
  setWide(columns.limit.u32, row, sample.limit)
  setWide(columns.remaining.u32, row, sample.remaining)
  setWide(columns.reset.u32, row, sample.reset)
}

/** A 64-bit number, or null. */
function setWide(words: Uint32Array, row: number, number: number): void {
  const whole = Math.floor(number)
  words[2 * row] = number < 0 ? NULL : whole % HIGH
  words[2 * row + 1] = number < 0 ? NULL : Math.floor(whole / HIGH)
}
