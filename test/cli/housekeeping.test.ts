import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startUp, type Up } from '../e2e/up.ts'
import { telltale } from './run-cli.ts'
import { report } from './spans.ts'

// Export and erase, against a real `up` and then against the directory that it leaves.

const cwd = mkdtempSync(join(tmpdir(), 'telltale-house-'))
const data = join(cwd, 'data')
let up: Up
beforeAll(async () => {
  up = await startUp(data)
})
afterAll(async () => {
  if (up.process.exitCode === null) await up.stop()
  rmSync(cwd, { recursive: true, force: true })
})
const run = (...args: string[]) => telltale(args, { cwd, env: { TELLTALE_URL: up.url } })
const failed = (requestId: string) => ({ code: 'BACKEND_TIMEOUT', status: 504, requestId })

describe('telltale erase', () => {
  test('covers what was acknowledged a moment ago and is in the journal only', async () => {
    await report(up.otlpUrl, [failed('req_keep'), failed('req_erase')])
    const { code, stdout, stderr } = await run('erase', '--request-id', 'req_erase', '--yes')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^Erased of request id req_erase: 1 errors, 0 attempts, 0 quota samples\. Recorded as \S+\.$/m,
    )
    expect((await run('lookup', 'req_erase')).code).toBe(1)
    expect((await run('lookup', 'req_keep')).code).toBe(0)
    expect(JSON.parse((await run('codes', '--json')).stdout)).toMatchObject([
      { code: 'BACKEND_TIMEOUT', count: 2 },
    ])
  })

  test.each([
    [[], /either --consumer or --request-id/],
    [['--consumer', 'a', '--request-id', 'b', '--yes'], /either --consumer or --request-id/],
    [['--consumer', 'a'], /add --yes/],
    [['--consumer', '_OTHER', '--yes'], /stands for many/],
  ])('%j is wrong use, and erases nothing', async (args, said) => {
    const { code, stdout, stderr } = await run('erase', ...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(said)
  })
})

describe('telltale export', () => {
  test('to standard output or to a file, which it never overwrites', async () => {
    const { code, stdout } = await run('export', '--table', 'errors', '--from', '-1h')
    expect(code).toBe(0)
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map(({ request_id }) => request_id)).toEqual(['req_keep'])

    const file = join(cwd, 'errors.parquet')
    const args = ['export', '--table', 'errors', '--format', 'parquet', '--out', file]
    expect(await run(...args)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(readFileSync(file).subarray(-4).toString()).toBe('PAR1')
    const again = await run(...args)
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')])
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  test('says which tables there are', async () => {
    const { code, stderr } = await run('export', '--table', 'tokens')
    expect(code).toBe(2)
    expect(stderr).toMatch(/table: give one of errors, attempts/)
  })
})

describe('without an instance', () => {
  test('the same, of the directory itself; and the next start has nothing to mend', async () => {
    await report(up.otlpUrl, [failed('req_third')])
    await up.stop()
    const alone = (...args: string[]) => telltale([...args, '--data', data], { cwd, env: {} })
    const exported = await alone('export', '--table', 'errors')
    expect(exported.code).toBe(0)
    expect(exported.stdout.trimEnd().split('\n')).toHaveLength(2)
    expect((await alone('erase', '--request-id', 'req_third', '--yes')).code).toBe(0)

    up = await startUp(data)
    expect((await run('lookup', 'req_third')).code).toBe(1)
    expect((await run('lookup', 'req_keep')).code).toBe(0)
    expect(up.said()).not.toContain('mended')
  })
})
