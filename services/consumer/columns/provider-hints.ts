/**
 * What a span says about whose API it called, before the catalogs were asked: the distinct combinations of
 * attribute, host, service and side in one payload. Numbers of the dictionaries that the payload holds.
 */
export class ProviderHints {
  count = 0
  attribute = new Uint16Array(64)
  serverAddress = new Uint16Array(64)
  service = new Uint16Array(64)
  side = new Uint8Array(64)
  private slots = new Uint16Array(128)
  private last = -1

  reset(): void {
    if (this.count > 0) this.slots.fill(0)
    this.count = 0
    this.last = -1
  }

  /** The number of a combination. `attribute` is a number of the provider dictionary, 0 where none was given. */
  intern(attribute: number, serverAddress: number, service: number, side: number): number {
    // Neighbouring spans mostly agree.
    if (this.last < 0 || !this.equals(this.last, attribute, serverAddress, service, side))
      this.last = this.find(attribute, serverAddress, service, side)
    return this.last
  }

  private find(attribute: number, serverAddress: number, service: number, side: number): number {
    let slot = this.slotOf(attribute, serverAddress, service, side)
    const mask = this.slots.length - 1
    for (;;) {
      const found = this.slots[slot]! - 1
      if (found < 0) break
      if (this.equals(found, attribute, serverAddress, service, side)) return found
      slot = (slot + 1) & mask
    }
    // Ids are 16 bits wide: past that (a payload made to be odd) a combination stands for its neighbour.
    if (this.count === 65_534) return 65_533
    if (this.count === this.attribute.length) this.grow()
    const id = this.count++
    this.attribute[id] = attribute
    this.serverAddress[id] = serverAddress
    this.service[id] = service
    this.side[id] = side
    this.slots[slot] = id + 1
    if (this.count * 2 > this.slots.length && this.slots.length < 131_072) this.rehash()
    return id
  }

  private equals(
    id: number,
    attribute: number,
    serverAddress: number,
    service: number,
    side: number,
  ): boolean {
    return (
      this.serverAddress[id] === serverAddress &&
      this.attribute[id] === attribute &&
      this.service[id] === service &&
      this.side[id] === side
    )
  }

  private slotOf(attribute: number, serverAddress: number, service: number, side: number): number {
    let hash = Math.imul(attribute | (serverAddress << 16), 0x9e3779b1)
    hash = Math.imul(hash ^ ((service << 1) | side), 0x85ebca6b)
    return (hash ^ (hash >>> 15)) & (this.slots.length - 1)
  }

  private grow(): void {
    const wider = <T extends Uint16Array | Uint8Array>(old: T, into: T): T => {
      into.set(old)
      return into
    }
    const size = this.count * 2
    this.attribute = wider(this.attribute, new Uint16Array(size))
    this.serverAddress = wider(this.serverAddress, new Uint16Array(size))
    this.service = wider(this.service, new Uint16Array(size))
    this.side = wider(this.side, new Uint8Array(size))
  }

  private rehash(): void {
    this.slots = new Uint16Array(this.slots.length * 2)
    const mask = this.slots.length - 1
    for (let id = 0; id < this.count; id++) {
      let slot = this.slotOf(this.attribute[id]!, this.serverAddress[id]!, this.service[id]!, this.side[id]!)
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask
      this.slots[slot] = id + 1
    }
  }
}
