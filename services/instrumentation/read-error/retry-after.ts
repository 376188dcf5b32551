import type { ResponseHeaders } from './headers.ts'
import { dateMs, unitMs, waitMs } from './moment.ts'
import { ofName } from './of-name.ts'

// How long the server asks to wait, and whether it says to send the request again at all.

const HEADER = /retry-?(?:after|in)(?:-(ms|millis|milliseconds|s|secs|seconds))?$/

const unitOf = ofName((name): 'ms' | 'auto' | 'none' => {
  const [match, unit = ''] = HEADER.exec(name) ?? []
  if (match === undefined) return 'none'
  // The one of AWS's SDKs counts in ms without saying so.
  return unit.startsWith('m') || name === 'x-amz-retry-after' ? 'ms' : 'auto'
})

/** From the headers; a header in milliseconds is the more exact one. */
export function headerRetryAfterMs(headers: ResponseHeaders, now: number): number | null {
  let found: number | null = null
  for (const [name, value] of headers) {
    const unit = unitOf(name)
    if (unit === 'none') continue
    const one = /^\d[\d.]*, /.test(value) ? value.slice(0, value.indexOf(',')) : value
    const ms = waitMs(one, unit, serverTime(headers, value, now))
    if (ms === null) continue
    if (unit === 'ms') return ms
    if (found === null || name === 'retry-after') found = ms
  }
  return found
}

/** A date is meant by the server's clock, which its Date header tells. */
function serverTime(headers: ResponseHeaders, value: string, now: number): number {
  if (!/[A-Za-z]/.test(value)) return now
  const date = dateMs(headers.get('date') ?? '')
  return Number.isNaN(date) ? now : date
}

export function headerShouldRetry(headers: ResponseHeaders): boolean | null {
  const value = headers.get('x-should-retry')?.toLowerCase()
  return value === 'true' ? true : value === 'false' ? false : null
}

const HINT =
  /\b(?:retry[ -]?after|(?:retry|try)(?:ing)?(?: (?:your|the|this) request)?(?: again)?(?: in| after)|wait(?: for)?|available (?:again )?in|reset(?:s)? (?:after|in))[: ]{1,3}(?:at least |about |another |approximately |~)?(\d{1,9}(?:\.\d{1,9})?) ?(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h)?(?:(?<=\dm)(\d{1,2}(?:\.\d{1,9})?)s)?(?![\w])/i
const COMPOUND = /\bin ((?:\d{1,4}[hms]){2,3}|(?:\d{1,4}h)?\d{1,4}m\d{1,4}(?:\.\d{1,9})?s)/i
/** A message is short; what is longer is not looked at for a hint. */
const LONGEST = 2048

/** `Please try again in 20s`, `retry after 30`: as the message says it. */
export function hintedRetryAfterMs(message: string | null): number | null {
  const text = message?.slice(0, LONGEST) ?? ''
  const [, compound] = COMPOUND.exec(text) ?? []
  if (compound !== undefined) return waitMs(compound.toLowerCase(), 'auto', 0)
  const [match, amount, unit] = HINT.exec(text) ?? []
  if (match === undefined) return null
  // `retry after 30` is in seconds; `wait 3` or `try again in 5` may go on to be anything.
  if (unit === undefined && !/retry[ -]?after/i.test(match)) return null
  return waitMs(Number(amount) * (unit === undefined ? 1000 : unitMs(unit)), 'ms', 0)
}
