import type { SetAside } from '../connect/set-aside.ts'
import { agrees, askingOnce, differences } from '../derived/agrees.ts'
import { dateOf, dayOfPartition, daysOfMonth, partitionOf } from '../derived/days.ts'
import { DERIVED } from '../derived/derived.ts'
import { rebuild } from '../derived/rebuild.ts'
import type { TurnClient } from '../turns/writers.ts'
import { keptDays, type Retention } from './retention.ts'

// A part of a table that the engine cannot read when it opens the store, it sets aside and goes on without. What was
// derived is made again from the rows; rows whose counts are all there were in other parts as well, and nothing is
// missing. The rest cannot be made good here, and is told.

/** The engine refuses to drop it: somebody may be at it. */
const BEING_ATTACHED = 'attaching_'

/** For a person: what is wrong, and what to do about it. */
export function damageText(parts: SetAside[]): string | null {
  const [first] = parts
  if (first === undefined) return null
  const tables = [...new Set(parts.map(({ table }) => table))].join(', ')
  const count = parts.length === 1 ? 'a part' : `${parts.length} parts`
  return (
    `the engine could not read ${count} of ${tables} and set it aside (${first.path}): what was in it is neither found ` +
    'nor counted. Look at the disk; then restore a backup, or, to go on without it, move it out of that directory'
  )
}

/** Counts derived from these show whether any of their rows is missing. */
const BASES = ['errors', 'attempts', 'traffic']

/** Makes good what can be, in a turn. Answers what is left. */
export async function repair(client: TurnClient, retention: Retention, now: number): Promise<SetAside[]> {
  const parts = await client.partsSetAside()
  if (parts.length === 0) return []
  const { oldest } = await keptDays(client, retention, now)
  const left: SetAside[] = []
  // Rows first: nothing is made from rows of which some are missing.
  for (const part of parts.sort((a, b) => Number(isDerived(a)) - Number(isDerived(b)))) {
    if (part.partition === '' || part.name.startsWith(BEING_ATTACHED)) {
      left.push(part)
      continue
    }
    const isGood = isDerived(part)
      ? await derivedAgain(client, part, left, oldest)
      : BASES.includes(part.table) && (await isAllThere(client, part, oldest))
    if (isGood)
      await client.command(
        `ALTER TABLE ${part.table} DROP DETACHED PART '${part.name}' SETTINGS allow_drop_detached = 1`,
      )
    else left.push(part)
  }
  return left
}

const isDerived = ({ table }: SetAside): boolean => DERIVED.some((derived) => derived.table === table)

async function derivedAgain(
  client: TurnClient,
  { table, partition }: SetAside,
  lost: SetAside[],
  oldest: (table: string) => number,
): Promise<boolean> {
  const derived = DERIVED.find((one) => one.table === table)!
  const { bases } = derived
  const isLost = (day: number) =>
    lost.some((one) => bases.includes(one.table) && one.partition === partitionOf(day))
  let isGood = true
  const days: number[] = []
  for (const day of derived.byDay ? [dayOfPartition(partition)] : daysOfMonth(partition)) {
    if (bases.some((base) => day < oldest(base))) isGood &&= day < oldest(table)
    else if (isLost(day)) isGood = false
    else days.push(day)
  }
  for (const { day } of await differences(client, derived, days)) await rebuild(client, derived, dateOf(day))
  return isGood
}

async function isAllThere(
  client: TurnClient,
  { table, partition }: SetAside,
  oldest: (table: string) => number,
): Promise<boolean> {
  const day = dayOfPartition(partition)
  if (day < oldest(table)) return true
  // Erasing makes the index of ids anew from the rows it finds. Attempts are counted nowhere else.
  if (table === 'attempts' && (await hasErased(client, day))) return false
  const once = askingOnce(client)
  for (const derived of DERIVED)
    if (derived.bases.includes(table) && day >= oldest(derived.table))
      if (!(await agrees(once, derived, day))) return false
  return true
}

async function hasErased(client: TurnClient, day: number): Promise<boolean> {
  const since = `toDateTime('${dateOf(day)} 00:00:00', 'UTC')`
  const [found] = await client.query(`SELECT count() AS n FROM erasures WHERE at >= ${since}`)
  return Number(found?.n) > 0
}
