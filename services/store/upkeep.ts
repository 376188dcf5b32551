import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { type BackedUp, backUp } from './backup.ts'
import type { BetweenBlocks } from './between-blocks.ts'
import type { Client, StreamRows } from './client.ts'
import { type Erased, erase, type Forget, settleErasures, type Undisturbed } from './erase.ts'
import { EXPORT_FORMATS, type ExportQuestion, exportSql } from './queries/export.ts'
import { type Reclassified, type Reclassify, reclassify, settleReclassifications } from './reclassify.ts'
import type { Retention } from './retention.ts'
import { bytesOfAll, bytesOfStep, requireRoom } from './room.ts'
import type { InTurn } from './writers.ts'

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

/** A block that cannot be stored for so long has another problem. */
const PATIENCE_MS = 60_000

export function createUpkeep(parts: {
  client: Client
  stream: StreamRows
  inTurn: InTurn
  retention: Retention
  incoming: () => Promise<Incoming>
  /** The embedded store's. */
  embedded: { data: string; database: string } | null
}): Upkeep {
  const { client, inTurn, retention, embedded } = parts
  let exporting: ExportQuestion | null = null
  let erasing = false
  let backingUp = false
  let reclassifying = false

  /** On a server's disk it is the server that looks. */
  const roomFor = async (bytes: (client: Client) => Promise<number>) => {
    if (embedded !== null) await requireRoom(embedded.data, await bytes(client))
  }
  /** Each step between blocks and in turn with whatever else moves rows. */
  const undisturbed =
    (between: Incoming['between']): Undisturbed =>
    async (step) => {
      const made = await between.run(
        () =>
          inTurn(async (alone) => {
            await roomFor(bytesOfStep)
            return { of: await step(alone) }
          }),
        PATIENCE_MS,
      )
      if (made === null) throw new Error('a block under way could not be stored')
      return made.of
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
        const { between, stored } = await parts.incoming()
        if (!(await stored())) return null
        // Before it is noted as begun, too.
        await roomFor(bytesOfStep)
        return await erase(client, forget, undisturbed(between))
      } catch (error) {
        // What it had begun is put right now rather than at the next start; both say the same to whoever asks again.
        await inTurn(settleErasures).catch(() => {})
        throw error
      } finally {
        erasing = false
      }
    },

    async reclassify(what) {
      if (reclassifying) return null
      reclassifying = true
      try {
        const { between, stored } = await parts.incoming()
        if (!(await stored())) return null
        const step = undisturbed(between)
        // Of a process that was killed in it and whose store nobody has opened to run since.
        await step((alone) => settleReclassifications(alone, retention))
        return await reclassify(client, what, retention, step)
      } catch (error) {
        await inTurn((alone) => settleReclassifications(alone, retention)).catch(() => {})
        throw error
      } finally {
        reclassifying = false
      }
    },
  }
}
