import { afterAll, describe, expect, test } from 'vitest'
import { TABLE_NAMES, TABLES } from '../../services/contract/tables.ts'
import { migrate, migrations, pendingMigrations } from '../../services/store/migrate.ts'
import { blockOf, SMALL } from './block-of.ts'
import { ledgerMustBe, ledgerOf } from './ledger.ts'
import { temporaryStore } from './temp-store.ts'

const store = await temporaryStore()
const { client } = store
afterAll(async () => {
  await store.close()
  store.remove()
})

describe('the schema', () => {
  test.each(TABLE_NAMES)('has %s with the columns that are inserted, in their order', async (table) => {
    const columns = await client.query(`DESCRIBE TABLE ${table}`)
    expect(columns.map(({ name, type }) => ({ name, type }))).toEqual(
      TABLES[table].map(({ name, type }) => ({ name, type })),
    )
  })

  test('has the tables that others rely on', async () => {
    const tables = (
      await client.query('SELECT name FROM system.tables WHERE database = currentDatabase()')
    ).map(({ name }) => name)
    const steps = ['10s', 'minute', 'hour', 'day']
    expect(tables).toEqual(
      expect.arrayContaining([
        ...TABLE_NAMES,
        ...steps.flatMap((step) => [`errors_by_${step}`, `traffic_by_${step}`]),
        ...[
          'requests',
          'codes',
          'codes_by_minute',
          'codes_by_hour',
          'alerts',
          'dead_letters',
          'tokens',
          'schema_migrations',
        ],
      ]),
    )
  })

  test('remembers inserts and syncs them in every table that an insert reaches', async () => {
    const tables = await client.query(
      `SELECT name, create_table_query AS ddl FROM system.tables
       WHERE database = currentDatabase() AND (name IN ('errors', 'attempts', 'traffic', 'quota_samples')
         OR match(name, '_by_(10s|minute|hour|day)$') OR name IN ('requests', 'codes'))
         AND engine LIKE '%MergeTree'`,
    )
    expect(tables.length).toBe(16)
    for (const { name, ddl } of tables)
      for (const setting of [
        'non_replicated_deduplication_window = 10000',
        'fsync_after_insert = 1',
        'fsync_part_directory = 1',
      ])
        expect(`${name}: ${String(ddl)}`).toContain(setting)
  })
})

describe('migrations', () => {
  test('have each a number of their own, and are applied in their order', () => {
    const versions = migrations().map(({ version }) => version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
    expect(versions[0]).toBe(1)
  })
  test('have nothing left to do, and do nothing again', async () => {
    expect(await pendingMigrations(client)).toEqual([])
    expect(await migrate(client)).toEqual([])
  })
  test('go through again where they were cut short, and change no data', async () => {
    const block = blockOf('journal', 0, [SMALL])
    await store.insert(block)
    const before = await ledgerOf(client.query)
    await client.command('TRUNCATE TABLE schema_migrations')
    expect((await pendingMigrations(client)).length).toBe(migrations().length)
    expect((await migrate(client)).length).toBe(migrations().length)
    expect(await ledgerOf(client.query)).toEqual(before)
    await store.insert(block)
    expect(await ledgerOf(client.query)).toEqual(await ledgerMustBe(client.query, [block]))
  })
  test('say what they would do without doing it', async () => {
    await client.command('CREATE DATABASE elsewhere')
    const other = await store.embedded.connect()
    await other.command('USE elsewhere')
    const pending = await pendingMigrations(other)
    expect(pending.flatMap(({ statements }) => statements).length).toBeGreaterThan(20)
    expect(await other.query('SHOW TABLES')).toEqual([])
    await other.close()
  })
  test('refuse a store that a newer version has written', async () => {
    await client.command("INSERT INTO schema_migrations (version, name) VALUES (9999, 'future')")
    await expect(migrate(client)).rejects.toMatchObject({ code: 'schema_newer' })
  })
})
