import { existsSync, readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkStore } from '../../services/cli/doctor/store.ts'
import { loadConfig } from '../../services/config.ts'
import { partsSetAside } from '../../services/store/connect/set-aside.ts'
import { DERIVED } from '../../services/store/derived/derived.ts'
import { damageText, repair } from '../../services/store/upkeep/damage.ts'
import { startUp } from '../e2e/up.ts'
import { blockOf, SMALL } from './block-of.ts'
import { KEEP, temporaryStore } from './temp-store.ts'

// What a power cut leaves of a part: files that are there and empty.

const NOW = Date.now()
const DAYS = [2, 1].map((ago) => new Date(NOW - ago * 86_400_000).toISOString().slice(0, 10))
const [EARLIER, LATER] = DAYS.map((day) => day.replaceAll('-', '')) as [string, string]
const contents = (seed: number) => [{ ...SMALL, seed, days: DAYS }]

test('a part that cannot be read is made again where it was derived, and told of where it held rows', {
  timeout: 60_000,
}, async () => {
  let store = await temporaryStore()
  const { directory } = store
  for (const seed of [1, 2]) await store.insert(blockOf('journal', seed, contents(seed)))
  const mended = () => store.inTurn((alone) => repair(alone, KEEP, NOW))
  const dates = DAYS.map((day) => `'${day}'`).join(', ')
  const disagree = async () => {
    const tables: string[] = []
    for (const { table, holds, must } of DERIVED) {
      const [has, needs] = [
        await store.client.query(`${holds(dates)} ORDER BY day`),
        await store.client.query(`${must(dates)} ORDER BY day`),
      ]
      if (JSON.stringify(has) !== JSON.stringify(needs)) tables.push(table)
    }
    return tables
  }
  const count = async () => Number((await store.client.query('SELECT count() AS n FROM errors'))[0]!.n)
  async function reopenedWithout(table: string, partition: string) {
    await store.client.command(`OPTIMIZE TABLE ${table} FINAL`)
    const [part] = await store.client.query(
      `SELECT path FROM system.parts WHERE active AND database = currentDatabase() AND table = '${table}' AND partition_id = '${partition}'`,
    )
    await store.close()
    for (const file of readdirSync(String(part!.path))) truncateSync(join(String(part!.path), file))
    // Not what it was merged from: that would be taken instead.
    const { base, name } = /^(?<base>.*\/)(?<name>[^/]+)\/$/.exec(String(part!.path))!.groups!
    for (const other of readdirSync(base!))
      if (other.startsWith(`${partition}_`) && other !== name)
        for (const file of readdirSync(join(base!, other))) truncateSync(join(base!, other, file))
    store = await temporaryStore(directory)
  }
  const rows = await count()
  expect(rows).toBeGreaterThan(0)

  for (const [table, partition] of [
    ['traffic_by_hour', EARLIER],
    ['requests', LATER],
    ['codes', LATER.slice(0, 6)],
  ] as const) {
    await reopenedWithout(table, partition)
    expect(await disagree()).toEqual([table])
    expect((await partsSetAside(store.client)).map((part) => part.table)).toContain(table)
    expect(await mended()).toEqual([])
    expect(await partsSetAside(store.client)).toEqual([])
    expect(await disagree()).toEqual([])
  }

  await reopenedWithout('errors', EARLIER)
  expect(await count()).toBe(rows / 2)
  const left = await mended()
  expect(new Set(left.map(({ table, partition }) => `${table} ${partition}`))).toEqual(
    new Set([`errors ${EARLIER}`]),
  )
  expect(damageText(left)).toMatch(/could not read .* of errors and set .* aside .*restore a backup/)
  expect(existsSync(left[0]!.path)).toBe(true)
  // What was counted of those rows is not made less by mending.
  const [before] = await store.client.query('SELECT sum(count) AS n FROM errors_by_minute')
  await store.mend(blockOf('journal', 2, contents(2)))
  const [after] = await store.client.query('SELECT sum(count) AS n FROM errors_by_minute')
  expect(after).toEqual(before)
  await store.close()

  const up = await startUp(directory)
  const ready = await fetch(`${up.url}/readyz`)
  expect(ready.status).toBe(503)
  expect(await ready.text()).toMatch(/store: the engine could not read .* of errors and set it aside/)
  expect(await (await fetch(`${up.url}/metrics`)).text()).toMatch(
    /^telltale_store_broken_parts\{table="errors"\} \d/m,
  )
  expect(await up.stop()).toBe(0)
  const { findings } = await checkStore(loadConfig({ flags: { data: directory }, env: {} }).config)
  expect(findings).toContainEqual(expect.objectContaining({ check: 'parts', status: 'fail' }))
  store.remove()
})
