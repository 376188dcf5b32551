import type { ProtoWriter } from './proto-writer.ts'

// How OTLP/JSON spells the values of a protobuf field. Each writer answers false where the value is none of the
// spellings; what was written by then is rewound by whoever can do without it.

export type Write = (to: ProtoWriter, field: number, value: unknown) => boolean

/** A message's fields by both their names, the JSON one and the one in the .proto file. */
export type Shape = Map<string, { number: number; write: Write }>

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export function shape(fields: Record<string, [number: number, write: Write]>): Shape {
  const shape: Shape = new Map()
  for (const [name, [number, write]] of Object.entries(fields)) {
    shape.set(name, { number, write }).set(snakeCase(name), { number, write })
  }
  return shape
}

/** Unknown fields are passed over and null is as good as absent, as protobuf's JSON mapping has it. */
function writeFields(to: ProtoWriter, shape: Shape, value: Record<string, unknown>): boolean {
  for (const name in value) {
    const field = shape.get(name)
    const content = value[name]
    if (field !== undefined && content !== null && !field.write(to, field.number, content)) return false
  }
  return true
}

/** A nested message. The shape is asked for late, because an AnyValue can hold AnyValues. */
export const message =
  (shape: () => Shape): Write =>
  (to, field, value) => {
    if (!isObject(value)) return false
    const start = to.open(field)
    if (!writeFields(to, shape(), value)) return false
    to.close(start)
    return true
  }

export const repeated =
  (write: Write): Write =>
  (to, field, values) =>
    Array.isArray(values) && values.every((value) => write(to, field, value))

export const text: Write = (to, field, value) => {
  if (typeof value !== 'string') return false
  to.text(field, value)
  return true
}

export const bool: Write = (to, field, value) => {
  if (typeof value !== 'boolean') return false
  to.int64(field, value ? 1n : 0n)
  return true
}

export const int64: Write = (to, field, value) => {
  const number = toInteger(value)
  if (number === undefined || BigInt.asIntN(64, number) !== number) return false
  to.int64(field, number)
  return true
}

export const fixed64: Write = (to, field, value) => {
  const number = toInteger(value)
  if (number === undefined || BigInt.asUintN(64, number) !== number) return false
  to.fixed64(field, number)
  return true
}

export const double: Write = (to, field, value) => {
  const number = toDouble(value)
  if (number === undefined) return false
  to.double(field, number)
  return true
}

export const bytes: Write = (to, field, value) => {
  if (typeof value !== 'string' || !BASE64.test(value)) return false
  to.binary(field, Buffer.from(value, 'base64'))
  return true
}

/** By number, as OTLP wants it, or by name, as protobuf's own JSON mapping writes it. */
export const enumeration =
  (names: readonly string[]): Write =>
  (to, field, value) => {
    const number = typeof value === 'string' ? names.indexOf(value) : value
    if (typeof number !== 'number' || (number | 0) !== number || (number < 0 && number !== value))
      return false
    to.int64(field, BigInt(number))
    return true
  }

/** Hex, as OTLP wants it, or base64, as protobuf's own JSON mapping writes it: the length tells which. */
export const id =
  (size: number): Write =>
  (to, field, value) => {
    if (value === '') return true
    if (typeof value !== 'string') return false
    const isHex = value.length === size * 2
    const unpadded = Math.ceil((size * 4) / 3)
    const isBase64 = value.length === unpadded || value.length === Math.ceil(size / 3) * 4
    if (!isHex && !(isBase64 && BASE64.test(value))) return false
    const decoded = Buffer.from(value, isHex ? 'hex' : 'base64')
    if (decoded.length !== size) return false
    to.binary(field, decoded)
    return true
  }

/** Both alphabets, padded or not. */
const BASE64 = /^[\w+/-]*={0,2}$/
const DECIMAL = /^-?\d+$/
const NUMERIC = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/
/** No 64-bit integer is longer, and reading one of a million digits would take a while. */
const LONGEST_NUMBER = 40

function toInteger(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined
  if (typeof value !== 'string' || value.length > LONGEST_NUMBER) return undefined
  if (DECIMAL.test(value)) return BigInt(value)
  // 1e3 and 5.0 are integers too.
  const number = NUMERIC.test(value) ? Number(value) : Number.NaN
  return Number.isSafeInteger(number) ? BigInt(number) : undefined
}

function toDouble(value: unknown): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  return typeof value === 'string' && NUMERIC.test(value) ? Number(value) : undefined
}

/**
 * Reads JSON with integers exact: those that a double cannot hold become a bigint. The way there is slow, and only
 * documents that write nanoseconds without quotes need it.
 */
export const parseExactly = (json: string): unknown =>
  LONG_INTEGER.test(json) ? JSON.parse(json, keepDigits) : JSON.parse(json)

const LONG_INTEGER = /[:,[\s]-?\d{16}/

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown => {
  const source = context?.source
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value
  return source.length <= LONGEST_NUMBER && DECIMAL.test(source) ? BigInt(source) : value
}
