import type { Client } from './client.ts'
import { DERIVED, type Derived } from './derived.ts'
import { rebuild } from './rebuild.ts'
import { keptDays, type Retention } from './retention.ts'
import type { TurnClient } from './writers.ts'

// A part of a table that the engine cannot read when it opens the store, it sets aside and goes on without. What was
// derived is made again from the rows; rows whose counts are all there were in other parts as well, and nothing is
// missing. The rest cannot be made good here, and is told.

export interface SetAside {
  table: string
  name: string
  partition: string
  path: string
}

export async function partsSetAside(client: Pick<Client, 'query'>): Promise<SetAside[]> {
  const found = await client.query(
    `SELECT table, name, ifNull(partition_id, '') AS partition, path FROM system.detached_parts
     WHERE database = currentDatabase() ORDER BY table, name`,
  )
  return found.map(({ table, name, partition, path }) => ({
    table: String(table),
    name: String(name),
    partition: String(partition),
    path: String(path),
  }))
}

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

const BASES = ['errors', 'attempts', 'traffic']
const DAY_MS = 86_400_000
const dayNumber = (day: string): number => Date.parse(day) / DAY_MS
const dateOf = (partition: string): string => partition.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')

/** Makes good what can be, in a turn. Answers what is left. */
export async function repair(client: TurnClient, retention: Retention, now: number): Promise<SetAside[]> {
  const parts = await client.partsSetAside()
  if (parts.length === 0) return []
  const { oldest } = await keptDays(client, retention, now)
  const left: SetAside[] = []
  // Rows first: nothing is made from rows of which some are missing.
  for (const part of parts.sort((a, b) => Number(isDerived(a)) - Number(isDerived(b)))) {
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
const basesOf = ({ table }: Derived): string[] =>
  table.startsWith('traffic') ? ['traffic'] : table === 'requests' ? ['errors', 'attempts'] : ['errors']

async function derivedAgain(
  client: TurnClient,
  { table, partition }: SetAside,
  lost: SetAside[],
  oldest: (table: string) => number,
): Promise<boolean> {
  const derived = DERIVED.find((one) => one.table === table)!
  const bases = basesOf(derived)
  const days = derived.byDay ? [dateOf(partition)] : daysOfMonth(partition)
  let isGood = true
  for (const day of days) {
    if (bases.some((base) => dayNumber(day) < oldest(base))) isGood &&= dayNumber(day) < oldest(table)
    else if (lost.some((one) => !isDerived(one) && one.partition === day.replaceAll('-', ''))) isGood = false
    else if (!(await agree(client, derived, day))) await rebuild(client, derived, day)
  }
  return isGood
}

async function isAllThere(
  client: TurnClient,
  { table, partition }: SetAside,
  oldest: (table: string) => number,
): Promise<boolean> {
  const day = dateOf(partition)
  if (dayNumber(day) < oldest(table)) return true
  for (const derived of DERIVED)
    if (basesOf(derived).includes(table) && dayNumber(day) >= oldest(derived.table))
      if (!(await agree(client, derived, day))) return false
  return true
}

async function agree(client: Client, { holds, must }: Derived, day: string): Promise<boolean> {
  const [has] = await client.query(holds(`'${day}'`))
  const [needs] = await client.query(must(`'${day}'`))
  return (
    Number(has?.n ?? 0) === Number(needs?.n ?? 0) &&
    Number(has?.of_attempts ?? 0) === Number(needs?.of_attempts ?? 0)
  )
}

/** Of `202611`. */
function daysOfMonth(month: string): string[] {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(4, 6))]
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return Array.from({ length: days }, (_, i) =>
    new Date(Date.UTC(year, number - 1, i + 1)).toISOString().slice(0, 10),
  )
}
