import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client, StreamRows } from '../client.ts'
import { DiskFull, requireRoom } from '../connect/disk-room.ts'
import { EXPORT_FORMATS, type ExportQuestion, exportSql } from '../queries/export.ts'
import type { BetweenBlocks } from '../turns/between-blocks.ts'
import type { InTurn } from '../turns/writers.ts'
import { type BackedUp, backUp } from './backup.ts'
import { bytesOfAll, bytesOfStep } from './bytes-needed.ts'
import { type Erased, erase, type Forget, type Undisturbed } from './erase.ts'
import { type Reclassified, type Reclassify, reclassify, settleReclassifications } from './reclassify.ts'
import type { Retention } from './retention.ts'
import type { Unsettled } from './unsettled.ts'

/** What is done to the store as a whole, while it runs. Null: not now, for the reason that each names. */
export interface Upkeep {
  /** Null while another export runs. */
  export(question: ExportQuestion): Promise<Readable | null>
  /** Null while what was reported already is not stored yet, or another one runs. */
  erase(forget: Forget): Promise<Erased | null>
  /** Null while what was reported already is not stored yet, or another one runs. */
  reclassify(what: Reclassify): Promise<Reclassified | null>
  /** Null when a block under way cannot be stored, another one is being made, or the store is not embedded. */
  backUp(): Promise<BackedUp | null>
}

/** Where blocks come from, as far as upkeep must know. */
export interface Incoming {
  between: Pick<BetweenBlocks, 'run'>
  /** Waits until all that is durable by now is stored; false when that does not happen. */
  stored(): Promise<boolean>
}

/** A disk that gets full is told of after so long. */
const LOOK_EVERY_MS = 2_000
/** A block that cannot be stored for so long has another problem. */
const PATIENCE_MS = 60_000

export function createUpkeep(parts: {
  client: Client
  stream: StreamRows
  inTurn: InTurn
  retention: Retention
  unsettled: Unsettled
  incoming: () => Promise<Incoming>
  /** The embedded store's. */
  embedded: { data: string; database: string } | null
}): Upkeep {
  const { client, inTurn, unsettled, embedded } = parts
  let exporting: ExportQuestion | null = null
  let erasing = false
  let backingUp = false
  let reclassifying = false

  /** On a server's disk it is the server that looks. */
  const roomFor = async (bytes: (client: Client) => Promise<number>) => {
    if (embedded !== null) await requireRoom(embedded.data, await bytes(client))
  }
  /** Of a full disk, the engine and the system say only what they failed at. */
  const inWords = (error: unknown) =>
    error instanceof DiskFull
      ? error
      : roomFor(async () => 0).then(
          () => error,
          (full) => full,
        )
  /** Each step between blocks and in turn with whatever else moves rows. */
  const undisturbed =
    (between: Incoming['between']): Undisturbed =>
    async (step) => {
      const once = () =>
        inTurn(async (alone) => {
          await unsettled.settle(alone)
          await roomFor(bytesOfStep)
          return { of: await step(alone).catch(async (error) => Promise.reject(await inWords(error))) }
        })
      for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
        const made = await between.run(once, LOOK_EVERY_MS)
        if (made !== null) return made.of
        await roomFor(async () => 0)
      }
      throw new Error('a block under way could not be stored')
    }
  /** What waits in the journal for room on the disk is not waited for. */
  const allStored = async (stored: Incoming['stored']): Promise<boolean> => {
    const waiting = stored()
    for (;;) {
      const came = await Promise.race([waiting, delay(LOOK_EVERY_MS, null, { ref: false })])
      if (came !== null) return came
      await roomFor(async () => 0)
    }
  }
  /** What failed is put right at once rather than at the next start; both say the same to whoever asks again. */
  const settleNow = async (debt: 'erasures' | 'reclassifications') => {
    unsettled.owe(debt)
    await inTurn((alone) => unsettled.settle(alone)).catch(() => {})
  }

  return {
    async export(question) {
      if (exporting) return null
      exporting = question
      // A stream that has ended closes a little later, perhaps into the next export.
      const done = () => {
        if (exporting === question) exporting = null
      }
      try {
        const stream = await parts.stream(exportSql(question), EXPORT_FORMATS[question.format].engine)
        return stream.once('end', done).once('close', done)
      } catch (error) {
        done()
        throw error
      }
    },

    async backUp() {
      if (embedded === null || backingUp) return null
      backingUp = true
      try {
        const { between } = await parts.incoming()
        return await between.run(
          () =>
            inTurn(async () => {
              await roomFor(bytesOfAll)
              return backUp(client, resolve(embedded.data), embedded.database)
            }),
          PATIENCE_MS,
        )
      } finally {
        backingUp = false
      }
    },

    async erase(forget) {
      if (erasing) return null
      erasing = true
      try {
        // Before it is noted as begun, too.
        await roomFor(bytesOfStep)
        const { between, stored } = await parts.incoming()
        if (!(await allStored(stored))) return null
        const step = undisturbed(between)
        await step(async () => {})
        return await erase(client, forget, step)
      } catch (error) {
        await settleNow('erasures')
        throw await inWords(error)
      } finally {
        erasing = false
      }
    },

    async reclassify(what) {
      if (reclassifying) return null
      reclassifying = true
      try {
        await roomFor(bytesOfStep)
        const { between, stored } = await parts.incoming()
        if (!(await allStored(stored))) return null
        const step = undisturbed(between)
        // Of a process that was killed in it and whose store nobody has opened to run since.
        await step((alone) => settleReclassifications(alone, parts.retention))
        return await reclassify(client, what, parts.retention, step)
      } catch (error) {
        await settleNow('reclassifications')
        throw await inWords(error)
      } finally {
        reclassifying = false
      }
    },
  }
}
