import { mkdir, open as openFile, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import type { Client } from './client.ts'
import { storeProblem } from './problem.ts'
import type { Query } from './queries/query.ts'

// ClickHouse in this process, through the same client library as over the network.

export interface Embedded {
  /** A connection of its own; each runs one query at a time. */
  connect(): Promise<Client>
  close(): Promise<void>
}

/** Engine-wide settings can only be given to the first session of a process. */
const configuration = (memoryBytes: number): string => `<clickhouse>
  <max_server_memory_usage>${memoryBytes}</max_server_memory_usage>
  <mark_cache_size>33554432</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <background_pool_size>2</background_pool_size>
</clickhouse>
`

export async function openEmbedded(
  directory: string,
  database: string,
  memoryBytes: number,
): Promise<Embedded> {
  const path = join(directory, 'store')
  await mkdir(path, { recursive: true })
  const blocks = join(directory, 'blocks')
  await rm(blocks, { recursive: true, force: true })
  await mkdir(blocks)
  let nextBlock = 0
  const file = join(directory, 'engine.xml')
  await writeFile(file, configuration(memoryBytes))
  const { Session, createChdbConnection } = await loadEngine()
  let first: InstanceType<typeof Session>
  try {
    first = new Session(path, { connectionArgs: [`--config-file=${file}`] })
  } catch (error) {
    throw storeProblem(error, path)
  }
  await first.queryAsync(`CREATE DATABASE IF NOT EXISTS \`${database}\``)

  async function connect(): Promise<Client> {
    const open = async (): Promise<ClickHouseClient> => {
      const client = createClient({ connection: createChdbConnection({ path }) } as never)
      await client.command({ query: `USE \`${database}\`` })
      return client
    }
    let client = await open()
    let last: Promise<unknown> = Promise.resolve()

    /** One at a time, and a fresh connection after a failure: what a failed query printed would head the next answer. */
    function run<T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
      const turn = last.then(async () => {
        try {
          return await work(client)
        } catch (error) {
          const failed = client
          client = await open()
          await failed.close()
          throw error
        }
      })
      last = turn.catch(() => {})
      return turn
    }

    const query: Query = (sql, params) =>
      run(async (client) => {
        const answer = await client.query({ query: sql, query_params: params, format: 'JSONEachRow' })
        return answer.json()
      })
    /**
     * The bytes go to a file first: the engine reads it as fast as memory, and none of them is ever taken for SQL.
     * Nobody has to find them after a crash, so they are not synced.
     */
    const insert: Client['insert'] = async (into, columns, structure, native) => {
      const file = join(blocks, `${nextBlock++}.native`)
      const handle = await openFile(file, 'w')
      try {
        await handle.writev(native)
      } finally {
        await handle.close()
      }
      const from = `file('${quoted(file)}', 'Native', '${quoted(structure)}')`
      await run((client) => client.command({ query: `${into} SELECT ${columns} FROM ${from}` }))
      await unlink(file)
    }
    return {
      query,
      insert,
      command: (sql) => run(async (client) => void (await client.command({ query: sql }))),
      close: () => run((client) => client.close()),
    }
  }
  return {
    connect,
    async close() {
      first.close()
    },
  }
}

const quoted = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")

async function loadEngine() {
  try {
    const [{ Session }, { createChdbConnection }] = await Promise.all([
      import('chdb'),
      import('chdb/connection'),
    ])
    return { Session, createChdbConnection }
  } catch (error) {
    throw new Error(
      `The embedded store has no engine for ${process.platform}-${process.arch}. It runs on Linux (glibc) and macOS; ` +
        'elsewhere point TELLTALE_CLICKHOUSE_URL at a ClickHouse server.',
      { cause: error },
    )
  }
}
