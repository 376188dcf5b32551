import { existsSync } from 'node:fs'
import { mkdir, open as openFile, rm, unlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import type { Notice } from '../../contract/notice.ts'
import type { Client, StreamRows } from '../client.ts'
import { StoreProblem, storeProblem } from '../problem.ts'
import type { Query } from '../queries/query.ts'
import { quoted } from '../quoted.ts'
import { reservedBytes } from './disk-room.ts'
import { writesWatched } from './failed-writes.ts'
import { setParameters } from './session-parameters.ts'
import { removeUnfinishedMutations } from './unfinished-mutations.ts'

// ClickHouse in this process, through the same client library as over the network.

export interface Embedded {
  /** A connection of its own; each runs one query at a time. One that only reads can do no harm, nor go on for ever. */
  connect(use?: 'reads'): Promise<Client>
  /** Over a connection of its own. */
  stream: StreamRows
  close(): Promise<void>
}

/**
 * Engine-wide settings can only be given to the first session of a process. Caches small, for the operating system
 * has one; two merges at a time, for there are other things to do; no statistics of every column, which nobody
 * asks for and which cost a quarter of all merging; and nothing is begun on a disk that is all but full; what
 * failed for that is tried again soon after there is room, not minutes later. A table whose deletion or update has to
 * wait for another one's looks again after milliseconds, then more and more seldom: by itself the engine waits up to a
 * second and more each time, and erasing or reclassifying a day consists of such waits. What parts were merged or changed
 * into is not synced: until the system has done that by itself, and it is known to be whole (`upkeep/broken-parts.ts`), they
 * stay, and are taken again by an engine that is opened on what is not.
 */
const configuration = (memoryBytes: number, reserved: number, backups: string): string => `<clickhouse>
  <backups><allowed_path>${backups}</allowed_path></backups>
  <max_server_memory_usage>${memoryBytes}</max_server_memory_usage>
  <mark_cache_size>33554432</mark_cache_size>
  <index_mark_cache_size>8388608</index_mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <query_condition_cache_size>8388608</query_condition_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <background_processing_pool_thread_sleep_seconds_if_nothing_to_do>0.005</background_processing_pool_thread_sleep_seconds_if_nothing_to_do>
  <background_processing_pool_task_sleep_seconds_when_no_work_random_part>0.01</background_processing_pool_task_sleep_seconds_when_no_work_random_part>
  <background_processing_pool_task_sleep_seconds_when_no_work_multiplier>1.3</background_processing_pool_task_sleep_seconds_when_no_work_multiplier>
  <background_processing_pool_task_sleep_seconds_when_no_work_max>10</background_processing_pool_task_sleep_seconds_when_no_work_max>
  <storage_configuration><disks><default><keep_free_space_bytes>${reserved}</keep_free_space_bytes></default></disks></storage_configuration>
  <merge_tree>
    <old_parts_lifetime>${OLD_PARTS_S}</old_parts_lifetime>
    <max_postpone_time_for_failed_mutations_ms>500</max_postpone_time_for_failed_mutations_ms>
    <auto_statistics_types></auto_statistics_types>
    <ratio_of_defaults_for_sparse_serialization>1</ratio_of_defaults_for_sparse_serialization>
    <write_marks_for_substreams_in_compact_parts>0</write_marks_for_substreams_in_compact_parts>
    <max_bytes_to_merge_at_max_space_in_pool>2147483648</max_bytes_to_merge_at_max_space_in_pool>
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
`

/** Three times what the system takes to write a file to the disk by itself, and somebody to see that one is broken. */
const OLD_PARTS_S = 120

/** The only place that the engine writes backups to and reads them from, in the data directory. */
export const BACKUPS = 'backups'
/** What a backup is restored in, until the store that it makes is moved up from there. */
export const RESTORING = 'restoring'

/**
 * The engine gives a question one thread a gigabyte of free memory, which is more than it has here altogether: without
 * the last of these, none would ever get a second one.
 */
const READS =
  'max_execution_time = 20, max_memory_usage = 400000000, max_threads_min_free_memory_per_thread = 0, readonly = 2'

export async function openEmbedded(
  directory: string,
  database: string,
  memoryBytes: number,
  notice: Notice = () => {},
): Promise<Embedded> {
  const path = join(directory, 'store')
  if (existsSync(join(directory, RESTORING))) {
    if (!existsSync(path))
      throw new StoreProblem(
        'store_unusable',
        `restoring a backup into ${directory} was cut short; restore it again`,
      )
    // All of it is here; what it was made in was left.
    await rm(join(directory, RESTORING), { recursive: true, force: true })
  }
  await mkdir(path, { recursive: true })
  const blocks = join(directory, 'blocks')
  await rm(blocks, { recursive: true, force: true })
  await mkdir(blocks)
  const removed = await removeUnfinishedMutations(path)
  if (removed.length > 0)
    notice(
      'a deletion or an update was never noted whole, so it did not begin; its unfinished note was removed',
      {
        files: removed,
      },
    )
  let nextBlock = 0
  const file = join(directory, 'engine.xml')
  await writeFile(
    file,
    configuration(memoryBytes, await reservedBytes(directory), escapedXml(`${resolve(directory, BACKUPS)}/`)),
  )
  const { Session, createChdbConnection } = await loadEngine()
  let first: InstanceType<typeof Session>
  try {
    first = new Session(path, { connectionArgs: [`--config-file=${file}`] })
  } catch (error) {
    throw storeProblem(error, path)
  }
  await first.queryAsync(`CREATE DATABASE IF NOT EXISTS \`${database}\``)

  const connect: Embedded['connect'] = async (use) => {
    const open = async (): Promise<ClickHouseClient> => {
      const client = createClient({ connection: createChdbConnection({ path }) } as never)
      await client.command({ query: `USE \`${database}\`` })
      // Settings stay with a connection.
      if (use === 'reads') await client.command({ query: `SET ${READS}` })
      return client
    }
    let client = await open()
    let written = async () => {}
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
        const bind = setParameters(params ?? {})
        if (bind !== '') await client.command({ query: bind })
        const answer = await client.query({ query: sql, format: 'JSONEachRow' })
        return answer.json()
      })
    /**
     * The bytes go to a file first: the engine reads it as fast as memory, and none of them is ever taken for SQL.
     * Nobody has to find them after a crash, so they are not synced.
     */
    const insert: Client['insert'] = async (into, columns, structure, where, native) => {
      const file = join(blocks, `${nextBlock++}.native`)
      try {
        const bytes = await writeBlock(file, native)
        await run((client) => expectFile(client, file, bytes))
        const from = `file('${quoted(file)}', 'Native', '${quoted(structure)}')`
        await run((client) => client.command({ query: `${into} SELECT ${columns} FROM ${from} ${where}` }))
        await written()
      } finally {
        await unlink(file).catch(() => {})
      }
    }
    if (use !== 'reads') written = await writesWatched(query)
    return {
      query,
      insert,
      async command(sql, params) {
        await run((client) => client.command({ query: sql, query_params: params }))
        await written()
      },
      close: () => run((client) => client.close()),
    }
  }
  /**
   * By way of a file: what the engine streams by itself is a file of the format for every few thousand rows. It has
   * lost its name before the first byte is read, so nobody has to find it after a crash.
   */
  const stream: Embedded['stream'] = async (sql, format) => {
    const file = join(blocks, `${nextBlock++}.out`)
    const session = new Session(path)
    try {
      await session.queryAsync(`USE \`${database}\``)
      await session.queryAsync(`${sql} INTO OUTFILE '${quoted(file)}' FORMAT ${format}`)
      return (await openFile(file)).createReadStream()
    } finally {
      session.close()
      await unlink(file).catch(() => {})
    }
  }
  return {
    connect,
    stream,
    async close() {
      first.close()
    },
  }
}

