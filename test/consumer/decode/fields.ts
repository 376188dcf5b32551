// Protobuf fields made by hand, so that tests and benchmarks can write what no library would: another field order,
// repeats, wire types that do not fit.

/** An SDK writes fields from the lowest number up, the Collector from the highest down, value before key. */
export type FieldOrder = 'ascending' | 'descending'

export interface Field {
  number: number
  /** Tag and value. */
  bytes: Buffer
}
type Scalar = string | number | bigint | boolean
export type Value = Scalar | readonly Scalar[]

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Buffer.from([...bytes, Number(rest)])
}

const tagged = (number: number, wireType: number, ...bytes: Buffer[]): Field => ({
  number,
  bytes: Buffer.concat([varint(number * 8 + wireType), ...bytes]),
})

export const integer = (number: number, value: number | bigint): Field => tagged(number, 0, varint(value))
export const binary = (number: number, value: Buffer): Field => tagged(number, 2, varint(value.length), value)
export const text = (number: number, value: string): Field => binary(number, Buffer.from(value))
export const fixed64 = (number: number, value: bigint): Field => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return tagged(number, 1, bytes)
}
export const fixed32 = (number: number, value: number): Field => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return tagged(number, 5, bytes)
}
const double = (number: number, value: number): Field => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return tagged(number, 1, bytes)
}

/** Repeated fields keep their order among themselves either way. */
export const message = (fields: readonly Field[], order: FieldOrder = 'ascending'): Buffer =>
  Buffer.concat(
    fields
      .toSorted((a, b) => (order === 'ascending' ? a.number - b.number : b.number - a.number))
      .map(({ bytes }) => bytes),
  )

export function anyValue(value: Value): Field {
  if (typeof value === 'string') return text(1, value)
  if (typeof value === 'boolean') return integer(2, Number(value))
  if (typeof value === 'bigint') return integer(3, value)
  if (typeof value === 'number') return Number.isInteger(value) ? integer(3, value) : double(4, value)
  return binary(5, message(value.map((one) => binary(1, anyValue(one).bytes))))
}

/** A KeyValue, as the attribute (field 9) of a span unless said otherwise. */
export const attribute = (key: string, value: Value, order: FieldOrder = 'ascending', number = 9): Field =>
  binary(number, message([text(1, key), binary(2, anyValue(value).bytes)], order))
