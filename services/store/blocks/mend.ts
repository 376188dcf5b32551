import type { Range } from '../../contract/stages.ts'
import { TABLE_NAMES, type TableName } from '../../contract/tables.ts'
import { askingOnce, differences } from '../derived/agrees.ts'
import { dateOf, partitionOf, quotedDates } from '../derived/days.ts'
import { DERIVED } from '../derived/derived.ts'
import { rebuild, rebuildRows } from '../derived/rebuild.ts'
import { deletionsDone } from '../turns/deletions-done.ts'
import type { TurnClient } from '../turns/writers.ts'
import { keptDays, type Retention } from '../upkeep/retention.ts'
import { forgotten } from './forgotten.ts'
import { insertBeside } from './insert.ts'
import { rowsByDay } from './native-days.ts'

// After a crash or an insert whose result nobody heard, the same block is inserted again under the same token, and
// that is nearly always the end of it. But a kill in the middle of the engine's own commit can lose or double one
// part, in a base table or in any table that a view feeds. So where there was doubt, look:
//
// 1. Each base table must hold exactly the range's rows. They carry their origin, so this can be counted, day by day
//    as the engine keeps them; a day that is not so is made anew: its other rows, and the block's, but for those that
//    an erasure has taken out of it.
// 2. Each derived table must agree with its base on the days that the range touches; a day that does not is built
//    anew from the base.
//
// Counting is enough, because a block is one part a day and a part is there whole or not at all: everything before the
// block is settled, so a table that has the right number has the block once.
//
// Both steps look at what is there and end in what must be there, so being killed within them costs nothing: the
// range stays intended, and the next process starts over. Nobody else writes meanwhile: all of it is in a turn.

export interface Check {
  range: Range
  expected: Record<TableName, { rows: number; calls: number }>
  /** Days since 1970 that rows of the range lie in. */
  days: number[]
  /** The block again, as it is or was to be inserted. */
  native: (table: TableName) => Buffer[]
}

export interface Mended {
  base: string[]
  derived: string[]
  /** Agrees neither with its base nor with anything that a crash can do, and was left alone. */
  unexplained: string[]
}

const FOREVER = Number.POSITIVE_INFINITY

export async function mend(
  client: TurnClient,
  check: Check,
  retention: Retention,
  now: number,
): Promise<Mended> {
  const mended: Mended = { base: [], derived: [], unexplained: [] }
  if (check.days.length === 0) return mended
  await deletionsDone(client)
  const { oldest: oldestOf } = await keptDays(client, retention, now, check.days)
  for (const table of TABLE_NAMES)
    if (await mendBase(client, table, check, oldestOf(table))) mended.base.push(table)
  // Rows that cannot be read are counted still: nothing is made from the rest of them.
  const damaged = new Set(
    (await client.partsSetAside()).map(({ table, partition }) => `${table} ${partition}`),
  )
  const once = askingOnce(client)
  for (const derived of DERIVED) {
    const { table, bases } = derived
    const [base] = bases
    // What may have expired already, in part or with its base, is nobody's promise any more.
    const oldest = Math.max(oldestOf(table), oldestOf(base))
    const days = check.days.filter((day) => day >= oldest)
    const differing = await differences(once, derived, days)
    if (differing.length === 0) continue
    const outlivesBase = (retention[table] ?? FOREVER) > (retention[base] ?? FOREVER)
    const { rows, calls } = check.expected[base]
    const ofBlock = rows === 0 ? new Map<number, number>() : rowsByDay(check.native(base))
    for (const { day, has, needs } of differing) {
      const inBlock = ofBlock.get(day) ?? 0
      const mostTooMany = MOST_COPIES * (base === 'traffic' && inBlock > 0 ? calls : inBlock)
      const isWhole = !bases.some((of) => damaged.has(`${of} ${partitionOf(day)}`))
      const isCrash = isWhole && (!outlivesBase || has.n - needs.n <= mostTooMany)
      if (isCrash) await rebuild(client, derived, dateOf(day))
      mended[isCrash ? 'derived' : 'unexplained'].push(`${table} ${dateOf(day)}`)
    }
  }
  return mended
}

/**
 * A table that is kept longer than its base shall not lose its history to a base that has lost its own (its days
 * dropped, then the clock set back): a crash can make it hold the block a few times too often, not more.
 */
const MOST_COPIES = 8

async function mendBase(
  client: TurnClient,
  table: TableName,
  check: Check,
  oldest: number,
): Promise<boolean> {
  const { origin, first, end } = check.range
  const merged = table === 'traffic' || table === 'quota_samples'
  const days = check.days.filter((day) => day >= oldest)
  if (days.length === 0) return false
  const ofRange =
    `toDate(ts) IN (${quotedDates(days)}) AND origin = '${origin}' AND ` +
    (merged
      ? `origin_offset = ${first} AND origin_end = ${end}`
      : `origin_offset >= ${first} AND origin_offset < ${end}`)
  const records = `origin = '${origin}' AND origin_offset >= ${first} AND origin_offset < ${end}`
  const erased = table === 'traffic' ? null : await forgotten(client, table, records, dateOf(days[0]!))
  const found = await client.query(
    `SELECT toInt32(toDate(ts)) AS day, count() AS rows, ${table === 'traffic' ? 'sum(calls)' : '0'} AS calls,
       ${erased === null ? '0' : `countIf(${erased})`} AS back
     FROM ${table} WHERE ${ofRange} GROUP BY day`,
  )
  const { rows, calls } = check.expected[table]
  const must = rows === 0 ? new Map<number, number>() : rowsByDay(check.native(table))
  const has = new Map(found.map((row) => [Number(row.day), Number(row.rows)]))
  const allCalls = found.reduce((sum, row) => sum + Number(row.calls), 0)
  // An old range that is read again when its tokens are forgotten is inserted again, with what was erased of it.
  const back = new Set(found.filter((row) => Number(row.back) > 0).map((row) => Number(row.day)))
  const wrong = days.filter((day) => has.get(day) !== must.get(day) || back.has(day))
  const isWrong = wrong.length > 0 || (allCalls !== calls && days.length === check.days.length)
  if (!isWrong) return false
  let isMended = false
  for (const day of wrong.length > 0 ? wrong : days) {
    const date = dateOf(day)
    await rebuildRows(client, table, date, async (beside) => {
      await client.command(`ALTER TABLE ${beside} ATTACH PARTITION '${date}' FROM ${table}`)
      // Waited for here: on a full disk the statement itself would never come back.
      if (has.has(day))
        await client.command(`ALTER TABLE ${beside} DELETE WHERE ${ofRange} SETTINGS mutations_sync = 0`)
      await deletionsDone(client)
      if (must.has(day)) await insertBeside(client, beside, table, check.native(table), day, erased)
      const [made] = await client.query(`SELECT count() AS rows FROM ${beside} WHERE ${ofRange}`)
      isMended ||= table === 'traffic' || back.has(day) || Number(made?.rows) !== (has.get(day) ?? 0)
    })
  }
  return isMended
}
