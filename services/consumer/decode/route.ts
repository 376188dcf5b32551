import { authorityEnd, authorityStart } from './host.ts'

// A path with everything particular taken out, for spans that carry no template: /users/8812/cards?full=1 becomes
// /users/{id}/cards. What stays must be few (a row of the rollups per route) and must not tell about anybody.

/** Longer paths end in a segment `…`. */
export const MAX_ROUTE_BYTES = 128
const MAX_SEGMENTS = 8
const ID = Buffer.from('{id}')
const ELLIPSIS = Buffer.from('…')
const LONGEST = MAX_ROUTE_BYTES - 1 - ELLIPSIS.length

const SLASH = 0x2f
/** A word does not have more letters, an abbreviation not more digits; beyond it is somebody's identifier. */
const MAX_WORD = 32
const MAX_DIGITS = 2
/** Upper case, lower case and a digit in so long a segment: base64 or the like. */
const MIXED_WORD = 12

const DIGIT = 1
const LOWER = 2
const UPPER = 4
/** Percent signs, @, =, anything not ASCII: no part of a name that a programmer chose. */
const FOREIGN = 8
const SEPARATOR = 16
/** The query, the fragment or parameters begin. */
const END = 32
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  if (/[0-9]/.test(character)) return DIGIT
  if (/[a-z]/.test(character)) return LOWER
  if (/[A-Z]/.test(character)) return UPPER
  if (character === '/') return SEPARATOR
  if (/[?#;]/.test(character)) return END
  return /[-_.~{}:*$]/.test(character) ? 0 : FOREIGN
})

/** Writes the route of a path or URL into `to` (of MAX_ROUTE_BYTES), answers its length. */
export function routeOf(bytes: Uint8Array, start: number, end: number, to: Uint8Array): number {
  let at = start
  if (bytes[start] !== SLASH) {
    const authority = authorityStart(bytes, start, end)
    if (authority >= 0) at = authorityEnd(bytes, authority, end)
  }
  let length = 0
  let segments = 0
  let stop = 0
  while (at < end && stop !== END) {
    const from = at
    let seen = 0
    let digits = 0
    stop = SEPARATOR
    for (; at < end; at++) {
      const kind = KINDS[bytes[at]!]!
      if (kind >= SEPARATOR) {
        stop = kind
        break
      }
      seen |= kind
      digits += kind & DIGIT
    }
    const size = at - from
    at++
    if (size === 0) continue
    const keeps = isWord(size, seen, digits)
    if (++segments > MAX_SEGMENTS || length + 1 + (keeps ? size : ID.length) > LONGEST) {
      to[length] = SLASH
      to.set(ELLIPSIS, length + 1)
      return length + 1 + ELLIPSIS.length
    }
    to[length++] = SLASH
    if (keeps) for (let i = from; i < from + size; i++) to[length++] = bytes[i]!
    else {
      to[length++] = 0x7b // {id}
      to[length++] = 0x69
      to[length++] = 0x64
      to[length++] = 0x7d
    }
  }
  if (length === 0) to[length++] = SLASH
  return length
}

function isWord(length: number, seen: number, digits: number): boolean {
  if (seen === DIGIT || digits > MAX_DIGITS || length > MAX_WORD || seen >= FOREIGN) return false
  return seen !== (DIGIT | LOWER | UPPER) || length < MIXED_WORD
}
