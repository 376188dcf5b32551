import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { StreamRows } from './client.ts'
import { quoted } from './quoted.ts'
import type { SharedClient } from './shared-writers.ts'

export interface RemoteOptions {
  url: string
  database: string
  user: string
  password: string
}

const REQUEST_MS = 60_000

/** A ClickHouse server, over HTTP. */
export async function connectRemote({
  url,
  database,
  user,
  password,
}: RemoteOptions): Promise<SharedClient & { stream: StreamRows }> {
  // Whoever asked hears of a failure; the client would print it besides.
  const log = { level: ClickHouseLogLevel.OFF }
  const options = { url, username: user, password, request_timeout: REQUEST_MS, log }
  const setup = createClient(options)
  await setup.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\`` })
  await setup.close()
  const client = createClient({ ...options, database })
  const commented = (comment: string): SharedClient => ({
    query: async (sql, params) => {
      const answer = await client.query({
        query: sql,
        query_params: params,
        format: 'JSONEachRow',
        clickhouse_settings: { output_format_json_quote_64bit_integers: 0, log_comment: comment },
      })
      return answer.json()
    },
    command: async (sql, params) =>
      void (await client.command({
        query: sql,
        query_params: params,
        clickhouse_settings: { log_comment: comment },
      })),
    async insert(into, columns, structure, where, native) {
      const { stream } = await client.exec({
        query: `${into} SELECT ${columns} FROM input('${quoted(structure)}') ${where} FORMAT Native`,
        values: Readable.from(native, { objectMode: false }),
        clickhouse_settings: { log_comment: comment },
      })
      // The insert is done when its answer has ended, and not when it begins.
      await finished(stream.resume())
    },
    commented,
    close: () => client.close(),
  })
  return {
    ...commented('telltale'),
    async stream(sql, format) {
      const { stream } = await client.exec({ query: `${sql} FORMAT ${format}` })
      return stream
    },
  }
}
