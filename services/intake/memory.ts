import { createBuffers } from './buffers.ts'
import type { IntakeCounters } from './counters.ts'

/** One request's share of the memory that bodies may take together. */
export interface Hold {
  /** False, and nothing taken, where there is no room. */
  take: (bytes: number) => boolean
  /** Takes what is there already, room or not. */
  add: (bytes: number) => void
  /**
   * Memory for `needed` bytes of a body at least, with the `filled` ones of the last time in it; lent until the next
   * time or the release.
   */
  buffer: (needed: number, filled: number, announced: number) => Buffer
  release: () => void
}

/**
 * So much of what is announced is made at once, and no exporter's body is moved. All of it would take gigabytes of
 * addresses for some hundred bytes that announce it, and where addresses are few the process would end.
 */
const BELIEVED = 1024 * 1024

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
      buffer: (needed, filled, announced) => {
        if (lent !== undefined && lent.length >= needed) return lent
        const larger = buffers.take(Math.max(needed, Math.min(announced, BELIEVED)))
        if (lent !== undefined) {
          lent.copy(larger, 0, 0, filled)
          buffers.give(lent)
        }
        lent = larger
        return larger
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
