import type { LimitNames } from '../read-error/rate-limits.ts'

/** Whether a name may be one of a rate limit: readLimits then looks closely. */
const LIMIT = /imit|quota|^x-(?:app|user|remaining)-/i
const LETTER_I = 0x69
const LETTER_M = 0x6d
const LETTER_O = 0x6f
const LETTER_Q = 0x71
const LETTER_T = 0x74
const LETTER_U = 0x75
const HYPHEN = 0x2d

/** The headers that may speak of limits, as pairs; null where none does, as in most answers. */
export function limitHeaders(headers: unknown, names: LimitNames): [string, string][] | null {
  const own = [names.limit, names.remaining, names.reset].filter((name) => name !== undefined)
  let found: [string, string][] | null = null
  const take = (name: unknown, value: unknown): void => {
    const isOne = typeof name === 'string' ? LIMIT.test(name) : mentionsLimit(name as Uint8Array)
    if (isOne || own.some((one) => isCalled(name, one))) {
      found ??= []
      found.push([textOf(name), textOf(value)])
    }
  }
  if (Array.isArray(headers)) for (let i = 0; i + 1 < headers.length; i += 2) take(headers[i], headers[i + 1])
  else for (const [name, value] of Object.entries(headers ?? {})) take(name, value)
  return found
}

const isCalled = (name: unknown, wanted: string): boolean =>
  (name as ArrayLike<unknown>).length === wanted.length && textOf(name).toLowerCase() === wanted.toLowerCase()

const textOf = (given: unknown): string => (Buffer.isBuffer(given) ? given.toString('latin1') : String(given))

/** The same of bytes: `im?t`, `quo`, or a name that begins with x-app-, x-user- or x-remaining-. */
function mentionsLimit(name: Uint8Array): boolean {
  for (let at = 1; at < name.length; at++) {
    const byte = name[at]! | 0x20
    if (byte === LETTER_M) {
      if ((name[at - 1]! | 0x20) === LETTER_I && (name[at + 2]! | 0x20) === LETTER_T) return true
    } else if (byte === LETTER_U) {
      if ((name[at - 1]! | 0x20) === LETTER_Q && (name[at + 1]! | 0x20) === LETTER_O) return true
    }
  }
  return name[1] === HYPHEN && name.length > 6 && LIMIT.test(textOf(name))
}
