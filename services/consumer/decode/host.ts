import { cutAtCharacter } from '../columns/dictionary.ts'

// Host names as they are compared: lower case, without port, brackets or a final dot.

/** Names have at most 253. */
export const MAX_HOST_BYTES = 256

const COLON = 0x3a
const SLASH = 0x2f
const AT = 0x40
const DOT = 0x2e
const OPENING = 0x5b
const CLOSING = 0x5d
const ENDS_AUTHORITY = Uint8Array.from({ length: 256 }, (_, byte) =>
  '/?#'.includes(String.fromCharCode(byte)) ? 1 : 0,
)
const LONGEST_SCHEME = 16

/** Writes the name into `to`, answers its length. */
export function normalHost(bytes: Uint8Array, start: number, end: number, to: Uint8Array): number {
  if (bytes[start] === OPENING) {
    end = Math.min(end, find(CLOSING, bytes, start, end))
    start++
  } else {
    const colon = find(COLON, bytes, start, end)
    // Two colons make an IPv6 address.
    if (colon < end && find(COLON, bytes, colon + 1, end) === end) end = colon
  }
  if (end > start && bytes[end - 1] === DOT) end--
  if (end - start > MAX_HOST_BYTES) end = cutAtCharacter(bytes, start + MAX_HOST_BYTES)
  const length = end - start
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i]!
    to[i] = byte >= 0x41 && byte <= 0x5a ? byte | 32 : byte
  }
  return length
}

/** Of an absolute URL; length 0 where there is no host. */
export function urlHost(bytes: Uint8Array, start: number, end: number, to: Uint8Array): number {
  let from = authorityStart(bytes, start, end)
  if (from < 0) return 0
  const until = authorityEnd(bytes, from, end)
  // Up to the last @ it is a user and a password.
  for (let at = from; at < until; at++) if (bytes[at] === AT) from = at + 1
  return normalHost(bytes, from, until, to)
}

/** Behind the `://` of an absolute URL, -1 without one. */
export function authorityStart(bytes: Uint8Array, start: number, end: number): number {
  const colon = find(COLON, bytes, start, Math.min(end - 2, start + LONGEST_SCHEME))
  return bytes[colon] === COLON && bytes[colon + 1] === SLASH && bytes[colon + 2] === SLASH ? colon + 3 : -1
}

export function authorityEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && ENDS_AUTHORITY[bytes[at]!] === 0) at++
  return at
}

/** Where the byte stands, or `end`. */
function find(byte: number, bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== byte) at++
  return at
}
