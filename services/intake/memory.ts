import { createBuffers } from './buffers.ts'
import type { IntakeCounters } from './counters.ts'

/** One request's share of the memory that bodies may take together. */
export interface Hold {
  /** False, and nothing taken, where there is no room. */
  take: (bytes: number) => boolean
  /** Takes what is there already, room or not. */
  add: (bytes: number) => void
  /** Memory for the body, of which the first so many bytes are its own; lent until the release. */
  buffer: (bytes: number) => Buffer
  release: () => void
}

/** Bodies count as they arrive, not as they are announced: an announcement costs its sender nothing. */
export function createMemory(limit: number, counters: Pick<IntakeCounters, 'inFlightBytes'>) {
  const hasRoom = (bytes: number) => counters.inFlightBytes + bytes <= limit
  const buffers = createBuffers()
  const hold = (): Hold => {
    let held = 0
    let lent: Buffer | undefined
    const add = (bytes: number) => {
      held += bytes
      counters.inFlightBytes += bytes
    }
    return {
      add,
      take: (bytes) => {
        if (!hasRoom(bytes)) return false
        add(bytes)
        return true
      },
      buffer: (bytes) => {
        lent = buffers.take(bytes)
        return lent.subarray(0, bytes)
      },
      release: () => {
        if (lent !== undefined) buffers.give(lent)
        lent = undefined
        counters.inFlightBytes -= held
        held = 0
      },
    }
  }
  return { hasRoom, hold }
}
