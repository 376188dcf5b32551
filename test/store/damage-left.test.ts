import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repair } from '../../services/store/upkeep/damage.ts'
import { erase } from '../../services/store/upkeep/erase.ts'
import { blockOf, SMALL } from './block-of.ts'
import { KEEP, temporaryStore } from './temp-store.ts'

const NOW = Date.now()
const DAY = new Date(NOW - 86_400_000).toISOString().slice(0, 10)

test('what the engine left of dropping one, or somebody put there, keeps no other part from being made good', {
  timeout: 60_000,
}, async () => {
  const store = await temporaryStore()
  const { client } = store
  await store.insert(blockOf('journal', 1, [{ ...SMALL, seed: 1, days: [DAY] }]))
  const [part] = await client.query(
    `SELECT path, name FROM system.parts WHERE active AND database = currentDatabase() AND table = 'traffic_by_hour' LIMIT 1`,
  )
  const path = String(part!.path)
  const detached = join(path, '..', 'detached')
  for (const why of ['deleting', 'attaching', 'broken-on-start', 'covered-by-broken', 'ignored', 'clone'])
    cpSync(path, join(detached, `${why}_${part!.name}`), { recursive: true })
  mkdirSync(join(detached, 'by hand'))
  const left = await store.inTurn((alone) => repair(alone, KEEP, NOW))
  expect(left.map(({ name }) => name)).toEqual([`attaching_${part!.name}`, 'by hand'])
  expect(readdirSync(detached).sort()).toEqual([
    `attaching_${part!.name}`,
    'by hand',
    `deleting_${part!.name}`,
  ])
  await store.close()
  store.remove()
})

test('rows that are missing are told of still when the index of ids was made anew', {
  timeout: 60_000,
}, async () => {
  const store = await temporaryStore()
  const { client } = store
  for (const seed of [1, 2]) await store.insert(blockOf('journal', seed, [{ ...SMALL, seed, days: [DAY] }]))
  const [part] = await client.query(
    `SELECT name FROM system.parts WHERE active AND database = currentDatabase() AND table = 'attempts' ORDER BY rows DESC LIMIT 1`,
  )
  await client.command(`ALTER TABLE attempts DETACH PART '${part!.name}'`)
  const mended = () => store.inTurn((alone) => repair(alone, KEEP, NOW))
  const left = await mended()
  expect(left.map(({ table }) => table)).toEqual(['attempts'])
  const [row] = await client.query("SELECT consumer FROM errors WHERE consumer != '' LIMIT 1")
  await erase(client, { kind: 'consumer', value: String(row!.consumer) }, store.inTurn)
  expect(await mended()).toEqual(left)
  await store.close()
  store.remove()
})
