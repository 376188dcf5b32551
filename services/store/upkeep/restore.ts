import { cp, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BACKUPS, openEmbedded, RESTORING } from '../connect/embedded.ts'
import { quoted } from '../quoted.ts'
import { JOURNAL, type Manifest, readManifest, rowsOf, STORE } from './backup.ts'

// A backup is restored beside, in a data directory of its own within the one that it is for: that is on the same disk,
// also where a volume is mounted there. When all of it is on disk, the journal is moved up, and then the store, in one
// step. Whoever is killed before that leaves a directory that nothing starts on and that restoring begins anew in;
// after it, all is there.

/** Is there nothing in it, but for what restoring has left that was cut short? */
export async function mayBeRestoredInto(data: string): Promise<boolean> {
  const names = await namesIn(data)
  if (names.length === 0) return true
  if (!names.includes(RESTORING) || names.includes(STORE)) return false
  const journalIsOurs = !(await namesIn(join(data, RESTORING))).includes(JOURNAL)
  return names.every((name) => name === RESTORING || (name === JOURNAL && journalIsOurs))
}

const namesIn = (directory: string): Promise<string[]> => readdir(directory).catch(() => [])

/** Rejects with words for a person; then the directory is empty. */
export async function restore(
  from: string,
  data: string,
  { database, memoryBytes }: { database: string; memoryBytes: number },
): Promise<Manifest> {
  const made = await readManifest(from)
  if (made.database !== database)
    throw new Error(
      `the backup holds the database ${made.database}, and the configuration names ${database}: set clickhouse.database to ${made.database}`,
    )
  const beside = join(data, RESTORING)
  await empty(data)
  await mkdir(beside)
  try {
    await fill(from, beside, made, memoryBytes)
    await cp(join(from, JOURNAL), join(beside, JOURNAL), { recursive: true })
    await syncAll(beside)
    await rename(join(beside, JOURNAL), join(data, JOURNAL))
    await sync(data)
    await rename(join(beside, STORE), join(data, STORE))
  } catch (error) {
    await empty(data)
    throw error
  }
  await sync(data)
  await rm(beside, { recursive: true, force: true })
  return made
}

/** The journal first: without it, what is left is as if nothing had been moved up yet. */
async function empty(data: string): Promise<void> {
  for (const name of [JOURNAL, RESTORING]) await rm(join(data, name), { recursive: true, force: true })
}

async function fill(from: string, beside: string, made: Manifest, memoryBytes: number): Promise<void> {
  const { database } = made
  const engine = await openEmbedded(beside, database, memoryBytes)
  const client = await engine.connect()
  try {
    // The engine reads backups there and nowhere else.
    const near = join(beside, BACKUPS, STORE)
    await cp(join(from, STORE), near, { recursive: true })
    await client.command(`RESTORE DATABASE \`${database}\` FROM File('${quoted(near)}')`)
    const rows = await rowsOf(client, Object.keys(made.rows))
    for (const [table, count] of Object.entries(made.rows))
      if (rows[table] !== count)
        throw new Error(`${table} holds ${rows[table] ?? 0} rows of ${count}: the backup is not whole`)
  } finally {
    await client.close()
    await engine.close()
  }
  await rm(join(beside, BACKUPS), { recursive: true })
}

async function syncAll(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await syncAll(path)
    else if (entry.isFile()) await sync(path)
  }
  await sync(directory)
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
