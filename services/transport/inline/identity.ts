import { randomBytes } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { codeOf, JournalProblem } from './problem.ts'
import { syncDirectory } from './segment.ts'

const NAME = 'id'
/** With the format's version: another version's frames would look like one long torn tail, and be cut off. */
const FORMAT = 'telltale-journal-1'
const VALID = /^([a-z0-9-]+) ([0-9a-f]{16})\s*$/

/** Who a journal is: made once with it, so that a journal that was deleted and made again is another one. */
export interface Identity {
  /** Names its offsets, on every row that came through it. */
  origin: string
  /** What its checksums begin with. */
  seed: number
}

const identityOf = (id: string): Identity => ({ origin: `inline:${id}`, seed: crc32(id) })

/** Null when there is none yet. */
export async function readIdentity(directory: string): Promise<Identity | null> {
  const path = join(directory, NAME)
  let text: string
  try {
    text = await readFile(path, 'latin1')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  const [, format, id] = VALID.exec(text) ?? []
  if (id === undefined)
    throw new JournalProblem('damaged', `${path} does not hold a journal's id. Restore it from a copy.`)
  if (format !== FORMAT)
    throw new JournalProblem(
      'damaged',
      `${path} says ${format}, but this version of Telltale reads and writes ${FORMAT}. Use the version that made it.`,
    )
  return identityOf(id)
}

export async function createIdentity(directory: string): Promise<Identity> {
  const id = randomBytes(8).toString('hex')
  const path = join(directory, NAME)
  const handle = await open(`${path}.new`, 'w')
  try {
    await handle.writeFile(`${FORMAT} ${id}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
  await syncDirectory(directory)
  return identityOf(id)
}
