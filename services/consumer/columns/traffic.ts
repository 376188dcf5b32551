/** A bucket of the traffic table, in seconds. */
export const BUCKET_SECONDS = 10

/**
 * Counts calls by key (provider, service, environment, side, route, status class, 10 s bucket): an open-addressing
 * hash table whose rows are columns, so that counting a call allocates nothing.
 */
export class TrafficCounter {
  count = 0
  bucket = new Uint32Array(64)
  provider = new Uint16Array(64)
  service = new Uint16Array(64)
  environment = new Uint16Array(64)
  route = new Uint16Array(64)
  side = new Uint8Array(64)
  statusClass = new Uint8Array(64)
  calls = new Uint32Array(64)
  errors = new Uint32Array(64)
  retries = new Uint32Array(64)
  private slots = new Uint32Array(128)

  reset(): void {
    if (this.count > 0) this.slots.fill(0)
    this.count = 0
  }

  /** Adds to a key's counts, of which the bucket is the start of its ten seconds. */
  add(
    bucket: number,
    provider: number,
    service: number,
    environment: number,
    route: number,
    side: number,
    statusClass: number,
    calls: number,
    errors: number,
    retries: number,
  ): void {
    const hash = hashOf(bucket, provider, service, environment, route, side, statusClass)
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (;;) {
      const row = this.slots[slot]! - 1
      if (row < 0) break
      if (
        this.route[row] === route &&
        this.provider[row] === provider &&
        this.bucket[row] === bucket &&
        this.statusClass[row] === statusClass &&
        this.side[row] === side &&
        this.service[row] === service &&
        this.environment[row] === environment
      ) {
        this.calls[row]! += calls
        this.errors[row]! += errors
        this.retries[row]! += retries
        return
      }
      slot = (slot + 1) & mask
    }
    if (this.count === this.bucket.length) this.grow()
    const row = this.count++
    this.bucket[row] = bucket
    this.provider[row] = provider
    this.service[row] = service
    this.environment[row] = environment
    this.route[row] = route
    this.side[row] = side
    this.statusClass[row] = statusClass
    this.calls[row] = calls
    this.errors[row] = errors
    this.retries[row] = retries
    this.slots[slot] = row + 1
    if (this.count * 2 > this.slots.length) this.rehash()
  }

  private grow(): void {
    const size = this.bucket.length * 2
    const wide = (old: Uint32Array) => {
      const larger = new Uint32Array(size)
      larger.set(old)
      return larger
    }
    const middle = (old: Uint16Array) => {
      const larger = new Uint16Array(size)
      larger.set(old)
      return larger
    }
    const narrow = (old: Uint8Array) => {
      const larger = new Uint8Array(size)
      larger.set(old)
      return larger
    }
    this.bucket = wide(this.bucket)
    this.calls = wide(this.calls)
    this.errors = wide(this.errors)
    this.retries = wide(this.retries)
    this.provider = middle(this.provider)
    this.service = middle(this.service)
    this.environment = middle(this.environment)
    this.route = middle(this.route)
    this.side = narrow(this.side)
    this.statusClass = narrow(this.statusClass)
  }

  private rehash(): void {
    const old = this.slots
    const slots = new Uint32Array(old.length * 2)
    const mask = slots.length - 1
    for (let row = 0; row < this.count; row++) {
      const hash = hashOf(
        this.bucket[row],
        this.provider[row],
        this.service[row],
        this.environment[row],
        this.route[row],
        this.side[row],
        this.statusClass[row],
      )
      let slot = hash & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = row + 1
    }
    this.slots = slots
  }
}

function hashOf(
  bucket: number,
  provider: number,
  service: number,
  environment: number,
  route: number,
  side: number,
  statusClass: number,
): number {
  let hash = Math.imul(provider | (route << 16), 0x9e3779b1)
  hash = Math.imul(hash ^ (service | (environment << 16)), 0x85ebca6b)
  hash = Math.imul(hash ^ (bucket + (side << 3) + statusClass), 0xc2b2ae35)
  return hash ^ (hash >>> 15)
}
