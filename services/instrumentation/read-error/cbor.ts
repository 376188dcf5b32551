// CBOR, as newer AWS services answer (Smithy RPC v2): maps, lists, texts, numbers, also of unknown length.

const DEEPEST = 32
/** Ends a list or map of unknown length. */
const BREAK = Symbol('break')
/** Nothing more can be read. */
const END = Symbol('end')
const MOST_ITEMS = 1000

const utf8 = new TextDecoder()

/** What can be read of the bytes; a value that was cut off is left out. */
export function readCbor(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0

  /** The argument of an item's head; -1 for "unknown length", NaN for nonsense or the end. */
  function argument(low: number): number {
    if (low < 24) return low
    if (low === 31) return -1
    const size = low <= 27 ? 1 << (low - 24) : Number.NaN
    if (!(at + size <= bytes.length)) return Number.NaN
    const start = at
    at += size
    if (size === 1) return view.getUint8(start)
    if (size === 2) return view.getUint16(start)
    return size === 4 ? view.getUint32(start) : Number(view.getBigUint64(start))
  }

  function item(depth: number): unknown {
    if (at >= bytes.length || depth > DEEPEST) return END
    const head = bytes[at++]!
    const major = head >> 5
    if (head === 0xff) return BREAK
    if (major === 7) return simple(head & 31)
    const count = argument(head & 31)
    if (Number.isNaN(count)) return END
    if (major === 0) return count
    if (major === 1) return -1 - count
    if (major === 2 || major === 3) return text(count, major)
    if (major === 4) return list(count, depth)
    return major === 5 ? map(count, depth) : item(depth + 1)
  }

  function text(length: number, major: number): unknown {
    if (length < 0) {
      let joined = ''
      for (let part = item(DEEPEST - 1); typeof part === 'string'; part = item(DEEPEST - 1)) joined += part
      return joined
    }
    if (at + length > bytes.length) {
      at = bytes.length
      return END
    }
    at += length
    return major === 3 ? utf8.decode(bytes.subarray(at - length, at)) : null
  }

  function list(count: number, depth: number): unknown[] {
    const read: unknown[] = []
    while (read.length !== count && read.length < MOST_ITEMS) {
      const value = item(depth + 1)
      if (value === BREAK || value === END) break
      read.push(value)
    }
    return read
  }

  function map(count: number, depth: number): Record<string, unknown> {
    const read: Record<string, unknown> = Object.create(null)
    for (let i = 0; i !== count && i < MOST_ITEMS; i++) {
      const key = item(depth + 1)
      if (key === BREAK || key === END) break
      const value = item(depth + 1)
      if (value === BREAK || value === END) break
      if (typeof key === 'string') read[key] = value
    }
    return read
  }

  function simple(low: number): unknown {
    if (low === 20 || low === 21) return low === 21
    const size = low >= 25 && low <= 27 ? 1 << (low - 24) : low === 24 ? 1 : 0
    const start = at
    at += size
    if (at > bytes.length) return END
    if (low === 26) return view.getFloat32(start)
    return low === 27 ? view.getFloat64(start) : null
  }

  const read = item(0)
  return typeof read === 'symbol' ? undefined : read
}
