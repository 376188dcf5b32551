// Times as APIs write them: so many seconds, a duration, a date, a Unix time.

const DURATION = /^(?:\d{1,12}(?:\.\d{1,9})?(?:ms|h|m|s))+$/
const PART = /(\d{1,12}(?:\.\d{1,9})?)(ms|h|m|s)/g
const ISO_DURATION = /^PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?$/
const SECONDS = /^\d{1,16}(?:\.\d{1,9})?$/
const CLOCK = /^(\d{1,2}):(\d\d):(\d\d)(?:\.\d{1,7})?$/
/** `1 minute`, `30 seconds`: words, as in prose. */
const SPOKEN = /^(\d{1,9}(?:\.\d{1,9})?) ?(milliseconds?|seconds?|secs?|minutes?|mins?|hours?)$/i
const DATE = /^[A-Z][a-z]{2,8}, |^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d |^\d{4}-\d\d-\d\d[T ]/
const MS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
/** No moment needs more, and a longer text is not worth looking at. */
const LONGEST = 64
const DAY_MS = 86_400_000

const UNIX_SECONDS = 1e9
const UNIX_MS = 1e11
const UNIX_US = 1e14
const BEYOND = 1e17

/** `6m0s`, `20ms`, `PT30S`, `00:01:00`, `30 seconds` → ms; NaN for anything else, a bare number too. */
function durationMs(text: string): number {
  if (DURATION.test(text)) {
    let ms = 0
    for (const [, amount, unit] of text.matchAll(PART)) ms += Number(amount) * MS[unit!]!
    return ms
  }
  const iso = ISO_DURATION.exec(text)
  if (iso && text.length > 2) {
    const [, hours = 0, minutes = 0, seconds = 0] = iso
    return Number(hours) * MS.h! + Number(minutes) * MS.m! + Number(seconds) * 1000
  }
  const clock = CLOCK.exec(text)
  if (clock) return Number(clock[1]) * MS.h! + Number(clock[2]) * MS.m! + Number(clock[3]) * 1000
  const spoken = SPOKEN.exec(text)
  return spoken ? Number(spoken[1]) * unitMs(spoken[2]!) : Number.NaN
}

/** The ms in a unit that is written out or short. */
export function unitMs(unit: string): number {
  const word = unit.toLowerCase()
  if (word.startsWith('ms') || word.startsWith('milli')) return 1
  return MS[word[0]!] ?? Number.NaN
}

/** `Wed, 21 Oct 2026 07:28:00 GMT`, `2026-10-21T07:28:00Z` → ms since 1970; NaN for anything else. */
export function dateMs(text: string): number {
  if (text.length > LONGEST || !DATE.test(text)) return Number.NaN
  // Without an offset a time is UTC, whatever zone this machine is in.
  if (/^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(text)) return Date.parse(`${text.replace(' ', 'T')}Z`)
  return Date.parse(/^[A-Z][a-z]{2} [A-Z].* \d{4}$/.test(text) ? `${text} GMT` : text)
}

export type MomentUnit = 'ms' | 's' | 'min' | 'point' | 'auto'

/** How long a value says to wait from `now`, in whole ms; null where it says nothing sensible. */
export function waitMs(value: unknown, unit: MomentUnit, now: number): number | null {
  if (typeof value === 'number') return sensible(numberMs(value, unit, now))
  if (typeof value !== 'string' || value.length > LONGEST) return null
  const text = value.trim()
  if (SECONDS.test(text)) return sensible(numberMs(Number(text), unit, now))
  const duration = durationMs(text)
  if (!Number.isNaN(duration)) return sensible(duration)
  const wait = dateMs(text) - now
  // A little late is now; a date long gone is a mistake, and no promise.
  return wait >= -DAY_MS ? sensible(Math.max(0, wait)) : null
}

function numberMs(value: number, unit: MomentUnit, now: number): number {
  if (unit === 'ms' && value < UNIX_SECONDS) return value
  if (unit === 'min') return value * 60_000
  return value < UNIX_SECONDS && unit !== 'point' ? value * 1000 : Math.max(0, pointMs(value) - now)
}

/** A Unix time in seconds, ms or µs, told apart by its size. */
function pointMs(value: number): number {
  if (value < UNIX_SECONDS) return Number.NaN
  if (value < UNIX_MS) return value * 1000
  if (value < UNIX_US) return value
  return value < BEYOND ? value / 1000 : Number.NaN
}

const sensible = (ms: number): number | null => (ms >= 0 && ms < 400 * DAY_MS ? Math.round(ms) : null)
