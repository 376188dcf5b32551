import { BYTES, blockEnd, cursor, FIXED64, skip, tagAt, VARINT, varint, WRONG_TYPE } from './wire.ts'

// AnyValue, without going into what it nests: a list is looked through for scalars, anything deeper is passed over
// by its length, so no depth of nesting costs stack.

export type ValueKind = 0 | 1 | 2 | 3 | 4
/** Empty, or of a kind nothing here reads (bool, bytes, a map). */
export const NOTHING = 0
export const STRING = 1
export const INT = 2
export const DOUBLE = 3
export const ARRAY = 4

/** What `readValue` found: for a string and an array the bounds of their contents, else where the number stands. */
export const value = { kind: NOTHING as ValueKind, start: 0, end: 0 }

const FIELDS: readonly { wireType: number; kind: ValueKind }[] = [
  { wireType: -1, kind: NOTHING },
  { wireType: BYTES, kind: STRING },
  { wireType: VARINT, kind: NOTHING },
  { wireType: VARINT, kind: INT },
  { wireType: FIXED64, kind: DOUBLE },
  { wireType: BYTES, kind: ARRAY },
  { wireType: BYTES, kind: NOTHING },
  { wireType: BYTES, kind: NOTHING },
]

/** Reads an AnyValue into `value`, of several the last; answers 0 or a problem. */
export function readValue(bytes: Uint8Array, at: number, end: number): number {
  value.kind = NOTHING
  while (at < end) {
    const tag = tagAt(bytes, at, end)
    if (tag < 0) return tag
    const start = cursor.at
    at = skip(bytes, start, end, tag & 7)
    if (at < 0) return at
    const field = FIELDS[tag >>> 3]
    if (field === undefined) continue
    if (field.wireType !== (tag & 7)) return WRONG_TYPE
    value.kind = field.kind
    value.start = field.wireType === BYTES ? cursor.at : start
    value.end = at
  }
  return 0
}

/** Walks a list's elements, each into `value`: answers where the next begins (the end when done) or a problem. */
export function nextElement(bytes: Uint8Array, at: number, end: number): number {
  const tag = tagAt(bytes, at, end)
  if (tag < 0) return tag
  if (tag >>> 3 !== 1) {
    value.kind = NOTHING
    return skip(bytes, cursor.at, end, tag & 7)
  }
  if ((tag & 7) !== BYTES) return WRONG_TYPE
  const stop = blockEnd(bytes, cursor.at, end)
  if (stop < 0) return stop
  const problem = readValue(bytes, cursor.at, stop)
  return problem < 0 ? problem : stop
}

/** Narrows `value` from a list to its first string that is not empty; answers 0 or a problem anywhere in the list. */
export function firstString(bytes: Uint8Array): number {
  const { end } = value
  let at = value.start
  let start = 0
  let stop = 0
  while (at < end) {
    at = nextElement(bytes, at, end)
    if (at < 0) return at
    if (stop === 0 && value.kind === STRING && value.end > value.start) {
      start = value.start
      stop = value.end
    }
  }
  value.kind = stop === 0 ? NOTHING : STRING
  value.start = start
  value.end = stop
  return 0
}

/** The number a scalar holds or spells, not below 0; -1 for any other. Doubles are cut to whole numbers. */
export function wholeNumber(
  bytes: Uint8Array,
  view: DataView,
  kind: ValueKind,
  start: number,
  end: number,
): number {
  if (kind === INT) {
    const number = varint(bytes, start, end)
    // Whoever means more than 2^53 of anything means no limit; above 2^63 it is below 0.
    return number <= Number.MAX_SAFE_INTEGER ? number : -1
  }
  if (kind === DOUBLE) {
    const number = view.getFloat64(start, true)
    return number >= 0 && number <= Number.MAX_SAFE_INTEGER ? Math.floor(number) : -1
  }
  return kind === STRING ? digits(bytes, start, end) : -1
}

/** A number of at most 15 decimal digits (leading and trailing spaces allowed), or -1. */
export function digits(bytes: Uint8Array, start: number, end: number): number {
  while (start < end && bytes[start] === 32) start++
  while (end > start && bytes[end - 1] === 32) end--
  if (end === start || end - start > 15) return -1
  let number = 0
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}
