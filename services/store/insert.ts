import { randomUUID } from 'node:crypto'
import { DONE, type Outcome } from '../contract/stages.ts'
import { TABLES, type TableName } from '../contract/tables.ts'
import { errorOf } from '../contract/thrown.ts'
import type { Client } from './client.ts'
import { isRefusedForGood } from './problem.ts'

const TOKEN = /^[\w:.-]+$/

/**
 * However many rows and days, a block stays one block and becomes one part a day; and it counts once, in its table and
 * in every table below it. All of it is in the statement, for a setting of a connection would outlive it.
 */
const settings = (token: string): string =>
  'async_insert = 0, max_partitions_per_insert_block = 0, max_insert_threads = 1, ' +
  'min_insert_block_size_rows = 100000000, min_insert_block_size_bytes = 0, ' +
  `insert_deduplicate = 1, deduplicate_blocks_in_dependent_materialized_views = 1, insert_deduplication_token = '${token}'`

/** Inserts one Native block; the same token again changes nothing. */
export async function insertBlock(
  client: Client,
  table: TableName,
  native: Buffer[],
  token: string,
): Promise<Outcome> {
  if (!TOKEN.test(token)) throw new Error(`not a token: ${token}`)
  return insert(client, table, native, token, '')
}

/**
 * Inserts a block's rows of a day (since 1970) and later, whether the table has had them or not: under a token that was
 * never used, which means the same to every version of the engine.
 */
export const insertAgain = (
  client: Client,
  table: TableName,
  native: Buffer[],
  fromDay: number,
): Promise<Outcome> =>
  insert(client, table, native, `again:${randomUUID()}`, `WHERE toInt32(toDate(ts)) >= ${fromDay}`)

async function insert(
  client: Client,
  table: TableName,
  native: Buffer[],
  token: string,
  where: string,
): Promise<Outcome> {
  const columns = TABLES[table].map(({ name }) => `\`${name}\``).join(', ')
  const structure = TABLES[table].map(({ name, type }) => `\`${name}\` ${type}`).join(', ')
  const into = `INSERT INTO ${table} (${columns}) SETTINGS ${settings(token)}`
  try {
    await client.insert(into, columns, structure, where, native)
    return DONE
  } catch (thrown) {
    const error = errorOf(thrown)
    return { status: isRefusedForGood(error) ? 'reject' : 'retry', error }
  }
}
