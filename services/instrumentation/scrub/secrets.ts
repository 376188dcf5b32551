// What a secret looks like in the middle of a text. Each recogniser looks at the bytes from a word's start and
// answers where the secret ends, or -1; none looks back, and none goes over the same bytes twice.

const DIGIT = 1
const LOWER = 2
const UPPER = 4
/** Not part of a word, but of many a name and key. */
const DASH = 8
/** The other characters of base64, but for the padding. */
const BASE64 = 16
const UNDERSCORE = 32
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  if (/[0-9]/.test(character)) return DIGIT
  if (/[a-z]/.test(character)) return LOWER
  if (/[A-Z]/.test(character)) return UPPER
  if (character === '_') return UNDERSCORE
  if (character === '-') return DASH
  return /[+/]/.test(character) ? BASE64 : 0
})
const LETTER = LOWER | UPPER
const WORD = DIGIT | LETTER | UNDERSCORE

export const isWordByte = (byte: number): boolean => (KINDS[byte]! & WORD) !== 0
export const isDigit = (byte: number): boolean => KINDS[byte] === DIGIT
/** Of long keys in base64 and the like. */
export const isKeyByte = (byte: number): boolean => KINDS[byte] !== 0
/** Likewise, but for what separates words in paths and queries. */
export const isKeyWordByte = (byte: number): boolean => KINDS[byte] !== 0 && KINDS[byte] !== BASE64

/** Beginnings that vendors gave their keys, so that they can be found. */
const PREFIXES = [
  'sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ pk_test_ whsec_ sk- AKIA ASIA ghp_ gho_ ghu_ ghs_ ghr_ github_pat_',
  'glpat- xoxa- xoxb- xoxp- xoxr- xoxs- xapp- AIza ya29. npm_ pypi- hf_ dop_v1_ shpat_ shpss_ SG. EAA eyJ',
]
  .join(' ')
  .split(' ')
  .map((prefix) => Buffer.from(prefix))
const BEGINS = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(PREFIXES.some(([first]) => first === byte)),
)
/** Shorter runs are no keys. */
const SHORTEST_KEY = 16
const LONGEST_PLAIN = 31
const DOT = 0x2e

/** A key by its vendor's beginning, or a JSON web token (`eyJ` is `{"` in base64). */
export function vendorKeyEnd(bytes: Uint8Array, at: number, end: number): number {
  if (BEGINS[bytes[at]!] === 0 || !PREFIXES.some((prefix) => startsWith(prefix, bytes, at, end))) return -1
  let to = at
  let seen = 0
  for (; to < end; to++) {
    const kind = KINDS[bytes[to]!]!
    if (kind === 0 && bytes[to] !== DOT) break
    seen |= kind
  }
  while (to > at && bytes[to - 1] === DOT) to--
  // `sk-learn-intermediate-guide` is none.
  const isMixed = (seen & DIGIT) !== 0 || (seen & LETTER) === LETTER
  return to - at >= SHORTEST_KEY && isMixed ? to : -1
}

/**
 * A run of the characters of hexadecimal or base64 that no word, name or path looks like: it is long, and all hex, or
 * changes between letters and digits, or to upper case, at every fifth step or more. `to` is the run's end. A UUID
 * is none.
 */
export function isOpaque(bytes: Uint8Array, at: number, to: number): boolean {
  const length = to - at
  if (length <= LONGEST_PLAIN || isUuid(bytes, at, to)) return false
  let hex = 0
  let digits = 0
  let changes = 0
  let before = 0
  for (let i = at; i < to; i++) {
    const byte = bytes[i]!
    const kind = KINDS[byte]!
    if (kind === DIGIT) digits++
    if (kind === DIGIT || ((kind & LETTER) !== 0 && (byte | 32) <= 0x66)) hex++
    const isChange =
      kind === DIGIT ? (before & LETTER) !== 0 : before === DIGIT || (before === LOWER && kind === UPPER)
    if (isChange && kind <= UPPER) changes++
    before = kind
  }
  return digits > 0 && (hex === length || changes * 5 >= length)
}

function isUuid(bytes: Uint8Array, at: number, to: number): boolean {
  return to - at === 36 && [8, 13, 18, 23].every((dash) => bytes[at + dash] === 0x2d)
}

/** 13 to 19 digits, in groups of four or more with spaces or dashes between them or in one, with a card's check digit. */
export function cardEnd(bytes: Uint8Array, at: number, end: number): number {
  let digits = 0
  let group = 0
  // The sum with every second digit doubled, counted from the first and from the second digit.
  let odd = 0
  let even = 0
  let found = -1
  for (let i = at; i < end && digits < 19; i++) {
    const byte = bytes[i]!
    if (!isDigit(byte)) {
      if ((byte !== 0x20 && byte !== 0x2d) || group < 4) break
      group = 0
      continue
    }
    const digit = byte - 48
    const doubled = digit > 4 ? digit * 2 - 9 : digit * 2
    digits++
    group++
    odd += digits % 2 === 1 ? doubled : digit
    even += digits % 2 === 1 ? digit : doubled
    const isGroupEnd = i + 1 === end || !isWordByte(bytes[i + 1]!)
    if (digits >= 13 && isGroupEnd && (digits % 2 === 0 ? odd : even) % 10 === 0) found = i + 1
  }
  return found
}

/** The domain after an e-mail address's @: labels, the last of two letters or more. */
export function domainEnd(bytes: Uint8Array, at: number, end: number): number {
  let dot = -1
  let to = at
  for (; to < end; to++) {
    const byte = bytes[to]!
    if (byte === DOT) dot = to
    else if (!isWordByte(byte) && byte !== 0x2d) break
  }
  if (dot === to - 1) {
    // A full stop, not part of it.
    to = dot
    dot = -1
    for (let i = at; i < to; i++) if (bytes[i] === DOT) dot = i
  }
  if (dot <= at || to - dot < 3) return -1
  for (let i = dot + 1; i < to; i++) if ((KINDS[bytes[i]!]! & LETTER) === 0) return -1
  return to
}

/** Of what stands before the @. */
export const isLocalByte = (byte: number): boolean =>
  isWordByte(byte) || byte === DOT || byte === 0x2d || byte === 0x2b || byte === 0x25

function startsWith(prefix: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + prefix.length > end) return false
  for (let i = 0; i < prefix.length; i++) if (bytes[at + i] !== prefix[i]) return false
  return true
}
