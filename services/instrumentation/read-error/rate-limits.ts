import type { ResponseHeaders } from './headers.ts'
import { type LimitItem, limitItems } from './limit-list.ts'
import { dateMs, waitMs } from './moment.ts'
import { ofName } from './of-name.ts'

/** What a response says of one limit; null where it says nothing. */
export interface RateLimit {
  /** '' where there is only one and nobody names it. */
  name: string
  limit: number | null
  remaining: number | null
  /** From now until the limit is whole again. */
  resetMs: number | null
  /** What the limit counts in, where the policy says so. */
  windowMs: number | null
}

/** The names a catalog gives for one API's limit. */
export interface LimitNames {
  limit?: string
  remaining?: string
  reset?: string
  reset_is?: 'seconds' | 'unix_s' | 'unix_ms' | 'date'
}

type Part = 'limit' | 'remaining' | 'reset' | 'used'
const MOST_LIMITS = 16

const LIMIT_HEADER =
  /rate-?limit|(?:^|-)quota(?:-|$)|^x-(?:app|user|limit|remaining)-|api-call-limit$|^sforce-limit-info$/
/** Words of a name that say nothing of which limit it is. */
const NOISE = new Set(
  'x ms ratelimit rate limit ratelimiting after at in seconds second s time count requests-left'.split(' '),
)
const PART: Record<string, Part> = {
  limit: 'limit',
  max: 'limit',
  total: 'limit',
  allowed: 'limit',
  remaining: 'remaining',
  left: 'remaining',
  available: 'remaining',
  reset: 'reset',
  resets: 'reset',
  expires: 'reset',
  used: 'used',
  usage: 'used',
}

/** What a header says of which limit. */
type Meaning = { kind: 'none' | 'items' | 'usage' } | { kind: Part; limit: string; isMs: boolean }

/** `x-ratelimit-remaining-tokens` → remaining of `tokens`. */
const meaningOf = ofName((header): Meaning => {
  if (!LIMIT_HEADER.test(header) || header.includes('retry')) return { kind: 'none' }
  if (/^(?:x-)?ratelimit$|ratelimit-policy$/.test(header)) return { kind: 'items' }
  if (/api-call-limit$|^sforce-limit-info$/.test(header)) return { kind: 'usage' }
  // Before `ratelimit` stands whose it is, after it which one.
  const words = header
    .slice(Math.max(0, header.search(/rate-?limit/)))
    .replace(/rate-?limit/, 'ratelimit')
    .split('-')
  const at = words.findLastIndex((word) => word in PART)
  if (at < 0) return { kind: 'none' }
  const isMs = words.at(-1) === 'ms' || words.at(-1) === 'milliseconds'
  const limit = words.filter((word, i) => i !== at && !NOISE.has(word)).join('-')
  return { kind: PART[words[at]!]!, limit, isMs }
})

/** Every limit that the headers speak of: X-RateLimit-*, RateLimit and RateLimit-Policy of all drafts, vendors' own. */
export function readRateLimits(headers: ResponseHeaders, names: LimitNames, now: number): RateLimit[] {
  const limits = new Map<string, RateLimit>()
  const own = new Set([names.limit, names.remaining, names.reset].filter((name) => name !== undefined))
  if (own.size > 0) readNamed(headers, names, limits, now)
  for (const [header, value] of headers) {
    const meaning = meaningOf(header)
    if (meaning.kind === 'none' || own.has(header)) continue
    if (meaning.kind === 'items') addItems(limits, limitItems(value), now)
    else if (meaning.kind === 'usage') addUsage(limits, value)
    else if ('limit' in meaning) addPart(limits, meaning, value, now)
  }
  const resource = headers.get('x-ratelimit-resource') ?? headers.get('x-ratelimit-bucket')
  const single = limits.get('')
  if (resource !== undefined && single !== undefined && !limits.has(resource)) single.name = resource
  return [...limits.values()].filter(({ limit, remaining }) => limit !== null || remaining !== null)
}

