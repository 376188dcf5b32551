import type { Payload } from '../columns/payload.ts'

const NULL = 0xffff_ffff
const HIGH = 2 ** 32

export interface Sample {
  tsLow: number
  tsHigh: number
  limit: number
  remaining: number
  reset: number
}

export interface QuotaKey {
  /** Number of the payload's provider hints; the others are of its dictionaries. */
  provider: number
  name: number
  service: number
  environment: number
  consumer: number
  /** The ten seconds it is in. */
  bucket: number
}

interface Quota extends QuotaKey {
  last: Sample
  /** By remaining; null as long as no reading said how much. */
  lowest: Sample | null
}

const RECENT = 64

/**
 * The readings of a payload's quotas: of those with the same provider, name, service, environment and consumer within
 * ten seconds only the last and the lowest are kept. Last is the later in time, and of the same time the later read.
 */
export class QuotaSamples {
  private readonly quotas = new Map<string, Quota>()
  /** The same ones, where they are found without making a key of text. */
  private readonly recent: (Quota | undefined)[] = Array.from({ length: RECENT }, () => undefined)

  reset(): void {
    if (this.quotas.size === 0) return
    this.quotas.clear()
    this.recent.fill(undefined)
  }

  /** Numbers of the sample below 0 are unknown. */
  add(key: QuotaKey, sample: Sample): void {
    const quota = this.find(key)
    if (!isBefore(sample, quota.last)) quota.last = sample
    if (sample.remaining < 0) return
    const { lowest } = quota
    const isLower = lowest === null || sample.remaining < lowest.remaining
    if (isLower || (sample.remaining === lowest.remaining && !isBefore(sample, lowest))) quota.lowest = sample
  }

  private find(key: QuotaKey): Quota {
    const slot = (key.provider * 7 + key.name * 5 + key.consumer * 3 + key.bucket / 10) & (RECENT - 1)
    const recent = this.recent[slot]
    if (recent !== undefined && isSame(recent, key)) return recent
    const id = `${key.provider},${key.name},${key.service},${key.environment},${key.consumer},${key.bucket}`
    let quota = this.quotas.get(id)
    if (quota === undefined) {
      quota = { ...key, last: NEVER, lowest: null }
      this.quotas.set(id, quota)
    }
    this.recent[slot] = quota
    return quota
  }

  flush({ quotaSamples }: Payload): void {
    for (const quota of this.quotas.values()) {
      if (quota.lowest !== null && quota.lowest !== quota.last) write(quotaSamples, quota, quota.lowest)
      write(quotaSamples, quota, quota.last)
    }
  }
}

/** Before the first. */
const NEVER: Sample = { tsLow: 0, tsHigh: 0, limit: -1, remaining: -1, reset: -1 }

const isSame = (a: QuotaKey, b: QuotaKey): boolean =>
  a.provider === b.provider &&
  a.name === b.name &&
  a.consumer === b.consumer &&
  a.bucket === b.bucket &&
  a.service === b.service &&
  a.environment === b.environment

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
