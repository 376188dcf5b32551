const PREFIX = Buffer.from('http.response.header.')
/** `rate` and `limit`, together or with something between them. */
const RATE = Buffer.from('rate')
const LIMIT = Buffer.from('limit')
export const SHORTEST_LIMIT_HEADER = PREFIX.length + RATE.length + LIMIT.length

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
