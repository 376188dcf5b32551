import { isAfterScheme, isHarmless, isKindOfKey, isScheme, LAST_LETTERS, secrecyOf } from './secret-names.ts'
import {
  cardEnd,
  domainEnd,
  isDigit,
  isKeyByte,
  isKeyWordByte,
  isLocalByte,
  isOpaque,
  isWordByte,
  vendorKeyEnd,
} from './secrets.ts'

// Takes secrets out of a message before it is written anywhere: credentials, keys, e-mail addresses, card numbers,
// the queries of URLs. One walk over the text, in time that grows with its length whatever it holds.

export const MAX_MESSAGE_BYTES = 256
/** Of a longer message no more is looked at: what is kept comes from its beginning. */
const MAX_SOURCE_BYTES = 4096
const REDACTED = Buffer.from('[redacted]')
const EMAIL = Buffer.from('[email]')
const CARD = Buffer.from('[card]')

const SPACE = 0x20
const NEWLINE = 10
const AT = 0x40
const COLON = 0x3a
const EQUALS = 0x3d
const SLASH = 0x2f
const QUESTION = 0x3f
const HASH = 0x23
const QUOTES = [0x22, 0x27, 0x60]
const BACKSLASH = 0x5c
const LONGEST_NAME = 64
const LONGEST_SCHEME = 16

/** Ends a word of a text, and an unquoted value: white space, quotes, brackets, commas. */
const ENDS = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\s"'`<>()[\]{},;|\\]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

// What a message may hold; nothing else is looked for in it.
const HINT_AT = 16
const HINT_RUN = 32
const HINT_SIGN = 64
const HINT_DIGITS = 128

/** Of a name: what it begins with, and `-` and `.`. */
const JOINED = Uint8Array.from({ length: 256 }, (_, byte) => Number(/[-.\w]/.test(String.fromCharCode(byte))))
/** The last letter of a name that may announce a secret. */
const ENDS_NAME = Uint8Array.from({ length: 256 }, (_, byte) => Number(LAST_LETTERS.has(byte | 32)))

export class Scrubber {
  /** What `scrub` made. */
  readonly out = Buffer.alloc(MAX_SOURCE_BYTES + 1024)
  private length = 0
  private bytes: Buffer = Buffer.alloc(0)
  private end = 0
  /** What of secrets the message may hold. */
  private hints = 0
  /** Up to here a run was found to be no key, no part of one, no e-mail address, no query: it is not gone over again. */
  private noKeyUntil = 0
  private noKeyWordUntil = 0
  private noEmailUntil = 0
  private noQueryUntil = 0
  /** The end of the URL at hand. */
  private urlUntil = 0

  /**
   * The length of the scrubbed message in `out`, at most MAX_MESSAGE_BYTES; -1 where the message can be taken as it
   * stands (cut to that length).
   */
  scrub(bytes: Buffer, start: number, end: number): number {
    const hints = hintsIn(bytes, start, Math.min(end, start + LOOKED_AT))
    if (hints === 0) return -1
    this.hints = end - start > LOOKED_AT ? HINT_RUN | HINT_SIGN | HINT_AT | HINT_DIGITS : hints
    this.bytes = bytes
    this.end = Math.min(end, start + MAX_SOURCE_BYTES)
    this.length = this.urlUntil = 0
    this.noKeyUntil = this.noKeyWordUntil = this.noEmailUntil = this.noQueryUntil = 0
    let at = start
    // Whatever comes later cannot change what was put out before.
    while (at < this.end && this.length <= MAX_MESSAGE_BYTES) {
      const byte = bytes[at]!
      if (byte === QUESTION || byte === HASH) at = this.query(at)
      else if (isWordByte(byte) && (at === start || !isWordByte(bytes[at - 1]!))) at = this.word(at, start)
      else this.out[this.length++] = bytes[at++]!
    }
    return this.length <= MAX_MESSAGE_BYTES ? this.length : cutAtCharacter(this.out, MAX_MESSAGE_BYTES)
  }

  /** From the start of a word: puts out what may be said and answers where to go on. */
  private word(at: number, start: number): number {
    const { bytes, end, hints } = this
    if ((hints & HINT_DIGITS) !== 0 && isDigit(bytes[at]!)) {
      const to = cardEnd(bytes, at, end)
      if (to > 0) return this.replace(CARD, to)
    }
    let to = at + 1
    while (to < end && JOINED[bytes[to]!] === 1) to++
    if (bytes[to] === COLON && to + 2 < end && bytes[to + 1] === SLASH && bytes[to + 2] === SLASH) {
      if (to - at <= LONGEST_SCHEME) return this.url(at, to + 3)
    }
    if ((hints & HINT_AT) !== 0) {
      const address = this.emailEnd(at)
      if (address > 0) return this.replace(EMAIL, address)
    }
    if ((hints & HINT_SIGN) !== 0 && to - at <= LONGEST_NAME) {
      const after = this.afterName(at, to, start)
      if (after > 0) return after
    }
    const key = (hints & HINT_RUN) === 0 ? -1 : this.keyEnd(at)
    return key > 0 ? this.replace(REDACTED, key) : this.copy(at, to)
  }

