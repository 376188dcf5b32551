import { afterAll, describe, expect, test } from 'vitest'
import { blockStore } from '../../services/store/blocks/block-store.ts'
import { insertBlock } from '../../services/store/blocks/insert.ts'
import { openStore } from '../../services/store/connect/open.ts'
import { migrate, pendingMigrations } from '../../services/store/migrate.ts'
import { startAddress } from './address.ts'
import { blockOf, SMALL } from './block-of.ts'
import { ledgerMustBe, ledgerOf } from './ledger.ts'
import { SERVER, startServer } from './server.ts'
import { checkOf, KEEP } from './temp-store.ts'

// The same code as on the embedded store, over HTTP.

const server = await startServer()
const address = await startAddress(server.url)
const clickhouse = { ...server, url: address.url }
const store = await openStore({ data: '/nowhere', memoryBytes: 0, clickhouse })
afterAll(async () => {
  await store.close()
  await address.close()
  await server.close()
})
const { writer } = store
const blocks = blockStore(writer, KEEP, () => {}, store.writers)
const block = blockOf('topic-3:7', 40, [SMALL, { ...SMALL, seed: 2, days: ['2026-11-19', '2026-11-20'] }])
const insert = async () => {
  for (const table of block.tables) {
    const { origin, first, end } = block
    expect(await blocks.insert(table, block.native(table), `${origin}:${first}-${end}:${table}`)).toEqual({
      status: 'done',
    })
  }
}
const exact = async () =>
  expect(await ledgerOf(store.reader.query)).toEqual(await ledgerMustBe(store.reader.query, [block]))

describe(SERVER, () => {
  test('gets the database and the schema', async () => {
    await migrate(writer)
    expect(await pendingMigrations(writer)).toEqual([])
    expect(await writer.query('SELECT currentDatabase() AS name')).toEqual([{ name: server.database }])
  })

  test('has a block once, however often it is inserted', async () => {
    await insert()
    await exact()
    await insert()
    await exact()
  })

  test('is mended', async () => {
    await writer.command('ALTER TABLE errors DELETE WHERE origin_offset = 41 SETTINGS mutations_sync = 2')
    await writer.command('TRUNCATE TABLE traffic_by_hour')
    expect(await blocks.mend(checkOf(block))).toEqual({ status: 'done' })
    await exact()
  })

  test('says by numbers whether to try again', async () => {
    const native = Buffer.concat(block.native('errors'))
    const torn = await insertBlock(writer, 'errors', [native.subarray(0, native.length - 50)], 'torn')
    expect(torn.status).toBe('reject')
    await writer.command('RENAME TABLE attempts TO away')
    const missing = await blocks.insert('attempts', block.native('attempts'), 'topic-3:7:1-2:attempts')
    expect(missing).toMatchObject({
      status: 'retry',
      error: {
        message: expect.stringMatching(/attempts.* does not exist.*put it back, or run `telltale migrate`/s),
      },
    })
    await writer.command('RENAME TABLE away TO attempts')
    await exact()
  })

  test('that breaks off is asked again', async () => {
    address.breakNext()
    expect((await insertBlock(writer, 'traffic', block.native('traffic'), 'broken')).status).toBe('retry')
    await insert()
    expect(await blocks.mend(checkOf(block))).toEqual({ status: 'done' })
    await exact()
  })

  test('takes parameters apart from the statement', async () => {
    const text = "it's; DROP TABLE errors\n\t\\ {x:String}"
    expect(await store.reader.query('SELECT {text:String} AS text', { text })).toEqual([{ text }])
    expect(address.statements.at(-1)).toContain('SELECT {text:String}')
    expect(address.statements.at(-1)).not.toContain('DROP')
  })
})
