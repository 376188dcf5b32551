import type { Client } from '../client.ts'

// A disk that gets full while the engine writes parts of a day anew can leave them broken. So whatever rewrites a lot
// looks for room before it begins, and the engine itself leaves some alone (connect/disk-room.ts).

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
