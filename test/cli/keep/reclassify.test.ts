import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startUp } from '../../e2e/up.ts'
import { skipUnlessNothingRuns, telltale } from '../run-cli.ts'
import { report } from '../spans.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-reclassify-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

test('a store that nobody runs, with catalogs that are in order or not', async ({ skip }) => {
  await skipUnlessNothingRuns(skip)
  mkdirSync(join(cwd, 'catalogs'))
  const up = await startUp(join(cwd, 'data'))
  await report(up.otlpUrl, [{ provider: 'shop', code: 'SOLD_OUT', status: 409 }])
  expect(await up.stop()).toBe(0)

  const run = (...args: string[]) =>
    telltale([...args, '--data', 'data'], { cwd, env: { TELLTALE_CATALOGS: 'catalogs' } })
  const reclassify = (provider: string, from: string) =>
    run('reclassify', '--provider', provider, '--from', from)
  expect(await reclassify('shop', '-1h')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/no catalog of shop to judge by/),
  })
  writeFileSync(
    join(cwd, 'catalogs/shop.yaml'),
    'provider: shop\ncodes: [{ code: SOLD_OUT, retry: never }]\n',
  )
  expect(await reclassify('shop', '-1h')).toMatchObject({
    code: 0,
    stdout: '1 rows of shop in 1 days have another verdict now.\n',
  })
  expect((await reclassify('shop', '-1h')).stdout).toMatch(/^Nothing to change of shop since /)
  const { stdout } = await run('codes', '--json')
  expect(JSON.parse(stdout)).toMatchObject([
    { code: 'SOLD_OUT', standing: 'known', retry: 'never', count: 1 },
  ])
  expect(await reclassify('shop', 'soon')).toMatchObject({ code: 2, stdout: '' })
})
