import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Session } from 'chdb'

/** A small server, for a machine that has a dozen of them at a time; who waits for its turn looks again soon. */
const CONFIGURATION = `<clickhouse>
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <background_processing_pool_thread_sleep_seconds_if_nothing_to_do>0.005</background_processing_pool_thread_sleep_seconds_if_nothing_to_do>
  <background_processing_pool_task_sleep_seconds_when_no_work_random_part>0.01</background_processing_pool_task_sleep_seconds_when_no_work_random_part>
  <background_processing_pool_task_sleep_seconds_when_no_work_multiplier>1.3</background_processing_pool_task_sleep_seconds_when_no_work_multiplier>
  <merge_tree>
    <auto_statistics_types></auto_statistics_types>
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
`

/**
 * Enough of ClickHouse's HTTP interface for our own client, over the embedded engine: the statement in the address or
 * the body, bound parameters, Native bodies, errors with their numbers. What is said of the engine is the engine's.
 */
export async function startHttpFace(at: { directory?: string; port?: number } = {}) {
  const directory = at.directory ?? mkdtempSync(join(tmpdir(), 'telltale-face-'))
  mkdirSync(directory, { recursive: true })
  const path = join(directory, 'db')
  const configuration = join(directory, 'server.xml')
  writeFileSync(configuration, CONFIGURATION)
  const first = new Session(path, { connectionArgs: [`--config-file=${configuration}`] })
  let blocks = 0
  // A session has one statement at a time, and none after one that failed, whose output would head the next answer.
  // Ours set nothing that would stay with it.
  const idle: { database: string | null; session: Session }[] = []
  const sessionIn = (database: string | null) => {
    const at = idle.findIndex((one) => one.database === database)
    return at === -1 ? { database: null, session: new Session(path) } : idle.splice(at, 1)[0]!
  }

  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body = Buffer.concat(pieces)
    const { searchParams } = new URL(request.url!, 'http://face')
    const inAddress = searchParams.get('query')
    const params: Record<string, string> = {}
    for (const [name, value] of searchParams)
      if (name.startsWith('param_')) params[name.slice('param_'.length)] = unescaped(value)
    let sql = inAddress ?? body.toString()
    if (inAddress !== null && body.length > 0) {
      const file = join(directory, `${blocks++}.native`)
      writeFileSync(file, body)
      sql = sql.replace(/\s*FORMAT Native\s*$/, '')
      sql = /\binput\(/.test(sql)
        ? sql.replace(/\binput\('/, `file('${file}', 'Native', '`)
        : `${sql} SELECT * FROM file('${file}', 'Native')`
    }
    const database = searchParams.get('database')
    const { session, database: isIn } = sessionIn(database)
    let isWell = false
    try {
      if (database !== isIn) await session.queryAsync(`USE \`${database}\``)
      const answer =
        Object.keys(params).length > 0
          ? await session.queryBindAsync(sql, params, { format: 'TabSeparated' })
          : await session.queryAsync(sql, { format: 'TabSeparated' })
      response.end(Buffer.from(answer.bytes()))
      isWell = true
    } catch (error) {
      const { message, clickhouseCode } = error as Error & { clickhouseCode?: number }
      response.writeHead(500, { 'x-clickhouse-exception-code': String(clickhouseCode ?? 0) })
      response.end(message)
    } finally {
      if (isWell) idle.push({ database, session })
      else session.close()
    }
  })
  await new Promise<void>((resolve) => server.listen(at.port ?? 0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      for (const { session } of idle) session.close()
      first.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' }
/** A server takes parameters as fields of tab-separated text; lists have quotes and escapes of their own. */
const unescaped = (field: string): string =>
  field.startsWith('[') ? field : field.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter)
