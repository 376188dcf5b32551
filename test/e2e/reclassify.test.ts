import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { telltale } from '../cli/run-cli.ts'
import { report } from '../cli/spans.ts'
import { eventually, startUp, type Up } from './up.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-reclassify-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
const CALLS = 40
const KILLS = 3
const HOUR_MS = 3_600_000

interface Rows {
  data: { standing: string }[]
}
interface Series {
  data: { key: string; points: [number, number][] }[]
}

/** How often each verdict, by the rows and by the rollups of several levels. */
async function verdicts(up: Up) {
  const ask = (path: string) => fetch(`${up.url}${path}`).then((response) => response.json())
  const tally = (list: [string, number][]) => {
    const sums: Record<string, number> = {}
    for (const [key, n] of list) sums[key] = (sums[key] ?? 0) + n
    return sums
  }
  const { data: rows } = (await ask('/api/v1/errors?provider=shop&from=-3d&limit=1000')) as Rows
  const series = async (filter: string) =>
    ((await ask(`/api/v1/timeseries?by=standing&provider=shop&from=-3d${filter}`)) as Series).data
  const sums = (list: Series['data']) =>
    tally(list.map(({ key, points }) => [key, points.reduce((sum, [, n]) => sum + n, 0)]))
  return {
    rows: tally(rows.map(({ standing }) => [standing, 1])),
    codes: sums(await series('')),
    services: sums(await series('&service=checkout')),
  }
}

test(`${KILLS} kills in the middle of it: rows and counts agree after each, and asking again finishes it`, async () => {
  const catalogs = join(cwd, 'catalogs')
  mkdirSync(catalogs)
  const put = (codes: string) =>
    writeFileSync(join(catalogs, 'shop.yaml'), `provider: shop\ncodes: [${codes}]\n`)
  const start = () => startUp(join(cwd, 'data'), { flags: ['--catalogs', catalogs] })
  put('')
  let up = await start()
  try {
    await report(
      up.otlpUrl,
      Array.from({ length: CALLS }, (_, n) => ({
        provider: 'shop',
        code: `CODE_${n % 4}`,
        status: 409,
        agoMs: n * HOUR_MS,
      })),
    )
    await eventually(async () => (await verdicts(up)).rows.unknown === CALLS || undefined, 'the rows')
    for (let kill = 0; kill < KILLS; kill++) {
      // Each time another code is known, so that each time there is something to do.
      put(Array.from({ length: kill + 1 }, (_, n) => `{ code: CODE_${n}, retry: never }`).join(', '))
      await up.stop()
      up = await start()
      const asked = fetch(`${up.url}/api/v1/reclassifications`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ provider: 'shop', from: '-3d' }),
      }).catch(() => null)
      // Not luck: wherever it strikes, all must be right.
      await delay(Math.random() * 600)
      up.process.kill('SIGKILL')
      await Promise.all([asked, once(up.process, 'exit')])
      up = await start()
      const { rows, codes, services } = await verdicts(up)
      expect([codes, services]).toEqual([rows, rows])
      expect(Object.values(rows).reduce((sum, n) => sum + n, 0)).toBe(CALLS)
    }
    const ran = await telltale(['reclassify', '--provider', 'shop', '--from', '-3d', '--url', up.url], {
      cwd,
    })
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(ran.stdout).toMatch(
      /^(\d+ rows of shop in \d days have another verdict now|Nothing to change of shop)/,
    )
    const must = { known: (CALLS / 4) * KILLS, unknown: CALLS / 4 }
    expect(await verdicts(up)).toEqual({ rows: must, codes: must, services: must })
  } finally {
    await up.stop()
  }
}, 120_000)
