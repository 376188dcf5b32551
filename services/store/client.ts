import type { Readable } from 'node:stream'
import type { Query } from './queries/query.ts'

/** One connection to the store. */
export interface Client {
  query: Query
  /** Runs a statement that answers nothing; bound parameters only, as with queries. */
  command(sql: string, params?: Record<string, unknown>): Promise<void>
  /**
   * Appends one Native block to an `INSERT INTO table (columns) SETTINGS …`; `structure` says its columns and types,
   * `where` (perhaps empty) which of its rows.
   */
  insert(into: string, columns: string, structure: string, where: string, native: Buffer[]): Promise<void>
  close(): Promise<void>
}

/** Many rows in one of ClickHouse's formats, without ever holding them all in memory. */
export type StreamRows = (sql: string, format: string) => Promise<Readable>

/** Asks whichever of the connections has the least to do. */
export function pooled(clients: Client[]): Pick<Client, 'query'> {
  const busy = clients.map(() => 0)
  return {
    async query(sql, params) {
      const index = busy.indexOf(Math.min(...busy))
      busy[index]!++
      try {
        return await clients[index]!.query(sql, params)
      } finally {
        busy[index]!--
      }
    },
  }
}
