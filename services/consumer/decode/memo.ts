const SLOTS = 256
/** A slot is four numbers: the text's bounds, the payload they belong to, and the result. */
const SLOT = 4
const SPREAD = 0x9e3779b1
/** So many texts in a row that were never seen before: the rest of the payload will be no different. */
const PATIENCE = 64

/**
 * What became of a text earlier in the same payload: routes, hosts and messages repeat, and looking one up here
 * costs a fraction of making it anew. It keeps positions, not copies, so it forgets everything between payloads;
 * two texts that meet in a slot push each other out.
 */
export class TextMemo {
  private readonly slots = new Int32Array(SLOTS * SLOT)
  private payload = 0
  /** Where the text of the last `find` belongs. */
  private slot = 0
  /** Texts not found since the last that was. */
  private misses = 0

  forget(): void {
    this.payload = (this.payload + 1) | 0
    this.misses = 0
  }

  /** What was remembered for the same bytes, or -1. */
  find(view: DataView, start: number, end: number): number {
    if (this.misses === PATIENCE) return -1
    const { slots } = this
    const length = end - start
    if (length < 4) return this.findShort(view, start, length)
    const middle = start + (length >> 1) - 2
    const hash =
      Math.imul(view.getInt32(start, true) ^ length, SPREAD) +
      Math.imul(view.getInt32(middle, true), 0x85ebca6b) +
      Math.imul(view.getInt32(end - 4, true), 0xc2b2ae35)
    const slot = (Math.imul(hash ^ (hash >>> 15), SPREAD) >>> 24) * SLOT
    this.slot = slot
    let other = slots[slot]!
    if (slots[slot + 1]! - other !== length || slots[slot + 2] !== this.payload) return -1
    const last = end - 4
    for (let at = start; at < last; at += 4) {
      if (view.getInt32(at, true) !== view.getInt32(other, true)) return -1
      other += 4
    }
    if (view.getInt32(last, true) !== view.getInt32(slots[slot + 1]! - 4, true)) return -1
    // The next one is compared with this one: it is nearer, and still in the cache.
    slots[slot] = start
    slots[slot + 1] = end
    this.misses = 0
    return slots[slot + 3]!
  }

  private findShort(view: DataView, start: number, length: number): number {
    const { slots } = this
    let hash = length
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ view.getUint8(start + i), SPREAD)
    const slot = (hash >>> 24) * SLOT
    this.slot = slot
    const other = slots[slot]!
    if (slots[slot + 1]! - other !== length || slots[slot + 2] !== this.payload) return -1
    for (let i = 0; i < length; i++) if (view.getUint8(start + i) !== view.getUint8(other + i)) return -1
    this.misses = 0
    return slots[slot + 3]!
  }

  /** Keeps the result for the text that `find` was just asked for. */
  remember(start: number, end: number, result: number): void {
    if (this.misses === PATIENCE) return
    this.misses++
    const { slots, slot } = this
    slots[slot] = start
    slots[slot + 1] = end
    slots[slot + 2] = this.payload
    slots[slot + 3] = result
  }
}