  /** scheme://user:password@host/path?query#fragment → scheme://host; path and query are seen to as they come. */
  private url(at: number, authority: number): number {
    const { bytes } = this
    this.copy(at, authority)
    if (authority >= this.urlUntil) {
      this.urlUntil = authority
      while (this.urlUntil < this.end && ENDS[bytes[this.urlUntil]!] === 0) this.urlUntil++
    }
    let host = authority
    let to = authority
    for (; to < this.urlUntil; to++) {
      const byte = bytes[to]!
      if (byte === SLASH || byte === QUESTION || byte === HASH) break
      if (byte === AT) host = to + 1
    }
    return this.copy(host, to)
  }

  /** At a ? or #: in a URL nothing behind it is said; elsewhere a query is what has a value in it. */
  private query(at: number): number {
    const { bytes, end } = this
    if (at < this.urlUntil) return this.urlUntil
    if (bytes[at] === QUESTION && at >= this.noQueryUntil) {
      let hasValue = false
      let to = at + 1
      for (; to < end && ENDS[bytes[to]!] === 0; to++) if (bytes[to] === EQUALS) hasValue = true
      if (hasValue) return to
      this.noQueryUntil = to
    }
    return this.copy(at, at + 1)
  }

  private emailEnd(at: number): number {
    if (at < this.noEmailUntil) return -1
    const { bytes, end } = this
    let to = at
    while (to < end && isLocalByte(bytes[to]!)) to++
    if (to < end && bytes[to] === AT) {
      const domain = domainEnd(bytes, to + 1, end)
      if (domain > 0) return domain
    }
    this.noEmailUntil = to
    return -1
  }

  /** The whole run, for base64 has slashes; then what is between two slashes, for paths have keys in them. */
  private keyEnd(at: number): number {
    const { bytes, end } = this
    const vendor = vendorKeyEnd(bytes, at, end)
    if (vendor > 0) return vendor
    if (at >= this.noKeyUntil) {
      let to = at
      while (to < end && isKeyByte(bytes[to]!)) to++
      if (isOpaque(bytes, at, to)) return this.paddingEnd(to)
      this.noKeyUntil = to
    }
    if (at >= this.noKeyWordUntil) {
      let to = at
      while (to < end && isKeyWordByte(bytes[to]!)) to++
      if (isOpaque(bytes, at, to)) return to
      this.noKeyWordUntil = to
    }
    return -1
  }

  private paddingEnd(at: number): number {
    let to = at
    while (to < this.end && to < at + 2 && this.bytes[to] === EQUALS) to++
    return to
  }

  /** What a name announces: a value behind `=` or `:`, a token behind `Bearer`. Answers -1 where it announces none. */
  private afterName(at: number, to: number, start: number): number {
    const { bytes, end } = this
    if (bytes[to] === SPACE && mayBeScheme(bytes, at, to) && isScheme(bytes.toString('latin1', at, to))) {
      const token = this.runEnd(to + 1)
      const word = bytes.toString('latin1', to + 1, token)
      if (token - to < 5 || isAfterScheme(word.replace(/[.:]$/, ''))) return -1
      this.copy(at, to + 1)
      return this.replace(REDACTED, token)
    }
    if (ENDS_NAME[bytes[to - 1]!] === 0) return -1
    let sign = to
    if (sign < end && QUOTES.includes(bytes[sign]!)) sign++
    else if (bytes[sign] === BACKSLASH && QUOTES.includes(bytes[sign + 1]!)) sign += 2
    while (sign < end && bytes[sign] === SPACE && sign - to < 4) sign++
    if (sign >= end || (bytes[sign] !== EQUALS && bytes[sign] !== COLON)) return -1
    const secrecy = secrecyOf(bytes.toString('latin1', at, to))
    if (secrecy === 'none') return -1
    if (secrecy === 'key' && bytes[sign] === COLON && !isKindOfKey(this.wordBefore(at, start))) return -1
    let value = sign + 1
    if (bytes[value] === 0x3e) value++
    while (value < end && bytes[value] === SPACE) value++
    if (secrecy === 'line') {
      this.copy(at, value)
      let lineEnd = value
      while (lineEnd < end && bytes[lineEnd] !== NEWLINE) lineEnd++
      return lineEnd > value ? this.replace(REDACTED, lineEnd) : value
    }
    // JSON in a string: \"token\":\"…\".
    const isNested = bytes[value] === BACKSLASH
    if (isNested) value++
    const quote = value < end && QUOTES.includes(bytes[value]!) ? bytes[value++]! : 0
    let valueEnd = value
    if (quote === 0) valueEnd = this.runEnd(value)
    else
      while (valueEnd < end && bytes[valueEnd] !== quote)
        valueEnd += bytes[valueEnd] === BACKSLASH && !isNested ? 2 : 1
    valueEnd = Math.min(valueEnd, end)
    const word = bytes.toString('latin1', value, Math.min(valueEnd, value + LONGEST_NAME))
    if (isHarmless(word.replace(/[.:!]$/, ''))) return -1
    this.copy(at, value)
    if (isScheme(word)) return value
    return this.replace(REDACTED, valueEnd)
  }

