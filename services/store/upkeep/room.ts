import { statfs } from 'node:fs/promises'
import type { Client } from '../client.ts'
import { DISK_FULL } from '../queries/query.ts'

// A disk that gets full while the engine writes parts of a day anew can leave them broken. So whatever rewrites a lot
// looks for room before it begins, and the engine itself leaves some alone.

export class DiskFull extends Error {
  readonly code = DISK_FULL
}

/** The same, and what had been done by then. */
export const withAccount = (error: unknown, account: string): unknown =>
  error instanceof DiskFull ? new DiskFull(`${error.message} ${account}`) : error

export const daysText = (days: string[]): string => days.join(', ') || 'no day'

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

/**
 * A day of every table twice: changed where it lies, and built anew beside. The largest, for the days are not known
 * before one looks; tables of months are written anew by the month.
 */
export async function bytesOfStep(client: Client): Promise<number> {
  const [found] = await client.query(
    `SELECT sum(largest) AS bytes FROM (SELECT table, max(bytes) AS largest FROM (
       SELECT table, partition_id, sum(bytes_on_disk) AS bytes FROM system.parts
       WHERE active AND database = currentDatabase() GROUP BY table, partition_id) GROUP BY table)`,
  )
  return 2 * Number(found?.bytes ?? 0)
}

export async function bytesOfAll(client: Client): Promise<number> {
  const [found] = await client.query(
    'SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase()',
  )
  return Number(found?.bytes ?? 0)
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1_048_576)} MiB`
