import { codeOf } from './problem.ts'

// A journal that takes the last byte of a disk leaves the store none to put away what was acknowledged.

export interface Room {
  /** Bytes free for this process. */
  free: () => Promise<number>
  /** Left free, beside what is acknowledged and not stored yet. */
  reserveBytes: number
}

const NO_ROOM = 'ENOSPC'
const FULL: (string | undefined)[] = [NO_ROOM, 'EDQUOT']
export const isFull = (error: unknown): boolean => FULL.includes(codeOf(error))

/** As seldom as a file is grown by megabytes between two looks, at most. */
const LOOK_EVERY_MS = 100

/** Answers why so many bytes more may not be written, or null. Looks now and then, and counts what was asked for since. */
export function roomLeft(
  { free, reserveBytes }: Room,
  { elapsed }: { elapsed: () => number },
): (bytes: number) => Promise<Error | null> {
  let looked = Number.NEGATIVE_INFINITY
  let left = 0
  return async (bytes) => {
    if (elapsed() - looked >= LOOK_EVERY_MS) {
      // What cannot be asked shows when it is written.
      left = await free().catch(() => Number.POSITIVE_INFINITY)
      looked = elapsed()
    }
    const missing = reserveBytes + bytes - left
    if (missing <= 0) return null
    const text =
      `the disk is full: ${mebibytes(missing)} more must be free, for ${mebibytes(reserveBytes)} are left to the store ` +
      '(limits.disk_reserve_bytes); make room, and it goes on by itself'
    return Object.assign(new Error(text), { code: NO_ROOM })
  }
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1_048_576)} MiB`