function readNamed(
  headers: ResponseHeaders,
  names: LimitNames,
  limits: Map<string, RateLimit>,
  now: number,
): void {
  const of = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : headers.get(name)
  set(limits, '', 'limit', firstNumber(of(names.limit) ?? ''))
  set(limits, '', 'remaining', firstNumber(of(names.remaining) ?? ''))
  const reset = of(names.reset)
  if (reset !== undefined) set(limits, '', 'reset', namedReset(reset, names.reset_is, now))
}

function namedReset(value: string, unit: LimitNames['reset_is'], now: number): number | null {
  if (unit === 'unix_s' || unit === 'unix_ms') {
    const ms = firstNumber(value) * (unit === 'unix_s' ? 1000 : 1)
    // A catalog may be wrong about its unit; the size of the number is not.
    return ms > now - YEAR_MS && ms < now + YEAR_MS ? Math.max(0, Math.round(ms - now)) : resetMs(value, now)
  }
  return resetMs(value, now)
}

const YEAR_MS = 366 * 86_400_000

/** `32/40`, `api-usage=18/5000`: used of so many. */
function addUsage(limits: Map<string, RateLimit>, value: string): void {
  const [, used, most] = /(\d{1,12})\/(\d{1,12})/.exec(value) ?? []
  if (most === undefined) return
  set(limits, '', 'limit', Number(most))
  set(limits, '', 'remaining', Math.max(0, Number(most) - Number(used)))
}

function addPart(
  limits: Map<string, RateLimit>,
  { kind, limit, isMs }: Extract<Meaning, { limit: string }>,
  value: string,
  now: number,
): void {
  if (kind === 'reset') {
    set(limits, limit, 'reset', isMs && /^\d{1,9}$/.test(value) ? Number(value) : resetMs(value, now))
  } else {
    set(limits, limit, kind, firstNumber(value))
    // `100, 100;w=60`: an early draft's policy beside the number.
    if (kind === 'limit' && value.includes(';')) addWindow(limits, limit, value)
  }
}

function addWindow(limits: Map<string, RateLimit>, name: string, value: string): void {
  const window = limitItems(value).find(({ parameters }) => parameters.w !== undefined)?.parameters.w
  const limit = limits.get(name)
  if (limit !== undefined && window !== undefined) limit.windowMs = Number(window) * 1000
}

function addItems(limits: Map<string, RateLimit>, items: LimitItem[], now: number): void {
  for (const { name, parameters } of items) {
    const { q, r, t, w, limit, remaining, reset } = parameters
    set(limits, name, 'limit', firstNumber(q ?? limit ?? ''))
    set(limits, name, 'remaining', firstNumber(r ?? remaining ?? ''))
    const back = t ?? reset
    if (back !== undefined) set(limits, name, 'reset', resetMs(back, now))
    const entry = limits.get(name)
    if (entry !== undefined && w !== undefined) entry.windowMs = Number(w) * 1000
  }
}

function set(limits: Map<string, RateLimit>, name: string, part: Part, value: number | null): void {
  if (value === null || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return
  let limit = limits.get(name)
  if (limit === undefined) {
    if (limits.size >= MOST_LIMITS) return
    limit = { name, limit: null, remaining: null, resetMs: null, windowMs: null }
    limits.set(name, limit)
  }
  if (part === 'reset') limit.resetMs = Math.round(value)
  else if (part !== 'used') limit[part] ??= value
}

/** `100, 100;w=60` → 100; NaN where there is none. */
function firstNumber(text: string): number {
  const [, number] = /^\s*"?(\d{1,15}(?:\.\d{1,6})?)(?!\d)/.exec(text) ?? []
  return number === undefined ? Number.NaN : Number(number)
}

/** Seconds from now, a Unix time in seconds or ms, a duration or a date; what has passed is now. */
function resetMs(text: string, now: number): number | null {
  const value = text.split(',', 1)[0]!.trim()
  // Dates have a comma of their own.
  const date = dateMs(text)
  return Number.isNaN(date) ? waitMs(value, 'auto', now) : Math.max(0, date - now)
}
