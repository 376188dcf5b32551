const PREFIX = Buffer.from('http.response.header.')
/** `rate` and `limit`, together or with something between them. */
const RATE = Buffer.from('rate')
const LIMIT = Buffer.from('limit')
export const SHORTEST_LIMIT_HEADER = PREFIX.length + RATE.length + LIMIT.length

/** The usual ones. Those that call their limit by a name (`x-ratelimit-limit-tokens`) are known by their form. */
export const LIMIT_HEADERS = [
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'ratelimit',
  'ratelimit-policy',
].map((header) => PREFIX + header)

/** Is it a response header that speaks of a rate limit? (`ratelimit-policy`, `x-rate-limit-reset` …) */
export function isLimitHeader(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SHORTEST_LIMIT_HEADER || !stands(PREFIX, bytes, start)) return false
  for (let at = start + PREFIX.length; at + RATE.length + LIMIT.length <= end; at++) {
    if (bytes[at] !== RATE[0] || !stands(RATE, bytes, at)) continue
    const next = at + RATE.length
    if (stands(LIMIT, bytes, next)) return true
    if (next + 1 + LIMIT.length <= end && stands(LIMIT, bytes, next + 1)) return true
  }
  return false
}

function stands(word: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false
  return true
}

/** `list` and `policy` are RateLimit and RateLimit-Policy, which speak of several limits at once. */
type LimitHeaderKind = 'limit' | 'remaining' | 'reset' | 'reset-after' | 'list' | 'policy' | 'other'
export interface LimitHeader {
  kind: LimitHeaderKind
  /** Which limit, '' where there is one only. */
  limit: string
}

/** `http.response.header.x-ratelimit-remaining-tokens` → remaining of `tokens`. */
export function readHeaderName(attribute: string): LimitHeader {
  const header = attribute.slice(PREFIX.length).replaceAll('_', '-').toLowerCase()
  if (header === 'ratelimit') return { kind: 'list', limit: '' }
  if (header === 'ratelimit-policy') return { kind: 'policy', limit: '' }
  const [, rest = ''] = /rate-?limit-?(.*)$/.exec(header) ?? []
  const words = rest.split('-')
  const kind = words.find((word) => word === 'limit' || word === 'remaining' || word === 'reset')
  if (kind === undefined) return { kind: 'other', limit: '' }
  const others = words.toSpliced(words.indexOf(kind), 1)
  if (kind === 'reset' && others[0] === 'after')
    return { kind: 'reset-after', limit: others.slice(1).join('-') }
  return { kind: kind as LimitHeaderKind, limit: others.join('-') }
}

/** The first number of a header's value, without its fraction: `100, 100;w=60` → 100. NaN where there is none. */
export function firstNumber(text: string): number {
  const [, number] = /^\s*"?(\d{1,15})(?![\d])/.exec(text) ?? []
  return number === undefined ? Number.NaN : Number(number)
}
