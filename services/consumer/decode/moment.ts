// Times as response headers write them: so many seconds, a duration, or a date.

const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/
const PART = /(\d+(?:\.\d+)?)(ms|h|m|s)/g
const MS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
/** No header needs more, and a longer one is not worth looking at. */
const MAX_LENGTH = 64

/** `12`, `1.5`, `6m0s`, `20ms` → milliseconds; NaN for anything else. */
export function durationMs(text: string): number {
  const value = text.trim()
  if (value.length > MAX_LENGTH) return Number.NaN
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000
  if (!DURATION.test(value)) return Number.NaN
  let ms = 0
  for (const [, amount, unit] of value.matchAll(PART)) ms += Number(amount) * MS[unit!]!
  return ms
}

/** `Wed, 21 Oct 2026 07:28:00 GMT`, `2026-10-21T07:28:00Z` → milliseconds since 1970; NaN for anything else. */
function dateMs(text: string): number {
  const value = text.trim()
  const isDate = /^[A-Z][a-z]{2,8}, |^\d{4}-\d\d-\d\dT/.test(value)
  return isDate && value.length <= MAX_LENGTH ? Date.parse(value) : Number.NaN
}

/** How long a Retry-After header says to wait after `nowMs`, in whole ms; -1 where it says nothing sensible. */
export function retryAfterMs(text: string, nowMs: number): number {
  const wait = durationMs(text)
  const ms = Math.round(Number.isNaN(wait) ? Math.max(0, dateMs(text) - nowMs) : wait)
  return ms < 0xffff_ffff ? ms : -1
}

const UNIX_SECONDS = 1e9
const UNIX_MS = 1e11
const BEYOND = 1e14

/** When a limit is reset, in ms since 1970: seconds from `nowMs`, a Unix time or a date; NaN for anything else. */
export function resetMs(text: string, nowMs: number): number {
  const wait = durationMs(text)
  return Number.isNaN(wait) ? dateMs(text) : resetOf(wait / 1000, nowMs)
}

/** The same for a number: seconds from `nowMs`, or so large that it is a Unix time in seconds or ms. */
export function resetOf(seconds: number, nowMs: number): number {
  if (seconds < UNIX_SECONDS) return nowMs + seconds * 1000
  if (seconds < UNIX_MS) return seconds * 1000
  return seconds < BEYOND ? seconds : Number.NaN
}
