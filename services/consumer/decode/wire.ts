// The protobuf wire format, as far as OTLP needs it. Positions go in and come out as numbers; a negative one says
// why the bytes could not be read on, so that the scanner allocates and throws nothing.

export const TRUNCATED = -1
const LONG_VARINT = -2
const GROUP = -3
export const WRONG_TYPE = -4
const BAD_TAG = -5
export const BAD_ID = -6

/** The same in words that a metric can be labelled with, by the number without its sign. */
export const PROBLEMS = ['', 'truncated', 'long_varint', 'group', 'wire_type', 'tag', 'id'] as const

const REASONS = [
  '',
  'truncated',
  'a varint of more than 10 bytes',
  'a group, or a wire type that does not exist',
  'a known field with another wire type',
  'a field number that does not exist',
  'an id of another length than 16 bytes (trace) or 8 bytes (span)',
]
export const reasonOf = (problem: number): string => REASONS[-problem]!

export const VARINT = 0
export const FIXED64 = 1
export const BYTES = 2
export const FIXED32 = 5

/** Where the last varint ended: `varint` answers two numbers, and this is the second. */
export const cursor = { at: 0 }

const MAX_TAG = 2 ** 32

/** The unsigned value (exact up to 2^53), or a negative problem. */
export function varint(bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  let factor = 1
  for (let i = 0; i < 10; i++) {
    if (at >= end) return TRUNCATED
    const byte = bytes[at++]!
    value += (byte & 127) * factor
    if (byte < 128) {
      cursor.at = at
      return value
    }
    factor *= 128
  }
  return LONG_VARINT
}

/** A tag that makes sense, or a negative problem. */
export function tagAt(bytes: Uint8Array, at: number, end: number): number {
  const tag = varint(bytes, at, end)
  return tag >= 0 && (tag < 8 || tag >= MAX_TAG) ? BAD_TAG : tag
}

/** Where the message or string ends whose length stands at `at` (its bytes begin at `cursor.at`). */
export function blockEnd(bytes: Uint8Array, at: number, end: number): number {
  const length = varint(bytes, at, end)
  if (length < 0) return length
  return length > end - cursor.at ? TRUNCATED : cursor.at + length
}

/** Where the field after the one whose value stands at `at` begins. */
export function skip(bytes: Uint8Array, at: number, end: number, wireType: number): number {
  switch (wireType) {
    case VARINT: {
      const value = varint(bytes, at, end)
      return value < 0 ? value : cursor.at
    }
    case FIXED64:
      return at + 8 <= end ? at + 8 : TRUNCATED
    case BYTES:
      return blockEnd(bytes, at, end)
    case FIXED32:
      return at + 4 <= end ? at + 4 : TRUNCATED
    default:
      return GROUP
  }
}
