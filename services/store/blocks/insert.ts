import { randomUUID } from 'node:crypto'
import { DONE, type Outcome } from '../../contract/stages.ts'
import { TABLES, type TableName } from '../../contract/tables.ts'
import { errorOf } from '../../contract/thrown.ts'
import type { Client } from '../client.ts'
import { isRefusedForGood } from '../problem.ts'
import { type Guard, NO_GUARD } from '../turns/writers.ts'

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
  guard: Guard = NO_GUARD,
): Promise<Outcome> {
  if (!TOKEN.test(token)) throw new Error(`not a token: ${token}`)
  const where = guard.condition && `WHERE ${guard.condition}`
  try {
    await insert(client, table, table, native, settings(token) + guard.settings, where)
    return DONE
  } catch (thrown) {
    const error = errorOf(thrown)
    return { status: isRefusedForGood(error) ? 'reject' : 'retry', error }
  }
}

/**
 * Inserts a block's rows of a day (since 1970), but for those that `except` is true of, into a table like `table`, under
 * a token that was never used.
 */
export const insertBeside = (
  client: Client,
  beside: string,
  table: TableName,
  native: Buffer[],
  day: number,
  except: string | null,
): Promise<void> =>
  insert(
    client,
    beside,
    table,
    native,
    settings(randomUUID()),
    `WHERE toInt32(toDate(ts)) = ${day}${except === null ? '' : ` AND NOT ${except}`}`,
  )

function insert(
  client: Client,
  into: string,
  table: TableName,
  native: Buffer[],
  settings: string,
  where: string,
): Promise<void> {
  const columns = TABLES[table].map(({ name }) => `\`${name}\``).join(', ')
  const structure = TABLES[table].map(({ name, type }) => `\`${name}\` ${type}`).join(', ')
  return client.insert(
    `INSERT INTO ${into} (${columns}) SETTINGS ${settings}`,
    columns,
    structure,
    where,
    native,
  )
}
