import type { Client } from '../client.ts'
import type { InTurn } from '../turns/writers.ts'
import { type Dropped, expire, type Retention, shrink } from './retention.ts'

export interface RetentionCounters {
  /** Partitions dropped, by why. */
  partitions: { time: number; disk: number }
  bytes: { time: number; disk: number }
}

export const newRetentionCounters = (): RetentionCounters => ({
  partitions: { time: 0, disk: 0 },
  bytes: { time: 0, disk: 0 },
})

/** Often enough that a full stream of errors (some 10 MB a second) cannot get far beyond the limit. */
const EVERY_MS = 60_000

/** Drops days that are not kept any longer or that there is no room for: now, and every minute until it is stopped. */
export async function startRetention(parts: {
  client: Client
  inTurn: InTurn
  retention: Retention
  /** All tables together; undefined: only time counts. */
  diskBytes: number | undefined
  counters: RetentionCounters
  now: () => number
  log: Record<'info' | 'warn' | 'error', (details: Record<string, unknown>, message: string) => void>
}): Promise<() => Promise<void>> {
  const { client, inTurn, retention, diskBytes, counters, now, log } = parts
  let wasTight = false
  let wasAhead = false

  const note = (reason: 'time' | 'disk', { partitions, bytes }: Dropped, message: string) => {
    if (partitions.length === 0) return
    counters.partitions[reason] += partitions.length
    counters.bytes[reason] += bytes
    log.info({ dropped: partitions, bytes }, message)
  }
  async function look(): Promise<void> {
    const { dropped: expired, daysAhead } = await expire(client, inTurn, retention, now())
    note('time', expired, 'days dropped that are not kept any longer')
    const isAhead = daysAhead > 1
    if (isAhead && !wasAhead)
      log.warn(
        { days: daysAhead },
        'the clock is days ahead of the newest stored row, so retention counts from that row: check the clock, unless nothing was reported for so long',
      )
    wasAhead = isAhead
    if (diskBytes === undefined) return
    const { dropped, bytes, isEnough } = await shrink(client, inTurn, diskBytes, now())
    note('disk', dropped, 'oldest days of rows dropped to keep to retention.disk_bytes')
    if (!isEnough && !wasTight)
      log.warn(
        { bytes, disk_bytes: diskBytes },
        'the store is larger than retention.disk_bytes and only rows of today and the counts are left: raise it, or keep counts for a shorter time',
      )
    wasTight = !isEnough
  }

  let looking: Promise<void> = Promise.resolve()
  const once = () => {
    looking = look().catch((error) =>
      log.error({ error }, 'days that are not kept any longer could not be dropped'),
    )
    return looking
  }
  await once()
  const timer = setInterval(once, EVERY_MS)
  return async () => {
    clearInterval(timer)
    await looking
  }
}
