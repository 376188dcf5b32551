import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '../client.ts'

/** In a part's directory, but not in what the engine counts as its size. */
const NOT_COUNTED = new Set([
  'checksums.txt',
  'columns.txt',
  'columns_substreams.txt',
  'default_compression_codec.txt',
  'metadata_version.txt',
])

/** Parts that the engine takes for whole and whose files are not: each as `errors 20261121_1_61_4`. */
export async function brokenParts(client: Pick<Client, 'query'>): Promise<string[]> {
  const parts = await client.query(
    'SELECT table, name, path, bytes_on_disk AS bytes FROM system.parts WHERE active AND database = currentDatabase()',
  )
  const broken: string[] = []
  for (const { table, name, path, bytes } of parts)
    if (!(await isWhole(String(path), Number(bytes)))) broken.push(`${table} ${name}`)
  return broken
}

export const brokenText = (parts: string[]): string =>
  `the engine could not write all of ${parts.join(', ')} (the disk got full, or has faults) and went on as if it had. ` +
  'Ended at once, for as long as they are there it takes what these parts were made of again when it is started: make ' +
  'room, and start it. What was acknowledged is kept.'

async function isWhole(directory: string, bytes: number): Promise<boolean> {
  try {
    let found = 0
    for (const name of await readdir(directory)) {
      const { size } = await stat(join(directory, name))
      if (size === 0) return false
      if (!NOT_COUNTED.has(name)) found += size
    }
    return found >= bytes
  } catch (error) {
    // Merged away meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw error
  }
}
