import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../../services/store/client.ts'
import { type Embedded, openEmbedded } from '../../services/store/connect/embedded.ts'
import { migrate } from '../../services/store/migrate.ts'
import { soleWriter } from '../../services/store/turns/writers.ts'
import { rowsOf } from '../../services/store/upkeep/backup.ts'
import { nothingUnsettled } from '../../services/store/upkeep/unsettled.ts'
import { createUpkeep } from '../../services/store/upkeep/upkeep.ts'

// What `backup` and `restore` do end to end is in test/cli.

const above = mkdtempSync(join(tmpdir(), 'telltale-backup-'))
/** A name that would end a text of SQL. */
const data = join(above, "it's here")
const backups = join(data, 'backups')
let engine: Embedded
let client: Client
beforeAll(async () => {
  mkdirSync(join(data, 'journal'), { recursive: true })
  engine = await openEmbedded(data, 'telltale', 1e9)
  client = await engine.connect()
  await migrate(client)
})
afterAll(async () => {
  await client.close()
  await engine.close()
  rmSync(above, { recursive: true })
})
const upkeep = () =>
  createUpkeep({
    client,
    stream: engine.stream,
    inTurn: soleWriter(client, data).inTurn,
    retention: {},
    unsettled: nothingUnsettled({}),
    embedded: { data, database: 'telltale' },
    incoming: async () => ({ between: { run: (work) => work() }, stored: async () => true }),
  })

test('a directory with a quote in its name is backed up like any other', async () => {
  const made = await upkeep().backUp()
  expect(readdirSync(made!.directory).sort()).toEqual(['journal', 'manifest.json', 'store'])
})

test('what a kill left of an earlier one goes; whole ones stay', async () => {
  const whole = readdirSync(backups)
  mkdirSync(join(backups, 'cut-short', 'store'), { recursive: true })
  const made = await upkeep().backUp()
  expect(readdirSync(backups).sort()).toEqual([...whole, made!.directory.slice(backups.length + 1)].sort())
})

test('one at a time: each is as large as the store', async () => {
  const before = readdirSync(backups).length
  const { backUp } = upkeep()
  const made = await Promise.all([backUp(), backUp(), backUp()])
  expect(made.filter((one) => one !== null)).toHaveLength(1)
  expect(readdirSync(backups)).toHaveLength(before + 1)
  expect(await backUp()).not.toBeNull()
})

test('of a backup of an older version, the tables are counted that it counted', async () => {
  await client.command('RENAME TABLE erased_records TO away')
  try {
    expect(await rowsOf(client, ['errors', 'codes'])).toEqual({ errors: 0, codes: 0 })
  } finally {
    await client.command('RENAME TABLE away TO erased_records')
  }
})