  private runEnd(at: number): number {
    let to = at
    while (to < this.end && ENDS[this.bytes[to]!] === 0 && this.bytes[to] !== 0x26) to++
    return to
  }

  private wordBefore(at: number, start: number): string {
    const { bytes } = this
    if (at - 1 <= start || bytes[at - 1] !== SPACE) return ''
    let from = at - 1
    while (from > start && at - from < 16 && isWordByte(bytes[from - 1]!)) from--
    return bytes.toString('latin1', from, at - 1)
  }

  private copy(from: number, to: number): number {
    const { bytes, out } = this
    // More than the room for a message is never needed.
    const until = Math.min(to, from + MAX_MESSAGE_BYTES + 4)
    for (let at = from; at < until; at++) out[this.length++] = bytes[at]!
    return to
  }

  private replace(by: Buffer, to: number): number {
    this.length += by.copy(this.out, this.length)
    return to
  }
}

const MANY_DIGITS = 13
const LONG_RUN = 16
/** No secret reaches from behind this into what is kept of a message without announcing itself before it. */
const LOOKED_AT = 512

/** Letters, digits and the other characters of a key; a digit counts DIGIT. */
const RUN = 1
const DIGIT = 2
/** `:` and `=` behind a name, and the space behind a scheme. */
const SIGN = 4
/** `?` and `#`, where a query or a fragment may begin. */
const QUERY = 8
const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  if (/[0-9]/.test(character)) return RUN | DIGIT
  if (/[-A-Za-z_+/.]/.test(character)) return RUN
  if (/[:= ]/.test(character)) return SIGN
  if (character === '@') return HINT_AT
  return /[?#]/.test(character) ? QUERY : 0
})
/** Stands before the sign behind a name that may announce a secret: its last letter, a quote, a space. */
const BEFORE_SIGN = Uint8Array.from({ length: 256 }, (_, byte) =>
  ENDS_NAME[byte] === 1 || QUOTES.includes(byte) || byte === SPACE ? 1 : 0,
)

/** Most messages hold nothing that could be part of a secret, and this tells so in one look at each byte. */
function hintsIn(bytes: Uint8Array, start: number, end: number): number {
  let hints = 0
  let digits = 0
  let runStart = start
  for (let at = start; at < end; at++) {
    const byte = BYTES[bytes[at]!]!
    if ((byte & RUN) !== 0) {
      digits += byte & DIGIT
      continue
    }
    if (at - runStart >= LONG_RUN) hints |= HINT_RUN
    if (byte === SIGN && at > start) {
      if (bytes[at] === SPACE ? mayBeScheme(bytes, runStart, at) : BEFORE_SIGN[bytes[at - 1]!] === 1)
        hints |= HINT_SIGN
    } else hints |= byte & (QUERY | HINT_AT)
    runStart = at + 1
  }
  if (end - runStart >= LONG_RUN) hints |= HINT_RUN
  return digits >= MANY_DIGITS * DIGIT ? hints | HINT_DIGITS : hints
}

/** As long as `basic`, `bearer`, `digest` or `negotiate` are, and with one of their first letters. */
function mayBeScheme(bytes: Uint8Array, at: number, to: number): boolean {
  if (to - at < 5 || to - at > 9) return false
  const first = bytes[at]! | 32
  return first === 0x62 || first === 0x64 || first === 0x6e
}

/** A character of several bytes is not cut in two. */
function cutAtCharacter(bytes: Uint8Array, at: number): number {
  while (at > 0 && (bytes[at]! & 0xc0) === 0x80) at--
  return at
}
