import type { TurnClient } from '../turns/writers.ts'
import type { Derived } from './derived.ts'

/** A day of a table that views feed, built anew from the base tables. */
export async function rebuild(
  client: TurnClient,
  { table, byDay, columns, select }: Derived,
  day: string,
): Promise<void> {
  const partition = byDay ? `'${day}'` : day.slice(0, 7).replace('-', '')
  await inPlace(client, table, partition, async (beside) => {
    const insert = `INSERT INTO ${beside} (${columns}) SETTINGS insert_deduplicate = 0`
    await client.command(`${insert} ${select(`'${day}'`)}`)
    // A table of days has a partition a month: its other days go along.
    if (!byDay)
      await client.command(
        `${insert} SELECT ${columns} FROM ${table} WHERE toYYYYMM(ts) = ${partition} AND toDate(ts) != '${day}'`,
      )
  })
}

/** A day of a base table, made anew. */
export const rebuildRows = (
  client: TurnClient,
  table: string,
  day: string,
  fill: (beside: string) => Promise<void>,
): Promise<void> => inPlace(client, table, `'${day}'`, fill)

/**
 * Beside the table, then put in its place in one step: nobody sees a day missing, and the views below the table, which
 * an INSERT would run, have nothing to do with it. Whoever takes our turn over drops the table beside, so the step
 * fails if we are late with it; and that the table was not made after that is looked at once it is there.
 */
async function inPlace(
  client: TurnClient,
  table: string,
  partition: string,
  fill: (beside: string) => Promise<void>,
): Promise<void> {
  const beside = `${table}_${client.tag}`
  const drop = () => client.command(`DROP TABLE IF EXISTS ${beside} SYNC`)
  await drop()
  await client.requireRoom(await bytesOf(client, table, partition))
  await client.command(`CREATE TABLE ${beside} AS ${table}`)
  try {
    await replace(client, table, partition, beside, fill)
  } catch (error) {
    // On a disk that got full, this makes room again.
    await drop().catch(() => {})
    throw error
  }
  await client.command(`DROP TABLE ${beside} SYNC`)
}

async function bytesOf(client: TurnClient, table: string, partition: string): Promise<number> {
  const [found] = await client.query(
    `SELECT sum(bytes_on_disk) AS bytes FROM system.parts
     WHERE active AND database = currentDatabase() AND table = '${table}' AND partition_id = replaceAll(toString(${partition}), '-', '')`,
  )
  return Number(found?.bytes ?? 0)
}

async function replace(
  client: TurnClient,
  table: string,
  partition: string,
  beside: string,
  fill: (beside: string) => Promise<void>,
): Promise<void> {
  await client.stillOurs()
  await fill(beside)
  const [parts] = await client.query(
    `SELECT count() AS n FROM system.parts WHERE active AND database = currentDatabase() AND table = '${beside}'`,
  )
  // The engine refuses to replace something with nothing.
  await client.command(
    Number(parts?.n) === 0
      ? `ALTER TABLE ${table} MOVE PARTITION ${partition} TO TABLE ${beside}`
      : `ALTER TABLE ${table} REPLACE PARTITION ${partition} FROM ${beside}`,
  )
}
