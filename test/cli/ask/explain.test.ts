import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readHttpAnswer } from '../../../services/cli/ask/explain/http-answer.ts'
import { appOnStore } from '../../api/app-on-store.ts'
import { skipUnlessNothingRuns, telltale } from '../run-cli.ts'

const on = appOnStore()
const cwd = mkdtempSync(join(tmpdir(), 'telltale-explain-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
let url: string
beforeAll(async () => {
  url = await on.app.listen({ port: 0, host: '127.0.0.1' })
})
const explain = (args: string[], stdin?: string) =>
  telltale(['explain', ...args], { cwd, env: { TELLTALE_URL: url }, stdin })

describe('telltale explain', () => {
  test('a code: what it means, whether to retry, what to do and to tell', async () => {
    const { code, stdout, stderr } = await explain(['RATE_LIMIT_EXCEEDED', '--provider', 'session-api'])
    expect([code, stderr]).toEqual([0, ''])
    for (const line of [
      /^RATE_LIMIT_EXCEEDED · session-api$/m,
      /^means {5}Too many requests$/m,
      /^retry\? {4}Yes, after the wait/m,
      /^do {8}Back off; use Retry-After$/m,
      /^tell them The API refused the call/m,
      /^docs {6}https:/m,
    ])
      expect(stdout).toMatch(line)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('a body on stdin, with status and headers', async () => {
    const body =
      '{"error":{"code":"INSUFFICIENT_CREDIT","message":"no \\u001b[2J"},"meta":{"request_id":"req_9"}}'
    const { code, stdout } = await explain(['--status', '402', '--header', 'Retry-After: 30'], body)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^INSUFFICIENT_CREDIT \(HTTP 402\) · wallet-gateway$/m)
    expect(stdout).toMatch(/asks to wait 30 s/)
    expect(stdout).toMatch(/^it said {3}“no ␛\[2J”$/m)
    expect(stdout).toMatch(/^request {3}req_9$/m)
  })

  test('what curl -i prints; --json is the answer of the API', async () => {
    const answer = 'HTTP/2 429 \r\nretry-after: 12\r\nx-request-id: abc\r\n\r\n{"code":"rate_limit_exceeded"}'
    const { stdout } = await explain(['--json', '--provider', 'client-platform'], answer)
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'rate_limit_exceeded',
      status: 429,
      wait_ms: 12_000,
      request_id: 'abc',
    })
  })

  test('a code that is not there: what is like it', async () => {
    const alike = await explain(['rate_limit', '--provider', 'session-api'])
    expect([alike.code, alike.stderr]).toEqual([0, expect.stringMatching(/Like it are RATE_LIMIT_EXCEEDED/)])
    const nowhere = await explain(['NOPE'])
    expect([nowhere.code, nowhere.stderr]).toEqual([
      0,
      expect.stringMatching(/no catalog documents it; --provider/),
    ])
  })

  test.each([
    [['--status', '999'], undefined, /Give an HTTP status, 100 to 599/],
    [['X', '--header', 'none'], undefined, /Give it as 'name: value'/],
    [
      ['X', '--provider', 'nobody'],
      undefined,
      /provider: there is no catalog of nobody; there are .*session-api/,
    ],
    [[], '', /nothing on stdin: give the body/],
  ])('%j is wrong use', async (args, stdin, said) => {
    const { code, stdout, stderr } = await explain(args, stdin)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(said)
  })

  test.each([
    ['binary', '\u0000\ufffd'.repeat(100)],
    ['a long body', `{"error":{"message":"${'x'.repeat(300_000)}"}}`],
  ])('%s fails in no way', async (_, body) => {
    expect((await explain(['--status', '500'], body)).code).toBe(0)
  })

  test('needs neither an instance nor data', async ({ skip }) => {
    await skipUnlessNothingRuns(skip)
    const { code, stdout, stderr } = await telltale(['explain', 'INSUFFICIENT_CREDIT'], { cwd })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^INSUFFICIENT_CREDIT · wallet-gateway$/m)
  })
})

describe('readHttpAnswer', () => {
  test('a body alone', () => {
    expect(readHttpAnswer('{"a":1}')).toEqual({ headers: {}, body: '{"a":1}' })
  })
  test('the last of several answers, with repeated headers', () => {
    const text = 'HTTP/1.1 301 Moved\nlocation: /\n\nHTTP/1.1 503 Down\nA: 1\na: 2\nnone\n\nHTTP body\n\nmore'
    expect(readHttpAnswer(text)).toEqual({
      status: 503,
      headers: { a: ['1', '2'] },
      body: 'HTTP body\n\nmore',
    })
  })
  test('without headers or body', () => {
    expect(readHttpAnswer('HTTP/1.1 204 No Content\r\n\r\n')).toEqual({ status: 204, headers: {}, body: '' })
    expect(readHttpAnswer('HTTP/1.1 500\nx: y')).toEqual({ status: 500, headers: { x: ['y'] }, body: '' })
  })
})
