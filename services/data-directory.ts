import { mkdir, mkdtemp, rmdir, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/**
 * The embedded engine is told by name which file to insert, and takes these for patterns, escapes or archives: it
 * would insert nothing, or another directory's files, and be content.
 */
const MISREAD = /[*?{}\\]|::/

const MOST_RESERVED = 134_217_728

/** Makes the data directory and all above it, and makes sure that something can be made in it. */
export async function makeDataDirectory(directory: string, use: 'engine' | 'journal'): Promise<void> {
  const path = resolve(directory)
  const misread = use === 'engine' ? MISREAD.exec(path)?.[0] : undefined
  if (misread !== undefined)
    throw new Error(
      `the data directory ${path} has ${misread} in its name, which the engine would misread. ` +
        'Give one with --data that has none of * ? { } \\ :: in it.',
    )
  await makeAll(path)
  await rmdir(await mkdtemp(join(path, '.probe-')))
}

/** Free for this process on the disk that a directory is on. */
export const freeBytes = async (directory: string): Promise<number> => {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

/**
 * What intake leaves to the store, unless it is told otherwise: 128 MiB, or a fifth of a disk smaller than five times
 * that. Half of it the embedded engine does not touch either, the other half is for a block on its way and its merges.
 */
export async function roomIn(directory: string, reserve: number | undefined) {
  const { blocks, bsize } = await statfs(directory)
  const usual = Math.min(MOST_RESERVED, Math.floor((blocks * bsize) / 5))
  // Some file systems (ramfs, some network mounts) say that they have no blocks at all: then nobody knows.
  const free = blocks === 0 ? async () => Number.POSITIVE_INFINITY : () => freeBytes(directory)
  return { free, reserveBytes: reserve ?? usual }
}

/** Not Node's `recursive`: that never returns below /proc, where a directory is there and yet none can be made in it. */
async function makeAll(path: string): Promise<void> {
  try {
    await makeOne(path)
  } catch (error) {
    const parent = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error
    await makeAll(parent)
    await makeOne(path)
  }
}

/** A file in the way shows when something is made in it. */
const makeOne = (path: string): Promise<void> =>
  mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
