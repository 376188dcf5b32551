/** Where somebody stands, as the `RateLimit` headers say it. */
export interface Rate {
  allowed: boolean
  /** Requests in a window. */
  limit: number
  windowSeconds: number
  remaining: number
  /** Until all of them are there again. */
  resetSeconds: number
  /** Until the next one is. */
  retryAfterSeconds: number
}

export interface RateLimit {
  take(who: string): Rate
}

const WINDOW_MS = 60_000
/**
 * Of 100 bytes or so. Beyond it the one that asked longest ago is forgotten, and would start anew; who has so many
 * addresses needs no such trick.
 */
const MOST_KNOWN = 10_000

/**
 * So many requests a minute for each, evenly or all at once. One number each, by the generic cell rate algorithm: the
 * time at which all that was taken will have come back.
 */
export function createRateLimit(
  perMinute: number,
  { now = () => performance.now(), mostKnown = MOST_KNOWN } = {},
): RateLimit {
  const eachMs = WINDOW_MS / perMinute
  const backAt = new Map<string, number>()

  return {
    take(who) {
      const time = now()
      const before = Math.max(backAt.get(who) ?? 0, time)
      const allowed = before + eachMs <= time + WINDOW_MS
      const after = allowed ? before + eachMs : before
      // Again at the end: the first one of the map is then who asked longest ago.
      backAt.delete(who)
      backAt.set(who, after)
      if (backAt.size > mostKnown) backAt.delete(backAt.keys().next().value as string)
      const owed = after - time
      return {
        allowed,
        limit: perMinute,
        windowSeconds: WINDOW_MS / 1000,
        // A millionth for what fractions lose.
        remaining: Math.floor((WINDOW_MS - owed) / eachMs + 1e-6),
        resetSeconds: Math.ceil(owed / 1000),
        retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((owed + eachMs - WINDOW_MS) / 1000)),
      }
    },
  }
}
