import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { TABLE_NAMES } from '../../contract/tables.ts'
import type { Client } from '../client.ts'
import { BACKUPS } from '../connect/embedded.ts'
import { DERIVED } from '../derived/derived.ts'
import { quoted } from '../quoted.ts'

// A backup is a directory: what the engine writes for a database, the journal as it stood beside it, and a manifest.
// It is taken between two blocks: everything below the ledger's position is in it as rows, everything from there on as
// records of the journal, and a restored instance goes on as this one would have after a restart.

const FORMAT = 1
const manifest = z.object({
  format: z.literal(FORMAT),
  database: z.string(),
  made_at: z.string(),
  rows: z.record(z.string(), z.number()),
})
export type Manifest = z.output<typeof manifest>

export interface BackedUp extends Manifest {
  /** Where it lies, on the machine of the instance. */
  directory: string
}

export const [STORE, JOURNAL, MANIFEST] = ['store', 'journal', 'manifest.json']

/** Into a directory of its own below the data directory: who may ask for it may not say where to write. */
export async function backUp(client: Client, data: string, database: string): Promise<BackedUp> {
  const directory = join(data, BACKUPS, randomUUID())
  await mkdir(directory, { recursive: true })
  await removeUnfinished(join(data, BACKUPS), directory)
  try {
    await client.command(`BACKUP DATABASE \`${database}\` TO File('${quoted(join(directory, STORE))}')`)
    await copyJournal(join(data, JOURNAL), join(directory, JOURNAL))
    const made: Manifest = {
      format: FORMAT,
      database,
      made_at: new Date().toISOString(),
      rows: await rowsOf(client),
    }
    await writeFile(join(directory, MANIFEST), JSON.stringify(made, null, 2), { flush: true })
    return { directory, ...made }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

/** A kill leaves the half of a backup behind, as large as the store; nobody would ever ask for it. */
async function removeUnfinished(backups: string, ours: string): Promise<void> {
  for (const name of await readdir(backups)) {
    const other = join(backups, name)
    if (other !== ours && !existsSync(join(other, MANIFEST)))
      await rm(other, { recursive: true, force: true })
  }
}

export async function readManifest(from: string): Promise<Manifest> {
  const text = await readFile(join(from, MANIFEST), 'utf8').catch(() => null)
  const parsed = text === null ? undefined : manifest.safeParse(JSON.parse(text))
  if (parsed?.success) return parsed.data
  throw new Error(`${from} holds no backup that this version of telltale can read.`)
}

const COUNTED = [...TABLE_NAMES, 'errors_erased', 'erased_records', ...DERIVED.map(({ table }) => table)]

/**
 * Rows of the tables that change between blocks and in turn only, however their rows are merged by now; of a backup that
 * an older version made, of those that it counted.
 */
export async function rowsOf(client: Client, counted = COUNTED): Promise<Record<string, number>> {
  const rows: Record<string, number> = {}
  for (const table of COUNTED.filter((name) => counted.includes(name))) {
    const merged = /_by_|^codes$/.test(table) ? 'FINAL' : ''
    const [found] = await client.query(`SELECT count() AS n FROM ${table} ${merged}`)
    rows[table] = Number(found?.n)
  }
  return rows
}

/** What is stored is removed from the journal at any time; then it is taken once more, as it is by now. */
async function copyJournal(from: string, to: string, attempts = 3): Promise<void> {
  try {
    await cp(from, to, { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempts === 1) throw error
    await rm(to, { recursive: true, force: true })
    await copyJournal(from, to, attempts - 1)
  }
}
