import {
  JOURNEYS,
  LIVE_CYCLE_MINUTES,
  MOST_REQUESTS,
  PHASES,
  type Phase,
  type PhaseName,
} from './scenario.ts'

const MINUTE_MS = 60_000

/** One run of the story: when its history begins and ends, and how it is decided what happens. */
export interface Timeline {
  seed: number
  /** Unix time in ms. What comes after it is live. */
  now: number
  historyMinutes: number
}

/** Is it so at that time? */
function isDuring(name: PhaseName, at: number, { now, historyMinutes }: Timeline): boolean {
  const { from, live }: Phase = PHASES[name]
  if (at < now) return at >= now - historyMinutes * MINUTE_MS * (1 - from)
  return live === undefined || ((at - now) / MINUTE_MS) % LIVE_CYCLE_MINUTES < live
}

export const holds = (
  { during, before }: { during?: PhaseName; before?: PhaseName },
  at: number,
  timeline: Timeline,
): boolean =>
  (during === undefined || isDuring(during, at, timeline)) &&
  (before === undefined || !isDuring(before, at, timeline))

export const beginningOf = ({ now, historyMinutes }: Timeline): number => now - historyMinutes * MINUTE_MS

export const startOf = (name: PhaseName, { now, historyMinutes }: Timeline): number =>
  now - historyMinutes * MINUTE_MS * (1 - PHASES[name].from)

/** How much of the usual traffic there is: a long history is thinned, so that it is told as quickly as a short one. */
export function densityOf({ historyMinutes }: Timeline): number {
  const perMinute = JOURNEYS.reduce((sum, one) => sum + one.perMinute, 0)
  return Math.min(1, MOST_REQUESTS / (perMinute * historyMinutes))
}
