import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, startUp, type Up } from '../../e2e/up.ts'
import { skipUnlessNothingRuns, telltale } from '../run-cli.ts'
import { report } from '../spans.ts'

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
const statusOf = async ({ url }: Up, id: string) => (await fetch(`${url}/api/v1/requests/${id}`)).status
/** Two engines at once, and a dozen processes one after the other. */
const PATIENT = { timeout: 90_000 }
const failed = (requestId: string) => ({ code: 'BACKEND_TIMEOUT', status: 504, requestId })

describe('telltale erase', () => {
  test('covers what was acknowledged a moment ago and is in the journal only', async () => {
    await report(up.otlpUrl, [failed('req_keep'), failed('req_erase')])
    const { code, stdout, stderr } = await run('erase', '--request-id', 'req_erase', '--yes')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^Erased of request id req_erase: 1 error, 0 attempts, 0 quota samples\. Recorded as \S+\.$/m,
    )
    expect(await statusOf(up, 'req_erase')).toBe(404)
    expect(await statusOf(up, 'req_keep')).toBe(200)
    expect(JSON.parse((await run('codes', '--json')).stdout)).toMatchObject([
      { code: 'BACKEND_TIMEOUT', count: 2 },
    ])
  })

  test('an id under which nothing is stored: says so, exit 0', async () => {
    const { code, stdout, stderr } = await run('erase', '--request-id', 'req_typo', '--yes')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Nothing was stored under request id req_typo; check it\. Recorded as \S+\.$/m)
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

describe('a kill -9 right after an erasure', () => {
  test('brings nothing back: the range is not looked at again', PATIENT, async () => {
    await report(up.otlpUrl, [failed('req_gone'), failed('req_stays')])
    expect((await run('erase', '--request-id', 'req_gone', '--yes')).code).toBe(0)
    const died = once(up.process, 'exit')
    up.process.kill('SIGKILL')
    await died
    up = await startUp(data)
    await report(up.otlpUrl, [failed('req_later')])
    await eventually(
      async () => ((await statusOf(up, 'req_later')) === 200 ? true : undefined),
      'the next error',
    )
    expect(await statusOf(up, 'req_gone')).toBe(404)
    expect(await statusOf(up, 'req_stays')).toBe(200)
    expect(up.said()).not.toContain('mended')
    expect(JSON.parse((await run('codes', '--json')).stdout)).toMatchObject([{ count: 5 }])
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
    expect(rows.map(({ request_id }) => request_id)).toEqual(['req_keep', 'req_stays', 'req_later'])

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

describe('telltale backup and restore', () => {
  test(
    'what was acknowledged is in it once, whether stored or still in the journal; ids and counts agree',
    PATIENT,
    async () => {
      await report(up.otlpUrl, [failed('req_first')])
      const backup = join(cwd, 'backup')
      const restored = join(cwd, 'restored')
      const made = await run('backup', backup)
      expect([made.code, made.stderr]).toEqual([0, ''])
      await report(up.otlpUrl, [failed('req_after')])

      // As a kill leaves it in the middle, or just before its last step.
      mkdirSync(join(restored, 'restoring', 'store'), { recursive: true })
      mkdirSync(join(restored, 'journal'))
      await expect(startUp(restored)).rejects.toThrow(/was cut short; restore it again/)
      const back = await telltale(['restore', backup, '--data', restored], { cwd })
      expect([back.code, back.stderr]).toEqual([0, ''])
      // As one leaves it just after that.
      mkdirSync(join(restored, 'restoring'))
      const other = await startUp(restored)
      expect(existsSync(join(restored, 'restoring'))).toBe(false)
      const ask = (...args: string[]) => telltale([...args, '--url', other.url], { cwd })
      try {
        await eventually(
          async () => ((await statusOf(other, 'req_first')) === 200 ? true : undefined),
          'the rest of the journal',
        )
        expect(await statusOf(other, 'req_keep')).toBe(200)
        expect(await statusOf(other, 'req_after')).toBe(404)
        // Five before, two of them erased, and the first.
        expect(JSON.parse((await ask('codes', '--json')).stdout)).toMatchObject([{ count: 6 }])
        const rows = (await ask('export', '--table', 'errors')).stdout.trimEnd().split('\n')
        expect(rows.map((row) => JSON.parse(row).request_id).sort()).toEqual([
          'req_first',
          'req_keep',
          'req_later',
          'req_stays',
        ])
        await report(other.otlpUrl, [failed('req_new')])
        await eventually(
          async () => ((await statusOf(other, 'req_new')) === 200 ? true : undefined),
          'a new error',
        )
        expect(other.said()).not.toContain('mended')
      } finally {
        await other.stop()
      }
    },
  )

  test('only into a directory that is empty, and only from a backup', async () => {
    const full = await telltale(['restore', join(cwd, 'backup'), '--data', join(cwd, 'restored')], { cwd })
    expect([full.code, full.stderr]).toEqual([2, expect.stringContaining('is not empty')])
    const nothing = await telltale(['restore', cwd, '--data', join(cwd, 'other')], { cwd })
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('holds no backup')])
    const there = await run('backup', join(cwd, 'backup'))
    expect([there.code, there.stderr]).toEqual([2, expect.stringContaining('is there already')])
  })
})

describe('without an instance', () => {
  test(
    'the same, of the directory itself; and the next start has nothing to mend',
    PATIENT,
    async ({ skip }) => {
      await skipUnlessNothingRuns(skip)
      await report(up.otlpUrl, [failed('req_third')])
      await up.stop()
      const alone = (...args: string[]) => telltale([...args, '--data', data], { cwd, env: {} })
      const exported = await alone('export', '--table', 'errors')
      expect(exported.code).toBe(0)
      expect(exported.stdout.trimEnd().split('\n')).toHaveLength(6)
      expect((await alone('erase', '--request-id', 'req_third', '--yes')).code).toBe(0)

      up = await startUp(data)
      expect(await statusOf(up, 'req_third')).toBe(404)
      expect(await statusOf(up, 'req_keep')).toBe(200)
      expect(up.said()).not.toContain('mended')
    },
  )
})
