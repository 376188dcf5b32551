import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { migrations } from '../../../services/store/migrate.ts'
import { startUp } from '../../e2e/up.ts'
import { telltale } from '../run-cli.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-migrate-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
const migrate = (...args: string[]) => telltale(['migrate', '--data', 'data', ...args], { cwd })

const all = migrations().map(({ version, name }) => ({ version, name }))

test('--dry-run prints every statement and makes nothing; without it they are run, once', async () => {
  const dry = await migrate('--dry-run')
  expect([dry.code, dry.stderr]).toEqual([0, ''])
  expect(dry.stdout).toMatch(/^CREATE TABLE IF NOT EXISTS schema_migrations /)
  expect(dry.stdout).toMatch(/^CREATE TABLE IF NOT EXISTS errors \(/m)
  expect(dry.stdout).toContain(`INSERT INTO schema_migrations (version, name) VALUES (1, 'initial');\n`)
  const json = JSON.parse((await migrate('--dry-run', '--json')).stdout)
  expect(json.map(({ version, name }: (typeof all)[0]) => ({ version, name }))).toEqual(all)
  expect(existsSync(join(cwd, 'data'))).toBe(false)

  const done = await migrate('--json')
  expect([done.code, JSON.parse(done.stdout)]).toEqual([0, all])
  expect(await migrate()).toEqual({ code: 0, stdout: 'The schema is up to date.\n', stderr: '' })
  expect((await migrate('--dry-run')).stdout).toBe('The schema is up to date.\n')
})

test('--cluster: says that it is not there yet, and changes nothing', async () => {
  const { code, stdout, stderr } = await telltale(['migrate', '--data', 'none', '--cluster', 'main'], { cwd })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(
    /cluster \(main\) is not there yet, and nothing was changed.*TELLTALE_CLICKHOUSE_URL/,
  )
  expect(existsSync(join(cwd, 'none'))).toBe(false)
})

test('of a server that does not answer: no directory is left behind', async () => {
  const { code, stderr } = await telltale(['migrate'], {
    cwd,
    env: { TELLTALE_CLICKHOUSE_URL: 'http://127.0.0.1:1' },
  })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/does not answer/)])
  expect(existsSync(join(cwd, 'telltale-data'))).toBe(false)
})

test('a store that is in use: by whom, and what to do', async () => {
  const up = await startUp(join(cwd, 'data'))
  const { code, stderr } = await migrate()
  await up.stop()
  expect([code, stderr]).toEqual([1, expect.stringMatching(/a telltale is running on data\..*stop it first/)])
})

test('a ClickHouse that does not answer: which', async () => {
  const env = { TELLTALE_CLICKHOUSE_URL: 'http://127.0.0.1:1' }
  const { code, stderr } = await telltale(['migrate'], { cwd, env })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/ClickHouse at http:\/\/127\.0\.0\.1:1 does not/)])
})
