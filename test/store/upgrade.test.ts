import { afterAll, expect, test } from 'vitest'
import { migrate, migrations, pendingMigrations } from '../../services/store/migrate.ts'
import { codes } from '../../services/store/queries/codes.ts'
import { erasures } from '../../services/store/queries/erasures.ts'
import { EXPORT_TABLES, exportSql } from '../../services/store/queries/export.ts'
import { lookup } from '../../services/store/queries/lookup.ts'
import { quotas } from '../../services/store/queries/quotas.ts'
import { timeseries } from '../../services/store/queries/timeseries.ts'
import { unknownCodes } from '../../services/store/queries/unknown.ts'
import { blockOf, SMALL } from './block-of.ts'
import { ledgerMustBe, ledgerOf } from './ledger.ts'
import { temporaryStore } from './temp-store.ts'

const store = await temporaryStore()
const { client } = store
afterAll(async () => {
  await store.close()
  store.remove()
})
const from = new Date('2026-11-20T00:00:00Z')
const to = new Date('2026-11-21T00:00:00Z')

test.each(
  migrations()
    .slice(0, -1)
    .map(({ version }) => version),
)(
  'a store of schema %i with rows in it is brought up, keeps them, and answers every question',
  async (version) => {
    const database = `since_${version}`
    await client.command(`CREATE DATABASE ${database}`)
    await client.command(`USE ${database}`)
    await client.command(
      'CREATE TABLE schema_migrations (version UInt32, name String, applied_at DateTime64(3) DEFAULT now64(3)) ENGINE = MergeTree ORDER BY version',
    )
    for (const old of migrations().filter((migration) => migration.version <= version)) {
      for (const statement of old.statements) await client.command(statement)
      await client.command(
        `INSERT INTO schema_migrations (version, name) VALUES (${old.version}, '${old.name}')`,
      )
    }
    const block = blockOf('journal', 0, [SMALL])
    await store.insert(block)
    const before = await ledgerOf(client.query)

    expect((await migrate(client)).map((migration) => migration.version)).toEqual(
      migrations()
        .filter((migration) => migration.version > version)
        .map((migration) => migration.version),
    )
    expect(await pendingMigrations(client)).toEqual([])
    expect(await ledgerOf(client.query)).toEqual(before)
    await store.mend(block)
    expect(store.notices).toEqual([])
    const next = blockOf('journal', 1, [{ ...SMALL, seed: 2 }])
    await store.insert(next)
    expect(await ledgerOf(client.query)).toEqual(await ledgerMustBe(client.query, [block, next]))

    expect((await codes(client.query, { from, to, limit: 10 })).rows.length).toBeGreaterThan(0)
    expect((await timeseries(client.query, { from, to, by: 'code', step: 3600 })).length).toBeGreaterThan(0)
    const [row] = await client.query("SELECT any(request_id) AS id FROM errors WHERE request_id != ''")
    expect((await lookup(client.query, String(row!.id))).length).toBeGreaterThan(0)
    await unknownCodes(client.query, { from, to, limit: 10 })
    await quotas(client.query, { from, to, limit: 10 })
    expect(await erasures(client.query)).toEqual([])
    for (const table of EXPORT_TABLES) await client.query(exportSql({ table, from, to }))
  },
)
