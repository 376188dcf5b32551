import type { IntakeCounters } from './counters.ts'

/** One request's share of the memory that bodies may take together. */
export interface Hold {
  /** False, and nothing taken, where there is no room. */
  take: (bytes: number) => boolean
  /** Takes what is there already, room or not. */
  add: (bytes: number) => void
  release: () => void
}

/** Bodies count as they arrive, not as they are announced: an announcement costs its sender nothing. */
export function createMemory(limit: number, counters: Pick<IntakeCounters, 'inFlightBytes'>) {
  const hasRoom = (bytes: number) => counters.inFlightBytes + bytes <= limit
  const hold = (): Hold => {
    let held = 0
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
      release: () => {
        counters.inFlightBytes -= held
        held = 0
      },
    }
  }
  return { hasRoom, hold }
}
