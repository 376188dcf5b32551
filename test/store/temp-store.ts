import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Block } from '../../services/consumer/block.ts'
import type { TableName } from '../../services/contract/tables.ts'
import { blockStore } from '../../services/store/blocks/block-store.ts'
import { type Embedded, openEmbedded } from '../../services/store/connect/embedded.ts'
import { migrate } from '../../services/store/migrate.ts'
import { soleWriter } from '../../services/store/turns/writers.ts'
import { type Retention, retentionOf } from '../../services/store/upkeep/retention.ts'

/** Tests write rows of fixed days, however late it is when they run. */
export const KEEP: Retention = retentionOf({
  errors: 40_000,
  tenSeconds: 40_000,
  minutes: 40_000,
  hours: 40_000,
})
const MEMORY = 700_000_000

/** What the consumer says of a block that it wants looked at again. */
export function checkOf(block: Block) {
  const { origin, first, end } = block
  return {
    range: { origin, first, end },
    expected: {
      errors: block.expected('errors'),
      attempts: block.expected('attempts'),
      traffic: block.expected('traffic'),
      quota_samples: block.expected('quota_samples'),
    },
    days: [...block.days].sort((a, b) => a - b),
    native: (table: TableName) => block.native(table),
  }
}

/** A store of its own in a directory that goes away with `close`. The engine takes one directory a process. */
export async function temporaryStore(directory = mkdtempSync(join(tmpdir(), 'telltale-store-'))) {
  const embedded: Embedded = await openEmbedded(directory, 'telltale', MEMORY)
  const client = await embedded.connect()
  await migrate(client)
  const notices: Record<string, unknown>[] = []
  const writers = soleWriter(client, directory)
  const store = blockStore(client, KEEP, (_message, details) => notices.push(details), writers)
  return {
    directory,
    embedded,
    client,
    store,
    notices,
    inTurn: writers.inTurn,
    retention: KEEP,
    /** Every table's part of a block, under its token. */
    async insert(block: Block): Promise<void> {
      for (const table of block.tables) {
        const token = `${block.origin}:${block.first}-${block.end}:${table}`
        const outcome = await store.insert(table, block.native(table), token)
        if (outcome.status !== 'done') throw outcome.error
      }
    },
    async mend(block: Block): Promise<void> {
      const outcome = await store.mend(checkOf(block))
      if (outcome.status !== 'done') throw outcome.error
    },
    async close(): Promise<void> {
      await client.close()
      await embedded.close()
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
