import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CodeRow } from '../../../services/store/queries/codes.ts'
import { eventually, startUp, type Up } from '../../e2e/up.ts'
import { skipUnlessNothingRuns, telltale } from '../run-cli.ts'
import { report } from '../spans.ts'

// The commands that ask, against a real `up` and then against the directory that it leaves.

const cwd = mkdtempSync(join(tmpdir(), 'telltale-asking-'))
const data = join(cwd, 'data')
const LONG = 'SESSION_SHARD_MOVED_TO_ANOTHER_REGION_UNEXPECTEDLY'
const ESCAPES = '\u001b[2J\u009b31mred\u0007'
/** What a terminal does not just show. */
const ACTS = /(?!\n)\p{Cc}/u

let up: Up
beforeAll(async () => {
  up = await startUp(data)
  await report(up.otlpUrl, [
    ...['a', 'b', 'c'].map((id) => ({ code: 'RATE_LIMIT_EXCEEDED', status: 429, requestId: `req_${id}` })),
    { code: LONG, status: 409, requestId: 'req_long', service: 'orders' },
    { code: ESCAPES, status: 500, provider: 'elsewhere' },
    { status: 503, provider: '支払い' },
    { status: 200, limits: { name: 'requests', limit: 1000, remaining: 12, resetMs: 900_000 } },
    { status: 200, limits: { name: ESCAPES, limit: 10, remaining: 0, resetMs: 900_000 } },
  ])
  await eventually(async () => {
    const answer = await fetch(`${up.url}/api/v1/codes`).then((response) => response.json())
    return (answer as { data: CodeRow[] }).data.length === 4 ? true : undefined
  }, 'the errors in the store')
})
afterAll(async () => {
  if (up.process.exitCode === null) await up.stop()
  rmSync(cwd, { recursive: true, force: true })
})

const run = (...args: string[]) => telltale(args, { cwd, env: { TELLTALE_URL: up.url } })
const answerOf = async (path: string) =>
  ((await fetch(`${up.url}${path}`).then((response) => response.json())) as { data: unknown }).data

