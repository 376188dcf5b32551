const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A clock that is years off would make a partition of every day it names. */
const MOST_BACK_MS = 60 * DAY_MS

/** How old a span may be; one that is older counts when it arrives, for its day is not kept, or about to go. */
export const maxAgeMs = (daysKept: number): number => Math.min(daysKept * DAY_MS, MOST_BACK_MS) - HOUR_MS