/** A name that the engine reads as another file, or as none, would be inserted as nothing, and be acknowledged. */
async function expectFile(client: ClickHouseClient, file: string, bytes: number): Promise<void> {
  const query = `SELECT sum(_size) AS bytes FROM file('${quoted(file)}', 'One')`
  const [found] = await (await client.query({ query, format: 'JSONEachRow' })).json<{ bytes: number }>()
  if (Number(found?.bytes) !== bytes)
    throw new Error(`${file}: the engine finds ${found?.bytes} bytes of the ${bytes} that are to be inserted`)
}

async function writeBlock(file: string, native: Buffer[]): Promise<number> {
  const handle = await openFile(file, 'w')
  try {
    const { bytesWritten } = await handle.writev(native)
    const bytes = native.reduce((sum, piece) => sum + piece.length, 0)
    // A disk that gets full takes a part of it first.
    if (bytesWritten < bytes)
      throw new Error(`${file}: only ${bytesWritten} of ${bytes} bytes could be written`)
    return bytes
  } finally {
    await handle.close()
  }
}

const escapedXml = (text: string): string => text.replace(/[&<>]/g, (found) => `&#${found.charCodeAt(0)};`)

async function loadEngine() {
  try {
    const [{ Session }, { createChdbConnection }] = await Promise.all([
      import('chdb'),
      import('chdb/connection'),
    ])
    return { Session, createChdbConnection }
  } catch (error) {
    throw new StoreProblem(
      'engine_missing',
      `The embedded store has no engine for ${process.platform}-${process.arch}. It runs on Linux (glibc) and macOS; ` +
        'elsewhere point TELLTALE_CLICKHOUSE_URL at a ClickHouse server.',
      error,
    )
  }
}
