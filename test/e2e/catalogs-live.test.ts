import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { report } from '../cli/spans.ts'
import { eventually, startUp } from './up.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-live-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

interface Listed {
  data: { code: string; standing: string; count: number }[]
}

test('a catalog that is saved counts from then on; rows that are stored keep the verdict of their time', async () => {
  const catalogs = join(cwd, 'catalogs')
  mkdirSync(catalogs)
  const put = (text: string) => writeFileSync(join(catalogs, 'shop.yaml'), text)
  put('provider: shop\ncodes: []\n')
  const up = await startUp(join(cwd, 'data'), { flags: ['--catalogs', catalogs] })
  try {
    const ask = (path: string) => fetch(`${up.url}${path}`).then((response) => response.json())
    const standings = async () =>
      ((await ask('/api/v1/errors?provider=shop')) as Listed).data.map(({ standing }) => standing)
    const call = { provider: 'shop', code: 'SOLD_OUT', status: 409 }
    await report(up.otlpUrl, [call])
    await eventually(async () => ((await standings()).length === 1 ? true : undefined), 'the first row')

    put('provider: shop\ncodes: [{ code: SOLD_OUT, http: [409], retry: never, meaning: Nothing left. }]\n')
    await eventually(async () => {
      const { data } = (await ask('/api/v1/catalogs/shop')) as { data: { codes: unknown[] } }
      return data.codes.length === 1 ? true : undefined
    }, 'the new catalog')
    await report(up.otlpUrl, [call])
    await eventually(async () => ((await standings()).length === 2 ? true : undefined), 'the second row')
    expect((await standings()).sort()).toEqual(['known', 'unknown'])

    put('provider: shop\ncodes: 7\n')
    await eventually(async () => up.said().includes('shop.yaml:2: codes: ') || undefined, 'the problem')
    expect((await fetch(`${up.url}/readyz`)).status).toBe(200)
  } finally {
    expect(await up.stop()).toBe(0)
  }
})
