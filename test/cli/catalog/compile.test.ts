import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseCatalogs } from '../../../services/instrumentation/catalogs.ts'
import { telltale } from '../run-cli.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-compile-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
mkdirSync(join(cwd, 'mine'))
writeFileSync(
  join(cwd, 'mine/shop.yaml'),
  'provider: shop\nmatch: { hosts: [api.shop.example] }\ncodes: [{ code: SOLD_OUT, retry: never }]\n',
)

const compile = (args: string[], catalogs = 'mine') =>
  telltale(['catalog', 'compile', ...args], { cwd, env: { TELLTALE_CATALOGS: catalogs } })

test('prints built-in and own catalogs, or writes them', async () => {
  const printed = await compile([])
  expect([printed.code, printed.stderr]).toEqual([0, ''])
  const providers = parseCatalogs(printed.stdout)?.catalogs.map(({ provider }) => provider)
  expect(providers).toEqual(expect.arrayContaining(['session-api', 'shop']))

  const written = await compile(['--out', 'catalogs.json'])
  expect([written.code, written.stdout]).toEqual([0, ''])
  expect(written.stderr).toMatch(/^telltale: \d+ catalogs with \d+ codes in catalogs\.json\n$/)
  expect(readFileSync(join(cwd, 'catalogs.json'), 'utf8')).toBe(printed.stdout)
})

test('a catalog that cannot be read, a directory that is not there, a file that cannot be written', async () => {
  mkdirSync(join(cwd, 'broken'))
  writeFileSync(join(cwd, 'broken/a.yaml'), 'provider: A\ncodes: []\n')
  const broken = await compile([], 'broken')
  expect([broken.code, broken.stdout]).toEqual([1, ''])
  expect(broken.stderr).toMatch(/broken\/a\.yaml:1: provider: lower-case letters/)
  expect((await compile([], 'nowhere')).code).toBe(1)
  const unwritable = await compile(['--out', 'no/such/directory.json'])
  expect([unwritable.code, unwritable.stderr]).toEqual([
    1,
    expect.stringMatching(/cannot write no\/such\/directory\.json/),
  ])
})
