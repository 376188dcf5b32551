import { DONE, type Outcome } from '../contract/stages.ts'
import { TABLES, type TableName } from '../contract/tables.ts'
import type { Client } from './client.ts'

const TOKEN = /^[\w:.-]+$/

/** Makes an insert of one block count once, in its table and in every table below it. */
const once = (token: string): string =>
  `insert_deduplicate = 1, deduplicate_blocks_in_dependent_materialized_views = 1, insert_deduplication_token = '${token}'`
/** For mending: what is put back has been seen before. */
const AGAIN = 'insert_deduplicate = 0'
/** However many rows and days, a block stays one block and becomes one part a day. */
const WHOLE =
  'async_insert = 0, max_partitions_per_insert_block = 0, max_insert_threads = 1, min_insert_block_size_rows = 100000000, min_insert_block_size_bytes = 0'

/** Inserts one Native block; without a token it is inserted whether the table has had it or not. */
export async function insertBlock(
  client: Client,
  table: TableName,
  native: Buffer[],
  token: string | null,
): Promise<Outcome> {
  if (token !== null && !TOKEN.test(token)) throw new Error(`not a token: ${token}`)
  const columns = TABLES[table].map(({ name }) => `\`${name}\``).join(', ')
  const structure = TABLES[table].map(({ name, type }) => `\`${name}\` ${type}`).join(', ')
  const settings = `${token === null ? AGAIN : once(token)}, ${WHOLE}`
  try {
    await client.insert(`INSERT INTO ${table} (${columns}) SETTINGS ${settings}`, columns, structure, native)
    return DONE
  } catch (error) {
    return { status: 'retry', error: error instanceof Error ? error : new Error(String(error)) }
  }
}
