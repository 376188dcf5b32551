import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseCatalog } from '../../../services/catalog/parse.ts'
import { telltale } from '../run-cli.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-import-'))
afterAll(() => rmSync(cwd, { recursive: true }))
writeFileSync(
  join(cwd, 'Shop errors.md'),
  '# Errors\n\n| Code | HTTP | Retry |\n|---|---|---|\n| too_fast | 429 | yes |\n| 1001 | 404 | no |\n',
)
const run = (...args: string[]) => telltale(['catalog', 'import', ...args], { cwd })

test('prints a catalog that loads, named after the file', async () => {
  const { code, stdout, stderr } = await run('Shop errors.md')
  expect([code, stderr]).toEqual([0, 'telltale: 2 codes, retry stated for 2; 0 notes to check.\n'])
  const parsed = parseCatalog(stdout, 'printed')
  expect(parsed).toMatchObject({
    catalog: {
      provider: 'shop-errors',
      codes: [
        { code: 'too_fast', retry: 'after_wait' },
        { code: '1001', http: [404] },
      ],
    },
  })
})

test('--json and --provider', async () => {
  const { code, stdout } = await run('Shop errors.md', '--json', '--provider', 'shop')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    provider: 'shop',
    format: 'md',
    codes: [
      { code: 'too_fast', http: [429], retry: 'after_wait', retryable: true, retry_is: 'stated', line: 5 },
      { retry: 'never' },
    ],
    notes: [],
  })
})

test('a page without any code is a failure, and says what to try', async () => {
  writeFileSync(join(cwd, 'about.md'), '# About us\n\nWe are a shop.\n')
  expect(await run('about.md')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/no code found\. Pass .*--format/s),
  })
  const { code, stdout } = await run('about.md', '--json')
  expect([code, JSON.parse(stdout).codes]).toEqual([1, []])
})

test('wrong use and files that cannot be read', async () => {
  writeFileSync(join(cwd, 'binary.bin'), Buffer.from([0, 1, 2, 3, 0, 0, 255, 254]))
  expect(await run('Shop errors.md', '--provider', 'No Such')).toMatchObject({ code: 2, stdout: '' })
  expect(await run('Shop errors.md', '--format', 'pdf')).toMatchObject({ code: 2, stdout: '' })
  expect(await run('missing.md')).toMatchObject({ code: 1, stdout: '' })
  expect(await run('.')).toMatchObject({ code: 1, stdout: '' })
  expect(await run('https://docs.shop.example/errors')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('curl -s https://docs.shop.example/errors | telltale catalog import -'),
  })
  const { code, stderr } = await run('binary.bin')
  expect([code, stderr]).toEqual([1, expect.stringContaining('binary data')])
})

test('--host and --service say whose spans the catalog is for; without them it says how', async () => {
  const { stdout } = await run(
    'Shop errors.md',
    '--host',
    'api.shop.example',
    '*.shop.example',
    '--service',
    'shop',
  )
  expect(parseCatalog(stdout, 'printed')).toMatchObject({
    catalog: { match: { hosts: ['api.shop.example', '*.shop.example'], services: ['shop'] } },
  })
  expect((await run('Shop errors.md')).stdout).toMatch(/^# .*add `match:.*--host/m)
  const refused = await run('Shop errors.md', '--host', 'https://shop.example')
  expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('not a host name') })
})