describe('telltale codes', () => {
  test('a table, most frequent first, that fits 80 columns and in which nothing acts on the terminal', async () => {
    const { code, stdout, stderr } = await run('codes')
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^CODE +PROVIDER +HTTP +COUNT .*RETRY +STANDING$/)
    expect(lines[1]).toMatch(/^RATE_LIMIT_EXCEEDED +session-api +429 +3 .* after_wait +known$/)
    expect(stdout).toMatch(/^SESSION_S\S*…\S*PECTEDLY /m)
    expect(stdout).toMatch(/^␛\[2J�31mred␇ +elsewhere +500 /m)
    expect(stdout).toMatch(/^\(no code\) +支払い +503 /m)
    expect(stdout).not.toMatch(ACTS)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('--json is the answer of the API, whole; and on a terminal nothing in it acts', async () => {
    const { stdout } = await run('codes', '--json')
    expect(JSON.parse(stdout)).toEqual(await answerOf('/api/v1/codes'))
    expect(stdout).toContain(LONG)
    expect(stdout).not.toMatch(ACTS)
  })

  test('filters are the parameters of the API', async () => {
    const found = async (...args: string[]) =>
      JSON.parse((await run('codes', '--json', ...args)).stdout).map(({ code }: CodeRow) => code)
    expect(await found('shard')).toEqual([LONG])
    expect(await found('--service', 'orders')).toEqual([LONG])
    expect(await found('--provider', 'session-api', '--standing', 'known', '--retry', 'after_wait')).toEqual([
      'RATE_LIMIT_EXCEEDED',
    ])
    expect(await found('--class', 'billing')).toEqual([])
    expect(await found('--limit', '1', '--from', '-1h', '--to', 'now')).toEqual(['RATE_LIMIT_EXCEEDED'])
  })

  test('nothing: says so, exit 0', async () => {
    const { code, stdout, stderr } = await run('codes', '--provider', 'nobody')
    expect([code, stdout]).toEqual([0, 'No error in that time.\n'])
    expect(stderr).toMatch(/--from -7d/)
  })

  test('a parameter that is wrong is wrong use: which, and what it takes', async () => {
    const wrong = [
      ['--standing', 'knwon', /standing: give one of known, deprecated, /],
      ['--from', 'yesterday', /from: give a time like .*-24h/],
      ['--limit', '0', /limit: give a whole number from 1 to/],
      ['--provider', 'x'.repeat(10_000), /provider: at most 256 characters/],
    ] as const
    const { code, stdout, stderr } = await run('codes', ...wrong.map(([flag, value]) => `${flag}=${value}`))
    expect([code, stdout]).toEqual([2, ''])
    for (const [, , said] of wrong) expect(stderr).toMatch(said)
  })
})

describe('telltale quotas', () => {
  test('the emptiest first', async () => {
    const { code, stdout, stderr } = await run('quotas')
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^LIMIT +PROVIDER +SERVICE +.*LEFT +OF .*RESETS/)
    // How much of a text is cut depends on how long ago the reading was.
    expect(lines[1]).toMatch(/^␛\[2J\S*red␇ +session-api +checkou\S+ .* 0 +10 +0% +in 1[3-5] min/)
    expect(lines[2]).toMatch(/^requests +session-api +checkou\S+ .* 12 +1,000 +1% +in 1[3-5] min/)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('--json is the answer of the API; nothing: says so', async () => {
    const { stdout } = await run('quotas', '--json')
    expect(JSON.parse(stdout)).toEqual(await answerOf('/api/v1/quotas'))
    const none = await run('quotas', '--provider', 'nobody')
    expect([none.code, none.stdout]).toEqual([0, 'No limit was read in that time.\n'])
  })
})

test('lookup of several ids: what is there is told, what is not makes it fail', async () => {
  const text = await run('lookup', 'req_a', 'req_nobody', 'req_b', 'req_a')
  expect(text.code).toBe(1)
  expect(text.stdout.match(/^FAILED {2}req_\w/gm)).toEqual(['FAILED  req_a', 'FAILED  req_b'])
  expect(text.stderr).toMatch(/Nothing is stored about req_nobody/)
  const json = await run('lookup', 'req_a', 'req_b', '--json')
  expect(JSON.parse(json.stdout).map(({ request_id }: { request_id: string }) => request_id)).toEqual([
    'req_a',
    'req_b',
  ])
})

describe('without a running instance', () => {
  // Each prints what the API answers, as above.
  const commands = [
    { command: ['codes'], path: '/api/v1/codes' },
    { command: ['codes', '--service', 'orders'], path: '/api/v1/codes?service=orders' },
    { command: ['quotas'], path: '/api/v1/quotas' },
    { command: ['lookup', 'req_a'], path: '/api/v1/requests/req_a' },
  ]
  const running: unknown[] = []
  beforeAll(async () => {
    for (const { path } of commands) running.push(await answerOf(path))
    await up.stop()
  })

  test('the same answers are read from the directory', async ({ skip }) => {
    await skipUnlessNothingRuns(skip)
    for (const [at, { command }] of commands.entries()) {
      const { code, stdout, stderr } = await telltale([...command, '--json', '--data', data], { cwd })
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toEqual(running[at])
      expect(stderr).toMatch(/nothing runs at http:\/\/127\.0\.0\.1:8080; reading .*data itself/)
    }
    const refused = await telltale(['codes', '--limit', '0', '--data', data], { cwd })
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/limit: give a whole number/)])
  })

  test('a directory that another telltale uses: says so and leaves it alone', async ({ skip }) => {
    await skipUnlessNothingRuns(skip)
    const other = await startUp(data)
    const { code, stdout, stderr } = await telltale(['codes', '--data', data], { cwd })
    await other.stop()
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /telltale: say where your telltale listens with --url or TELLTALE_URL: nothing answers at http:\/\/127\.0\.0\.1:8080\. Another process is using /,
    )
  })

  test('an address that was given is not answered from a directory instead', async () => {
    const { code, stderr } = await telltale(['codes', '--data', data, '--url', up.url], { cwd })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/nothing runs at .*--url/)])
  })
})
