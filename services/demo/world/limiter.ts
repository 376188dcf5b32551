import { LIVE_CYCLE_MINUTES } from '../scenario.ts'
import { beginningOf, densityOf, type Timeline } from '../timeline.ts'
import type { Fault, Limit } from '../vendors.ts'

interface Counted {
  headers: Record<string, string>
  /** What is answered when nothing is left. */
  exhausted: Fault | null
}

const MINUTE_MS = 60_000
/** The allowance is whole again so long after now: far too late for what is left of it. */
const RESET_AFTER_MS = 7 * 60 * MINUTE_MS

/** Counts calls against a vendor's limit, and tells what is left in the vendor's headers. */
export function limiter(limit: Limit | undefined, timeline: Timeline): (at: number) => Counted {
  if (limit === undefined) return () => ({ headers: {}, exhausted: null })
  const count = limit.drain === undefined ? byWindow(limit) : draining(limit.drain, timeline)
  return (at) => {
    const { most, left, resetMs, exhausted } = count(at)
    return { headers: headersOf(limit, most, left, resetMs), exhausted }
  }
}

interface Left {
  most: number
  left: number
  resetMs: number
  exhausted: Fault | null
}

function byWindow({ windowMinutes, perWindow = 0 }: Limit): (at: number) => Left {
  const windowMs = windowMinutes * MINUTE_MS
  const used = new Map<number, number>()
  return (at) => {
    const window = Math.floor(at / windowMs)
    const count = (used.get(window) ?? 0) + 1
    used.set(window, count)
    // The history is not quite told in order.
    if (used.size > 10) used.delete(used.keys().next().value!)
    const resetMs = (window + 1) * windowMs - at
    return { most: perWindow, left: Math.max(0, perWindow - count), resetMs, exhausted: null }
  }
}

/** An allowance that is used up well before it is whole again; each cycle of what is live buys a new one. */
function draining(
  { before, now, callsPerMinute, exhausted }: NonNullable<Limit['drain']>,
  timeline: Timeline,
): (at: number) => Left {
  const calls = callsPerMinute * densityOf(timeline) * timeline.historyMinutes
  const most = Math.max(10, Math.round(calls / (before - now) / 10) * 10)
  let left = Math.round(most * before)
  let cycle = 0
  return (at) => {
    const current = Math.max(0, Math.floor((at - timeline.now) / MINUTE_MS / LIVE_CYCLE_MINUTES))
    if (current > cycle) {
      cycle = current
      left = most
    }
    const isEmpty = left === 0
    left = Math.max(0, left - 1)
    const reset = timeline.now + RESET_AFTER_MS
    const resetMs = at < beginningOf(timeline) ? 0 : Math.max(0, reset - at)
    return { most, left, resetMs, exhausted: isEmpty ? exhausted : null }
  }
}

/** Of now, as every header: whoever reads them reckons from when the answer really comes. */
function headersOf(
  { style, name, windowMinutes }: Limit,
  most: number,
  left: number,
  resetMs: number,
): Record<string, string> {
  const seconds = Math.ceil(resetMs / 1000)
  if (style === 'ratelimit')
    return {
      'ratelimit-policy': `"${name}";q=${most};w=${windowMinutes * 60}`,
      ratelimit: `"${name}";r=${left};t=${seconds}`,
    }
  return {
    'x-ratelimit-limit': String(most),
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + seconds),
  }
}
