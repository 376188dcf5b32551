const NANOSECONDS_A_DAY = 86_400_000_000_000n
const SECONDS_A_DAY = 86_400

/**
 * How many rows of a Native block lie in which day (since 1970), read off its first column, the time. A day is a part
 * in the engine, and a part is there whole, not at all, or twice: so this is what to count a table against.
 */
export function rowsByDay(native: Buffer[]): Map<number, number> {
  const bytes = Buffer.concat(native)
  let at = 0
  const varint = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++]!
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  const text = () => {
    const length = varint()
    at += length
    return bytes.toString('latin1', at - length, at)
  }
  varint()
  const rows = varint()
  const [name, type] = [text(), text()]
  if (name !== 'ts') throw new Error(`the first column is ${name}, not the time`)
  const wide = type.startsWith('DateTime64(9')
  const days = new Map<number, number>()
  for (let row = 0; row < rows; row++) {
    const day = wide
      ? Number(bytes.readBigUInt64LE(at + 8 * row) / NANOSECONDS_A_DAY)
      : Math.floor(bytes.readUInt32LE(at + 4 * row) / SECONDS_A_DAY)
    days.set(day, (days.get(day) ?? 0) + 1)
  }
  return days
}
