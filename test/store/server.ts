import { randomBytes } from 'node:crypto'
import { createClient } from '@clickhouse/client'
import { startHttpFace } from './http-face.ts'

const { TEST_CLICKHOUSE_URL, TEST_CLICKHOUSE_USER, TEST_CLICKHOUSE_PASSWORD } = process.env

/** The name of a suite that runs on a server says which it was. */
export const SERVER = TEST_CLICKHOUSE_URL
  ? 'a real ClickHouse server'
  : 'the embedded engine behind HTTP (no TEST_CLICKHOUSE_URL)'

/** A ClickHouse server with a database of its own: the one that the environment names, or else the embedded engine. */
export async function startServer() {
  const face = TEST_CLICKHOUSE_URL ? null : await startHttpFace()
  const options = {
    url: TEST_CLICKHOUSE_URL || face!.url,
    database: `telltale_test_${randomBytes(6).toString('hex')}`,
    user: TEST_CLICKHOUSE_USER || 'default',
    password: TEST_CLICKHOUSE_PASSWORD ?? '',
  }
  return {
    ...options,
    async close() {
      const { url, user, password, database } = options
      const client = createClient({ url, username: user, password })
      await client.command({ query: `DROP DATABASE IF EXISTS ${database} SYNC` })
      await client.close()
      await face?.close()
    },
  }
}
