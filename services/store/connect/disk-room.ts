import { statfs } from 'node:fs/promises'
import { DISK_FULL } from '../queries/query.ts'

export class DiskFull extends Error {
  readonly code = DISK_FULL
}

const MOST_RESERVED = 67_108_864

/** What the engine leaves free of the disk that a directory is on: 64 MiB, or a tenth of a smaller disk. */
export async function reservedBytes(directory: string): Promise<number> {
  const { blocks, bsize } = await statfs(directory)
  return Math.min(MOST_RESERVED, Math.floor((blocks * bsize) / 10))
}

/** Refuses what needs more room than there is beside the reserve. */
export async function requireRoom(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  const missing = bytes + (await reservedBytes(directory)) - bavail * bsize
  if (missing > 0)
    throw new DiskFull(`The disk has too little room for this: ${mebibytes(missing)} more must be free.`)
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1_048_576)} MiB`
