import type { Client } from '../client.ts'
import { DAY_MS, dateOf, dayAt, dayOfPartition, partitionOf } from '../derived/days.ts'
import type { InTurn } from '../turns/writers.ts'

/** Whole days that tables keep besides today; tables that are not named keep everything. */
export type Retention = Record<string, number>

export interface RetentionDays {
  errors: number
  tenSeconds: number
  minutes: number
  hours: number
}

/** Tables of rows: they are large, they expire together, and what was counted of them outlives them. */
const ROW_TABLES = [
  'errors',
  'attempts',
  'traffic',
  'quota_samples',
  'requests',
  'errors_erased',
  'erased_records',
] as const
const holdsRows = (table: string): boolean => ROW_TABLES.some((name) => name === table)

export const retentionOf = ({ errors, tenSeconds, minutes, hours }: RetentionDays): Retention => ({
  ...Object.fromEntries(ROW_TABLES.map((table) => [table, errors])),
  errors_by_10s: tenSeconds,
  traffic_by_10s: tenSeconds,
  errors_by_minute: minutes,
  traffic_by_minute: minutes,
  codes_by_minute: minutes,
  errors_by_hour: hours,
  traffic_by_hour: hours,
  codes_by_hour: hours,
})

/** As of a time that nothing is wrong with. Rows before `since` went for want of room, whatever their time. */
export const oldestDay = (retention: Retention, table: string, now: number, since = 0): number =>
  Math.max(retention[table] === undefined ? 0 : dayAt(now) - retention[table], holdsRows(table) ? since : 0)

/** Tables that keep everything may be partitioned in other ways. */
export const isBefore = (oldest: number, partition: string): boolean =>
  oldest > 0 && partition < partitionOf(oldest)

/** The day (since 1970) before which rows went for want of room; 0 if none ever did. */
export async function rowsSince(client: Pick<Client, 'query'>): Promise<number> {
  const [row] = await client.query('SELECT toInt32(max(since)) AS day FROM rows_since')
  return Number(row?.day ?? 0)
}

export interface Dropped {
  /** Each as `errors 20261121`. */
  partitions: string[]
  bytes: number
}
const NOTHING: Dropped = { partitions: [], bytes: 0 }

export interface Kept {
  /** The oldest day (since 1970) that a table still has to have; 0 when it keeps everything. */
  oldest: (table: string) => number
  /** How many days the clock is ahead of the day after the newest one that is stored. */
  daysAhead: number
}

/**
 * What is promised to be there, for all who drop days, mend or change them. Days are counted back from now, or from
 * the day after the newest one that is stored if that is earlier: a clock that jumps ahead ends no promise by itself.
 * Days that are just coming count as stored.
 */
export const keptDays = async (
  client: Pick<Client, 'query'>,
  retention: Retention,
  now: number,
  coming: number[] = [],
): Promise<Kept> =>
  keptOf(retention, now, await rowsSince(client), [
    ...daysStored(retention, await partitionsOf(client)),
    ...coming,
  ])

function keptOf(retention: Retention, now: number, since: number, days: number[]): Kept {
  // Without any day, nothing holds the clock back.
  const daysAhead = days.length === 0 ? 0 : Math.max(0, dayAt(now) - Math.max(...days) - 1)
  const from = now - daysAhead * DAY_MS
  return { oldest: (table) => oldestDay(retention, table, from, since), daysAhead }
}

/** Of the tables that expire, which are all partitioned by day. */
const daysStored = (retention: Retention, partitions: Partition[]): number[] =>
  partitions
    .filter(({ table }) => retention[table] !== undefined)
    .map(({ partition }) => dayOfPartition(partition))

/** Drops the days that nobody promised to keep. Answers also how many days the clock is ahead of what is stored. */
export async function expire(
  client: Client,
  inTurn: InTurn,
  retention: Retention,
  now: number,
): Promise<{ dropped: Dropped; daysAhead: number }> {
  const partitions = await partitionsOf(client)
  const { oldest, daysAhead } = keptOf(
    retention,
    now,
    await rowsSince(client),
    daysStored(retention, partitions),
  )
  const expired = partitions.filter(({ table, partition }) => isBefore(oldest(table), partition))
  // Most of the time nothing is, and nobody has to wait.
  const dropped = expired.length === 0 ? NOTHING : await inTurn((alone) => drop(alone, expired))
  return { dropped, daysAhead }
}

/**
 * Drops the oldest days of rows until all tables together take no more than so many bytes; never today's. That is not
 * enough when what is left is today's, or counts.
 */
export async function shrink(
  client: Client,
  inTurn: InTurn,
  mostBytes: number,
  now: number,
): Promise<{ dropped: Dropped; bytes: number; isEnough: boolean }> {
  const partitions = await partitionsOf(client)
  const bytes = partitions.reduce((sum, partition) => sum + partition.bytes, 0)
  const nothing = { dropped: NOTHING, bytes, isEnough: bytes <= mostBytes }
  if (nothing.isEnough) return nothing

  const rows = partitions.filter(({ table }) => holdsRows(table))
  const days = [...new Set(rows.map(({ partition }) => dayOfPartition(partition)))]
    .filter((day) => day < dayAt(now))
    .sort((a, b) => a - b)
  let excess = bytes - mostBytes
  let since = 0
  for (const day of days) {
    if (excess <= 0) break
    for (const { partition, bytes } of rows) if (dayOfPartition(partition) === day) excess -= bytes
    since = day + 1
  }
  if (since === 0) return nothing
  const dropped = await inTurn(async (alone) => {
    // First noted, then done: mending must not take for lost what is about to go, and a kill in between finds it noted.
    await alone.command(`INSERT INTO rows_since (at, since) VALUES (now64(3), '${dateOf(since)}')`)
    return drop(
      alone,
      rows.filter(({ partition }) => dayOfPartition(partition) < since),
    )
  })
  return { dropped, bytes: bytes - dropped.bytes, isEnough: excess <= 0 }
}

interface Partition {
  table: string
  partition: string
  bytes: number
}

async function partitionsOf(client: Pick<Client, 'query'>): Promise<Partition[]> {
  const rows = await client.query(
    `SELECT table, partition_id AS partition, sum(bytes_on_disk) AS bytes FROM system.parts
     WHERE active AND database = currentDatabase() GROUP BY table, partition_id ORDER BY table, partition_id`,
  )
  return rows.map(({ table, partition, bytes }) => ({
    table: String(table),
    partition: String(partition),
    bytes: Number(bytes),
  }))
}

async function drop(client: Client, partitions: Partition[]): Promise<Dropped> {
  for (const { table, partition } of partitions)
    await client.command(`ALTER TABLE ${table} DROP PARTITION ID '${partition}'`)
  return {
    partitions: partitions.map(({ table, partition }) => `${table} ${partition}`),
    bytes: partitions.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}
