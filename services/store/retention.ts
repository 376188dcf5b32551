import type { Client } from './client.ts'

/** Whole days that tables keep besides today; tables that are not named keep everything. */
export type Retention = Record<string, number>

export interface RetentionDays {
  errors: number
  tenSeconds: number
  minutes: number
  hours: number
}

export const retentionOf = ({ errors, tenSeconds, minutes, hours }: RetentionDays): Retention => ({
  errors,
  attempts: errors,
  traffic: errors,
  quota_samples: errors,
  requests: errors,
  errors_by_10s: tenSeconds,
  traffic_by_10s: tenSeconds,
  errors_by_minute: minutes,
  traffic_by_minute: minutes,
  codes_by_minute: minutes,
  errors_by_hour: hours,
  traffic_by_hour: hours,
  codes_by_hour: hours,
})

const DAY = 86_400_000

/** The oldest day (since 1970) that a table still has to have; 0 when it keeps everything. */
export const oldestDay = (retention: Retention, table: string, now: number): number =>
  retention[table] === undefined ? 0 : Math.floor(now / DAY) - retention[table]

/** A partition by day is named by its date, as 20261121. */
const partitionOf = (day: number): string =>
  new Date(day * DAY).toISOString().slice(0, 10).replaceAll('-', '')

export const isExpired = (retention: Retention, table: string, partition: string, now: number): boolean =>
  retention[table] !== undefined && partition < partitionOf(oldestDay(retention, table, now))

/** Drops the days that nobody promised to keep; answers which. */
export async function expire(client: Client, retention: Retention, now: number): Promise<string[]> {
  const parts = await client.query(
    'SELECT DISTINCT table, partition_id FROM system.parts WHERE active AND database = currentDatabase() ORDER BY table, partition_id',
  )
  const dropped: string[] = []
  for (const { table, partition_id: partition } of parts as { table: string; partition_id: string }[]) {
    if (!isExpired(retention, table, partition, now)) continue
    await client.command(`ALTER TABLE ${table} DROP PARTITION ID '${partition}'`)
    dropped.push(`${table} ${partition}`)
  }
  return dropped
}
