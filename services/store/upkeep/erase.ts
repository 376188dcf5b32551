import { createHash, randomUUID } from 'node:crypto'
import { concerns, type Erasure, taken } from '../blocks/forgotten.ts'
import type { Client } from '../client.ts'
import { DERIVED, ERROR_KEY, tenSeconds } from '../derived/derived.ts'
import { rebuild } from '../derived/rebuild.ts'
import { deletionsDone, IN_ITS_OWN_TIME } from '../turns/deletions-done.ts'
import type { InTurn, TurnClient } from '../turns/writers.ts'
import { daysText, withAccount } from './account.ts'

// Rows go, counts stay. So that mending does not find the rollups too large for the rows that are left, and build them
// anew without the erased ones, what those counted for is kept in `errors_erased`, by nothing that the rollups do not
// tell as well; and so that it does not put them back, `erased_records` says where they came from. Both are written
// before the rows go: a kill in between leaves both, and `settleErasures` takes back what no deletion followed.
//
// The engine keeps the text of a deletion for a while. So nothing is ever deleted by the value, only by its hash.

export interface Forget {
  kind: Erasure['kind']
  value: string
}

const ERASED_TABLES = ['errors', 'attempts', 'quota_samples'] as const
type ErasedTable = (typeof ERASED_TABLES)[number]

export interface Erased {
  id: string
  kind: Forget['kind']
  rows: Record<ErasedTable, number>
}

/** Runs one step while no block is on its way and nobody else moves rows; fails when that moment does not come. */
export type Undisturbed = InTurn

/** Removes what is stored by now. A day is a step, so that blocks need not wait for all of them. */
export async function erase(client: Client, forget: Forget, undisturbed: Undisturbed): Promise<Erased> {
  const id = randomUUID()
  const hash = createHash('sha256').update(`${id}:${forget.value}`).digest('hex')
  const isOurs = concerns({ id, kind: forget.kind, hash })
  const rows = { errors: 0, attempts: 0, quota_samples: 0 }
  const record = (state: 'begun' | 'done', version: number) =>
    client.command(
      `INSERT INTO erasures (id, at, kind, hash, state, rows, version, by_records)
       VALUES ('${id}', now64(3), '${forget.kind}', unhex('${hash}'), '${state}', ${rows.errors + rows.attempts + rows.quota_samples}, ${version}, true)`,
    )
  await record('begun', 0)
  const done: string[] = []
  for (const date of await datesOf(client, forget, isOurs)) {
    let isNoted = false
    await undisturbed(async (alone) => {
      await deletionsDone(alone)
      for (const table of ERASED_TABLES)
        if (forget.kind === 'consumer' || table !== 'quota_samples')
          rows[table] += await eraseDay(alone, table, date, id, isOurs)
      isNoted = true
      await deletionsDone(alone, DAY_PATIENCE_MS)
      await rebuild(alone, INDEX, date)
    }).catch((error) => {
      // Never called off: which of the rows it has removed already, nobody could tell.
      const goesOn = isNoted ? ` What was begun in ${date} goes on by itself when there is room.` : ''
      throw withAccount(error, `Erased so far: ${daysText(done)}.${goesOn} Ask again for the rest.`)
    })
    done.push(date)
  }
  await record('done', 1)
  return { id, kind: forget.kind, rows }
}

/** The engine writes a day's parts anew that hold any of it: some seconds a gigabyte. */
const DAY_PATIENCE_MS = 600_000

const INDEX = DERIVED.find(({ table }) => table === 'requests')!

/** The days that hold rows of it, or might. */
async function datesOf(client: Client, { kind, value }: Forget, isOurs: string): Promise<string[]> {
  const day = 'toString(toDate(ts)) AS day'
  const found =
    kind === 'request_id'
      ? await client.query(
          `SELECT DISTINCT ${day} FROM requests WHERE h = bitShiftRight(sipHash64({value:String}), 24)`,
          { value },
        )
      : await client.query(
          ERASED_TABLES.map((table) => `SELECT DISTINCT ${day} FROM ${table} WHERE ${isOurs}`).join(
            ' UNION ALL ',
          ),
        )
  return [...new Set(found.map(({ day }) => String(day)))].sort()
}

