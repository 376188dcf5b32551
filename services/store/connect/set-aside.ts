import type { Client } from '../client.ts'

/** A part that the engine could not read when it opened the store, and went on without. */
export interface SetAside {
  table: string
  name: string
  partition: string
  path: string
}

/** What a kill left of one that was being dropped: nobody misses it, and the engine refuses to drop it once more. */
const BEING_DROPPED = 'deleting_'

export async function partsSetAside(client: Pick<Client, 'query'>): Promise<SetAside[]> {
  const found = await client.query(
    `SELECT table, name, ifNull(partition_id, '') AS partition, path FROM system.detached_parts
     WHERE database = currentDatabase() AND NOT startsWith(name, '${BEING_DROPPED}') ORDER BY table, name`,
  )
  return found.map(({ table, name, partition, path }) => ({
    table: String(table),
    name: String(name),
    partition: String(partition),
    path: String(path),
  }))
}
