import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { StreamRows } from '../client.ts'
import { StoreProblem } from '../problem.ts'
import { quoted } from '../quoted.ts'
import type { SharedClient } from '../turns/shared-writers.ts'
import { failover } from './hosts.ts'
import { ensureDatabase, serverCheck, serverProblem } from './server-check.ts'

export interface RemoteOptions {
  /** One or several addresses of one server, separated by commas. */
  url: string
  /** A PEM file: who signs the server's certificate, if the system does not know them. */
  ca?: string | undefined
  database: string
  user: string
  password: string
}

const REQUEST_MS = 60_000
/** Somebody waits for the answer. */
const TRY_MS = 5_000

/** A ClickHouse server, over HTTP. */
export async function connectRemote({
  url,
  ca,
  database,
  user,
  password,
}: RemoteOptions): Promise<SharedClient & { stream: StreamRows }> {
  // Whoever asked hears of a failure; the client would print it besides.
  const log = { level: ClickHouseLogLevel.OFF }
  const options = {
    username: user,
    password,
    request_timeout: REQUEST_MS,
    log,
    ...(ca !== undefined && { tls: { ca_cert: certificateOf(ca) } }),
  }
  const urls = url.split(',')
  const check = serverCheck()
  const setup = failover(
    urls.map((one) => ({ url: one, client: createClient({ ...options, url: one }) })),
    check,
  )
  try {
    await setup.checkAll()
    await setup.run((client) => ensureDatabase(client, url, database), true)
  } catch (error) {
    throw serverProblem(error, url)
  } finally {
    await setup.close()
  }
  const hosts = failover(
    urls.map((one) => ({ url: one, client: createClient({ ...options, url: one, database }) })),
    check,
  )
  const commented = (comment: string): SharedClient => ({
    query: (sql, params) =>
      hosts.run(async (client) => {
        const answer = await client.query({
          query: sql,
          query_params: params,
          format: 'JSONEachRow',
          clickhouse_settings: { output_format_json_quote_64bit_integers: 0, log_comment: comment },
        })
        return answer.json()
      }, true),
    command: (sql, params) =>
      hosts.run(
        async (client) =>
          void (await client.command({
            query: sql,
            query_params: params,
            clickhouse_settings: { log_comment: comment },
          })),
        false,
      ),
    insert: (into, columns, structure, where, native) =>
      hosts.run(async (client) => {
        const { stream } = await client.exec({
          query: `${into} SELECT ${columns} FROM input('${quoted(structure)}') ${where} FORMAT Native`,
          values: Readable.from(native, { objectMode: false }),
          clickhouse_settings: { log_comment: comment },
        })
        // The insert is done when its answer has ended, and not when it begins.
        await finished(stream.resume())
      }, false),
    commented,
    close: () => hosts.close(),
  })
  return {
    ...commented('telltale'),
    stream: (sql, format) =>
      hosts.run(async (client) => (await client.exec({ query: `${sql} FORMAT ${format}` })).stream, true),
  }
}

/** Each address by itself: why it cannot be used, or null. Makes nothing. */
export async function tryAddresses({
  url,
  ca,
  user,
  password,
}: RemoteOptions): Promise<{ url: string; problem: unknown }[]> {
  const check = serverCheck()
  const tried: { url: string; problem: unknown }[] = []
  for (const one of url.split(',')) {
    const client = createClient({
      url: one,
      username: user,
      password,
      request_timeout: TRY_MS,
      log: { level: ClickHouseLogLevel.OFF },
      ...(ca !== undefined && { tls: { ca_cert: certificateOf(ca) } }),
    })
    const problem = await check(client, one).then(
      () => null,
      (error) => serverProblem(error, one),
    )
    tried.push({ url: one, problem })
    await client.close()
  }
  return tried
}

function certificateOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new StoreProblem('store_unusable', `clickhouse.ca: ${(error as Error).message}`, error)
  }
}