async function eraseDay(
  client: TurnClient,
  table: ErasedTable,
  date: string,
  id: string,
  isOurs: string,
): Promise<number> {
  const ours = `FROM ${table} WHERE toDate(ts) = '${date}' AND ${isOurs}`
  const [found] = await client.query(`SELECT count() AS rows ${ours}`)
  const rows = Number(found?.rows ?? 0)
  if (rows === 0) return 0
  if (table === 'errors') await client.command(await keepCounts(client, date, id, isOurs))
  await client.command(
    `INSERT INTO erased_records SELECT DISTINCT '${id}', '${table}', toDate(ts), origin, origin_offset ${ours} AND ${client.fence}`,
  )
  // Those of all tables go on together.
  await client.command(
    `ALTER TABLE ${table} DELETE IN PARTITION '${date}' WHERE ${isOurs} AND ${client.fence} SETTINGS ${IN_ITS_OWN_TIME}`,
  )
  return rows
}

/** Each row once, also of a block that is in twice, or again after an erasure that has kept its counts, until it is mended. */
async function keepCounts(client: TurnClient, date: string, id: string, isOurs: string): Promise<string> {
  const ours = `toDate(errors.ts) = '${date}' AND ${isOurs}`
  const kept = await taken(
    client,
    'errors',
    `day = '${date}' AND (origin, origin_offset) IN (SELECT origin, origin_offset FROM errors WHERE ${ours})`,
  )
  return `INSERT INTO errors_erased (erasure, ts, ${ERROR_KEY}, service_version, count, first_seen, last_seen, requests, consumers)
   SELECT '${id}', ${tenSeconds('errors.ts')} AS bucket, ${ERROR_KEY}, service_version, uniqExact(origin, origin_offset, origin_index),
     min(errors.ts), max(errors.ts), uniqExactIf(request_id, request_id != ''), uniqHLL12IfState(consumer, consumer != '')
   FROM errors WHERE ${ours}${kept === null ? '' : ` AND NOT ${kept}`} AND ${client.fence}
   GROUP BY bucket, ${ERROR_KEY}, service_version`
}

/** What a kill cut short, put right before anything is mended. Answers the ids: they have to be asked for again. */
export async function settleErasures(client: TurnClient): Promise<string[]> {
  const begun = await client.query("SELECT id, kind, hash FROM erasures FINAL WHERE state = 'begun'")
  if (begun.length === 0) return []
  await deletionsDone(client)
  const ids = begun.map(({ id }) => String(id))
  for (const id of ids) {
    const deletions = await client.query(
      `SELECT table, command FROM system.mutations WHERE database = currentDatabase() AND position(command, '${id}') > 0`,
    )
    const begun = new Set(
      deletions.map(({ table, command }) => `${table} ${/\d{4}-\d\d-\d\d/.exec(String(command))?.[0]}`),
    )
    const noted = await client.query(
      `SELECT 'errors_erased' AS note, 'errors' AS source, toString(toDate(ts)) AS day FROM errors_erased WHERE erasure = '${id}'
       UNION DISTINCT SELECT 'erased_records', source, toString(day) FROM erased_records WHERE erasure = '${id}'`,
    )
    for (const { note, source, day } of noted) {
      if (begun.has(`${source} ${day}`)) continue
      const which = `erasure = '${id}'${note === 'errors_erased' ? '' : ` AND source = '${source}'`} AND ${client.fence}`
      await client.command(
        `ALTER TABLE ${note} DELETE IN PARTITION '${day}' WHERE ${which} SETTINGS ${IN_ITS_OWN_TIME}`,
      )
    }
    await deletionsDone(client)
    for (const date of new Set([...begun].map((key) => key.split(' ')[1]!)))
      await rebuild(client, INDEX, date)
    await client.command(
      `INSERT INTO erasures SELECT * REPLACE ('cut_short' AS state, 2 AS version) FROM erasures FINAL WHERE id = '${id}'`,
    )
  }
  return ids
}
