import { OTHER } from '../../contract/vocabulary.ts'

/** A longer value is cut: what repeats is a name, and a name is short. */
const MAX_VALUE_BYTES = 256

/**
 * The distinct values of one dimension, numbered in order of arrival; number 0 is the empty string.
 * Entries lie one behind the other as ClickHouse's Native format wants them (length, bytes), so a dictionary
 * is written by copying it. Past `limit` values every new one becomes `_OTHER` and is counted in `overflowed`.
 */
export class Dictionary {
  count = 1
  overflowed = 0
  /** Native-ready entries, the empty string first. */
  bytes = Buffer.alloc(4096)
  private view: DataView = viewOf(this.bytes)
  length = 1
  private readonly limit: number
  private starts = new Uint32Array(64)
  private ends = new Uint32Array(64)
  private hashes = new Int32Array(64)
  private slots = new Uint16Array(256)
  private other = 0

  constructor(limit: number) {
    // Ids are 16 bits wide, and two are taken: the empty string and `_OTHER`.
    this.limit = Math.min(limit, 65_533)
    this.starts[0] = this.ends[0] = 1
  }

  reset(): void {
    if (this.count > 1) this.slots.fill(0)
    this.count = 1
    this.length = 1
    this.overflowed = 0
    this.other = 0
  }

  intern(source: Uint8Array, start: number, end: number): number {
    if (start >= end) return 0
    if (end - start > MAX_VALUE_BYTES) end = cutAtCharacter(source, start + MAX_VALUE_BYTES)
    const hash = hashOf(source, start, end)
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (;;) {
      const id = this.slots[slot]!
      if (id === 0) break
      if (this.hashes[id] === hash && this.equals(id, source, start, end)) return id
      slot = (slot + 1) & mask
    }
    return this.add(source, start, end, hash, slot)
  }

  /** The same, for a source that there is a view of: it is looked at four bytes at a time. */
  internSeen(source: Uint8Array, view: DataView, start: number, end: number): number {
    if (end - start < 4 || end - start > MAX_VALUE_BYTES) return this.intern(source, start, end)
    let hash = end - start
    let i = start
    for (; i + 4 <= end; i += 4)
      hash = Math.imul(((hash << 13) | (hash >>> 19)) ^ view.getInt32(i, true), 0x9e3779b1)
    for (; i < end; i++) hash = Math.imul(hash ^ source[i]!, 0x01000193)
    hash = finish(hash)
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (;;) {
      const id = this.slots[slot]!
      if (id === 0) break
      if (this.hashes[id] === hash && this.equalsSeen(id, view, start, end)) return id
      slot = (slot + 1) & mask
    }
    return this.add(source, start, end, hash, slot)
  }

  internText(text: string): number {
    if (text === '') return 0
    const bytes = Buffer.from(text)
    return this.intern(bytes, 0, bytes.length)
  }

  text(id: number): string {
    return this.bytes.toString('utf8', this.starts[id], this.ends[id])
  }

  start(id: number): number {
    return this.starts[id]!
  }

  end(id: number): number {
    return this.ends[id]!
  }

  private equals(id: number, source: Uint8Array, start: number, end: number): boolean {
    let at = this.starts[id]!
    if (this.ends[id]! - at !== end - start) return false
    const bytes = this.bytes
    for (let i = start; i < end; i++) if (bytes[at++] !== source[i]) return false
    return true
  }

  private equalsSeen(id: number, view: DataView, start: number, end: number): boolean {
    const own = this.view
    const last = this.ends[id]! - 4
    let at = this.starts[id]!
    if (last + 4 - at !== end - start) return false
    for (let i = start; at < last; i += 4) {
      if (own.getInt32(at, true) !== view.getInt32(i, true)) return false
      at += 4
    }
    // The last four bytes, whether or not some of them were compared before.
    return own.getInt32(last, true) === view.getInt32(end - 4, true)
  }

  private add(source: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    if (this.count > this.limit) {
      this.overflowed++
      if (this.other === 0) this.other = this.write(Buffer.from(OTHER), 0, OTHER.length, 0)
      return this.other
    }
    const id = this.write(source, start, end, hash)
    this.slots[slot] = id
    if (this.count * 2 > this.slots.length) this.rehash()
    return id
  }

  private write(source: Uint8Array, start: number, end: number, hash: number): number {
    const size = end - start
    if (this.length + size + 2 > this.bytes.length) {
      const larger = Buffer.alloc(this.bytes.length * 2)
      larger.set(this.bytes.subarray(0, this.length))
      this.bytes = larger
      this.view = viewOf(larger)
    }
    if (this.count === this.starts.length) {
      this.starts = doubled(this.starts, new Uint32Array(this.count * 2))
      this.ends = doubled(this.ends, new Uint32Array(this.count * 2))
      this.hashes = doubled(this.hashes, new Int32Array(this.count * 2))
    }
    const bytes = this.bytes
    let at = this.length
    if (size < 128) bytes[at++] = size
    else {
      bytes[at++] = (size & 127) | 128
      bytes[at++] = size >> 7
    }
    const id = this.count++
    this.starts[id] = at
    for (let i = start; i < end; i++) bytes[at++] = source[i]!
    this.ends[id] = at
    this.hashes[id] = hash
    this.length = at
    return id
  }

  private rehash(): void {
    const slots = new Uint16Array(this.slots.length * 2)
    const mask = slots.length - 1
    for (let id = 1; id < this.count; id++) {
      if (id === this.other) continue
      let slot = this.hashes[id]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = id
    }
    this.slots = slots
  }
}

/** Four bytes a step; the finish spreads the last ones over all bits. */
function hashOf(source: Uint8Array, start: number, end: number): number {
  let hash = end - start
  let i = start
  for (; i + 4 <= end; i += 4) {
    const word = source[i]! | (source[i + 1]! << 8) | (source[i + 2]! << 16) | (source[i + 3]! << 24)
    hash = Math.imul(((hash << 13) | (hash >>> 19)) ^ word, 0x9e3779b1)
  }
  for (; i < end; i++) hash = Math.imul(hash ^ source[i]!, 0x01000193)
  return finish(hash)
}

function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return mixed ^ (mixed >>> 13)
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

function doubled<T extends Uint32Array | Int32Array>(from: T, into: T): T {
  into.set(from)
  return into
}

/** Steps back over UTF-8 continuation bytes, so that a cut never leaves half a character. */
export function cutAtCharacter(bytes: Uint8Array, at: number): number {
  while (at > 0 && (bytes[at]! & 0xc0) === 0x80) at--
  return at
}
