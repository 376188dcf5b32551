import type { Body } from '../body.ts'
import type { Hold } from '../memory.ts'

/** A body on its way to its place. */
export interface Gathering {
  /** The bytes may be others as soon as this returns. */
  part(bytes: Buffer): void
  whole(): void
  gone(): void
}

/** Memory is taken as bytes come; `over` is told once. */
export function gather(length: number, hold: Hold, over: (body: Body) => void): Gathering {
  let place: Buffer | null = null
  let filled = 0
  return {
    part(bytes) {
      if (!hold.take(bytes.length)) return over({ status: 'no_room' })
      place = hold.buffer(filled + bytes.length, filled, length)
      bytes.copy(place, filled)
      filled += bytes.length
    },
    whole: () => over({ status: 'whole', bytes: place?.subarray(0, filled) ?? Buffer.alloc(0) }),
    gone: () => over({ status: 'gone' }),
  }
}
