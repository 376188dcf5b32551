import type { Outcome } from '../../contract/stages.ts'
import type { Client } from '../client.ts'
import { requireRoom } from '../connect/disk-room.ts'
import { partsSetAside, type SetAside } from '../connect/set-aside.ts'
import { gate } from './gate.ts'

/** The store, for as long as nobody else inserts into it or moves its rows. */
export interface TurnClient extends Client {
  /** Ends the names of tables that are made in this turn and go with it. */
  readonly tag: string
  /** Fails when the turn was taken away, as it is from a process that was not heard of for long. */
  stillOurs(): Promise<void>
  /**
   * A condition for statements that add to a table or change what is in it. They fail, rather than finding it false,
   * when the turn is another's by the time that the store takes them.
   */
  readonly fence: string
  /** Fails where the disk has no room for so many bytes more; a server looks after its own. */
  requireRoom(bytes: number): Promise<void>
  /** What the engine could not read; a server's is looked after by others. */
  partsSetAside(): Promise<SetAside[]>
}

export type InTurn = <T>(work: (client: TurnClient) => Promise<T>) => Promise<T>

/** What an insert says besides, so that the store itself refuses it at the wrong time. */
export interface Guard {
  /** Begins with a comma, or is empty. */
  settings: string
  /** A condition that fails rather than being false, or empty. */
  condition: string
}

/** How those that insert and those that move or remove rows keep out of each other's way. */
export interface Writers {
  /** Inserts of blocks, many at a time. */
  inserting(origin: string, insert: (guard: Guard) => Promise<Outcome>): Promise<Outcome>
  /** From here on, inserts that are still under way from before are refused wherever they hang. */
  claim(origin: string): Promise<void>
  /** One at a time, while nothing is being inserted. */
  inTurn: InTurn
}

export const NO_GUARD: Guard = { settings: '', condition: '' }

/** Of a store that this process has to itself, in a directory, and whose engine ends with it. */
export function soleWriter(client: Client, directory: string): Writers {
  const { shared, alone } = gate()
  const ours: TurnClient = {
    ...client,
    tag: 'rebuilt',
    stillOurs: async () => {},
    fence: 'true',
    requireRoom: (bytes) => requireRoom(directory, bytes),
    partsSetAside: () => partsSetAside(client),
  }
  return {
    inserting: (_origin, insert) => shared(() => insert(NO_GUARD)),
    claim: async () => {},
    inTurn: (work) => alone(() => work(ours)),
  }
}
