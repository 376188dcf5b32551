import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openEmbedded } from '../../services/store/connect/embedded.ts'
import { nothingUnsettled } from '../../services/store/upkeep/unsettled.ts'
import { createUpkeep } from '../../services/store/upkeep/upkeep.ts'
import { fillDisk, NO_SMALL_DISK, smallDisk } from '../small-disk.ts'
import { blockOf, SMALL } from './block-of.ts'
import { temporaryStore } from './temp-store.ts'

const disk = smallDisk(96)
afterAll(() => disk.remove('lazily'))

test('what rewrites days does not begin on a full disk, and a note that was cut short keeps no store shut', {
  timeout: 60_000,
}, async ({ skip }) => {
  skip(!disk.mounted, NO_SMALL_DISK)
  const data = join(disk.directory, 'data')
  const ballast = join(disk.directory, 'ballast')
  mkdirSync(join(data, 'journal'), { recursive: true })
  const store = await temporaryStore(data)
  await store.insert(blockOf('journal', 0, [{ ...SMALL, days: ['2026-11-19', '2026-11-20'], errors: 400 }]))
  const { client, inTurn, retention } = store
  const upkeep = createUpkeep({
    client,
    stream: store.embedded.stream,
    inTurn,
    retention,
    unsettled: nothingUnsettled(retention),
    embedded: { data, database: 'telltale' },
    incoming: async () => ({ between: { run: (work) => work() }, stored: async () => true }),
  })
  const count = async () =>
    Number((await client.query('SELECT count() AS n FROM errors'))[0]!.n) +
    Number((await client.query('SELECT sum(count) AS n FROM errors_erased'))[0]!.n)
  const mutations = () => client.query('SELECT mutation_id FROM system.mutations WHERE NOT is_done')
  const rows = await count()
  const [some] = await client.query(
    "SELECT consumer, any(provider) AS provider FROM errors WHERE consumer != '' GROUP BY consumer LIMIT 1",
  )
  const consumer = { kind: 'consumer' as const, value: String(some!.consumer) }
  const reclassification = {
    provider: String(some!.provider),
    from: new Date('2026-11-01'),
    verdict: () => ({ retry: 'backoff', retryable: true, standing: 'known', class: 'conflict' }) as const,
  }

  fillDisk(ballast)
  const refused = { code: 'disk_full', message: expect.stringMatching(/ \d+ MiB more must be free/) }
  await expect(upkeep.reclassify(reclassification)).rejects.toMatchObject(refused)
  await expect(upkeep.backUp()).rejects.toMatchObject(refused)
  await expect(upkeep.erase(consumer)).rejects.toMatchObject(refused)
  expect(await mutations()).toEqual([])
  expect(await count()).toBe(rows)

  rmSync(ballast)
  expect((await upkeep.erase(consumer))!.rows.errors).toBeGreaterThan(0)
  expect((await upkeep.reclassify(reclassification))!.left).toEqual([])
  expect(await upkeep.backUp()).not.toBeNull()
  expect(await count()).toBe(rows)

  const [path] = await client.query(
    "SELECT data_paths[1] AS path FROM system.tables WHERE database = 'telltale' AND name = 'errors_erased'",
  )
  await store.close()
  for (const [name, text] of [
    ['mutation_9998.txt', ''],
    ['mutation_9999.txt', 'format version: 1\ncreate time: 2026-11-20'],
  ] as const)
    writeFileSync(join(String(path!.path), name), text)
  const notices: { files?: string[] }[] = []
  const again = await openEmbedded(data, 'telltale', 700_000_000, (_message, details) =>
    notices.push(details),
  )
  const reader = await again.connect()
  expect(notices.map(({ files }) => files?.length)).toEqual([2])
  const [found] = await reader.query(
    'SELECT (SELECT count() FROM errors) + (SELECT sum(count) FROM errors_erased) AS n',
  )
  expect(Number(found!.n)).toBe(rows)
  await reader.close()
  await again.close()
})
