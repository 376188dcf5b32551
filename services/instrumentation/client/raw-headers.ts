// Headers as clients have them from the parser: a flat list of names and values, texts (node:http) or bytes (undici), or
// over HTTP/2 an object. Looked at without making anything of them, for most calls succeed and nothing is said.

/** The value of one header; '' where there is none. */
export function rawHeader(headers: unknown, name: string): string {
  if (!Array.isArray(headers)) {
    const value = (headers as Record<string, unknown> | null)?.[name]
    return value === undefined ? '' : String(value)
  }
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const given: unknown = headers[i]
    if ((given as ArrayLike<unknown>).length !== name.length) continue
    if (String(given).toLowerCase() === name) return String(headers[i + 1])
  }
  return ''
}

/** Whether a name may be one of a rate limit: readLimits then looks closely. */
const LIMIT = /imit|quota|^x-(?:app|user|remaining)-/i
const LETTER_I = 0x69
const LETTER_M = 0x6d
const LETTER_Q = 0x71
const LETTER_T = 0x74
const LETTER_U = 0x75

export function mentionsLimits(headers: unknown): boolean {
  if (!Array.isArray(headers)) return Object.keys(headers ?? {}).some((name) => LIMIT.test(name))
  for (let i = 0; i < headers.length; i += 2) {
    const name: unknown = headers[i]
    if (typeof name === 'string' ? LIMIT.test(name) : mentionsIn(name as Uint8Array)) return true
  }
  return false
}

/** The same of bytes: `imit`, `quot`, or a name that begins with x-app-, x-user- or x-remaining-. */
function mentionsIn(name: Uint8Array): boolean {
  for (let at = 1; at < name.length; at++) {
    const byte = name[at]! | 0x20
    if (byte === LETTER_M && (name[at - 1]! | 0x20) === LETTER_I && (name[at + 2]! | 0x20) === LETTER_T)
      return true
    if (byte === LETTER_U && (name[at - 1]! | 0x20) === LETTER_Q) return true
  }
  return name[1] === 0x2d && name.length > 6 && LIMIT.test(String(name))
}
