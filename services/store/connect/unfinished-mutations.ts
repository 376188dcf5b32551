import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'

// A disk that got full, or a machine that lost its power, while the engine noted a deletion or an update leaves the
// file of the note empty or half written, and the engine then refuses to load the table. What was not noted whole did
// not begin, so the note may go; the records of erasures and reclassifications say what to ask for again.

const FILE = /^mutation_\d+\.txt$/
const isWhole = (note: string): boolean =>
  note.startsWith('format version: ') && note.includes('\ncommands: ') && note.endsWith('\n')

/** Before the engine opens the directory. Answers the files that went. */
export async function removeUnfinishedMutations(store: string): Promise<string[]> {
  const removed: string[] = []
  for (const prefix of await below(join(store, 'store')))
    for (const table of await below(prefix))
      for (const file of await below(table)) {
        if (!FILE.test(file.slice(table.length + 1))) continue
        if (isWhole(await readFile(file, 'utf8'))) continue
        await unlink(file)
        removed.push(file)
      }
  return removed
}

/** None below what is not there, or is a file. */
async function below(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).map((name) => join(directory, name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}
