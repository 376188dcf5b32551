import type { Range } from '../contract/stages.ts'
import { TABLE_NAMES, type TableName } from '../contract/tables.ts'
import type { Client } from './client.ts'
import { DERIVED, type Derived } from './derived.ts'
import { oldestDay, type Retention } from './retention.ts'

// After a crash or an insert whose result nobody heard, the same block is inserted again under the same token, and
// that is nearly always the end of it. But a kill in the middle of the engine's own commit can lose or double one
// part, in a base table or in any table that a view feeds. So where there was doubt, look:
//
// 1. Each base table must hold exactly the range's rows. They carry their origin, so this can be counted; if it is
//    not so, the range is deleted and put back.
// 2. Each derived table must agree with its base on the days that the range touches; a day that does not is built
//    anew from the base.
//
// Both steps look at what is there and end in what must be there, so being killed within them costs nothing: the
// range stays intended, and the next process starts over. Nobody else writes meanwhile.

export interface Check {
  range: Range
  expected: Record<TableName, { rows: number; calls: number }>
  /** Days since 1970 that rows of the range lie in. */
  days: number[]
  /** Puts the range's rows into a table, whether it has had them or not. */
  insertAgain: (table: TableName) => Promise<void>
}

export interface Mended {
  base: string[]
  derived: string[]
}

const MS_A_DAY = 86_400_000
const dateOf = (day: number): string => new Date(day * MS_A_DAY).toISOString().slice(0, 10)

export async function mend(client: Client, check: Check, retention: Retention, now: number): Promise<Mended> {
  const mended: Mended = { base: [], derived: [] }
  const { days } = check
  if (days.length === 0) return mended
  for (const table of TABLE_NAMES) if (await mendBase(client, table, check)) mended.base.push(table)
  for (const day of days)
    for (const derived of DERIVED) {
      const base = derived.table.startsWith('traffic') ? 'traffic' : 'errors'
      // What may have expired already, in part or with its base, is nobody's promise any more.
      const oldest = Math.max(oldestDay(retention, derived.table, now), oldestDay(retention, base, now))
      if (day >= oldest && (await mendDay(client, derived, dateOf(day))))
        mended.derived.push(`${derived.table} ${dateOf(day)}`)
    }
  return mended
}

async function mendBase(client: Client, table: TableName, check: Check): Promise<boolean> {
  const { origin, first, end } = check.range
  const merged = table === 'traffic' || table === 'quota_samples'
  const dates = check.days.map((day) => `'${dateOf(day)}'`).join(', ')
  const ofRange =
    `toDate(ts) IN (${dates}) AND origin = '${origin}' AND ` +
    (merged
      ? `origin_offset = ${first} AND origin_end = ${end}`
      : `origin_offset >= ${first} AND origin_offset < ${end}`)
  const distinct = merged ? 'count()' : 'uniqExact(origin_offset, origin_index)'
  const calls = table === 'traffic' ? 'sum(calls)' : '0'
  const [found] = await client.query(
    `SELECT count() AS rows, ${distinct} AS different, ${calls} AS calls FROM ${table} WHERE ${ofRange}`,
  )
  const expected = check.expected[table]
  // The same records always give the same rows, so as many different ones as there must be are the right ones.
  if (
    Number(found?.rows) === expected.rows &&
    Number(found?.different) === expected.rows &&
    Number(found?.calls) === expected.calls
  )
    return false
  await client.command(`ALTER TABLE ${table} DELETE WHERE ${ofRange} SETTINGS mutations_sync = 2`)
  if (expected.rows > 0) await check.insertAgain(table)
  return true
}

async function mendDay(client: Client, derived: Derived, day: string): Promise<boolean> {
  const { table, byDay, holds, must, columns, select } = derived
  const amount = async (sql: string) => Number((await client.query(sql, { day }))[0]?.n ?? 0)
  if ((await amount(holds)) === (await amount(must))) return false
  const rows = select.replaceAll('{day:String}', `'${day}'`)
  if (byDay) {
    // Beside the table, then put in its place in one step: an INSERT would run the views below it.
    const beside = `${table}_rebuilt`
    await client.command(`DROP TABLE IF EXISTS ${beside} SYNC`)
    await client.command(`CREATE TABLE ${beside} AS ${table}`)
    await client.command(`INSERT INTO ${beside} (${columns}) SETTINGS insert_deduplicate = 0 ${rows}`)
    await client.command(`ALTER TABLE ${table} REPLACE PARTITION '${day}' FROM ${beside}`)
    await client.command(`DROP TABLE ${beside} SYNC`)
  } else {
    // No view reads these.
    await client.command(
      `ALTER TABLE ${table} DELETE WHERE toDate(ts) = '${day}' SETTINGS mutations_sync = 2`,
    )
    await client.command(`INSERT INTO ${table} (${columns}) SETTINGS insert_deduplicate = 0 ${rows}`)
  }
  return true
}
