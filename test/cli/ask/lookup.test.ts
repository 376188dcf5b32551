import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appOnStore } from '../../api/app-on-store.ts'
import { store } from '../../api/stored-rows.ts'
import { telltale } from '../run-cli.ts'

const on = appOnStore()
const cwd = mkdtempSync(join(tmpdir(), 'telltale-lookup-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const then = Date.now() - 600_000
let url: string
beforeAll(async () => {
  await store(on.client, 'errors', [
    {
      ts: then,
      request_id: 'req_a',
      call_id: 'call_a',
      retry_after_ms: 2000,
      message: `slow down, says a message that is longer than a line of a terminal has room for, and \u001b[2Jtries to clear it`,
    },
    { ts: then + 2_500, request_id: 'req_a', call_id: 'call_a', attempt: 1 },
    { ts: then, request_id: 'req_b', code: '<script>', status: 500, standing: 'unknown', retry: 'unknown' },
    { ts: then, request_id: '-odd/id?', status: 429 },
  ])
  await store(on.client, 'errors', [
    { ts: then, request_id: 'same', service: 'one', trace_id: '1'.repeat(32) },
    { ts: then + 1_000, request_id: 'same', service: 'two', trace_id: '2'.repeat(32), call_id: 'call_two' },
  ])
  await store(
    on.client,
    'errors',
    Array.from({ length: 12 }, (_, n) => ({ ts: then + n, request_id: 'constant', service: `service-${n}` })),
  )
  const ends = { trace_id: '3'.repeat(32), code: 'ORDER_LOCKED', provider: 'orders', standing: 'unknown' }
  await store(on.client, 'errors', [
    { ...ends, ts: then, request_id: 'ends', span_id: 'c'.repeat(16) },
    {
      ...ends,
      ts: then + 3,
      request_id: 'ends',
      span_id: 'd'.repeat(16),
      parent_span_id: 'c'.repeat(16),
      side: 'server',
      service: 'orders',
    },
  ])
  await store(on.client, 'attempts', [
    { ts: then + 9_000, request_id: 'same_b', service: 'two', call_id: 'call_two', attempt: 1 },
    { ts: then + 4_500, request_id: 'req_a', call_id: 'call_a', attempt: 2 },
  ])
  url = await on.app.listen({ port: 0, host: '127.0.0.1' })
})
const lookup = (...args: string[]) => telltale(['lookup', ...args], { cwd, env: { TELLTALE_URL: url } })

describe('telltale lookup', () => {
  test('says first what it means and what to tell, then the attempts in order', async () => {
    const { code, stdout, stderr } = await lookup('req_a')
    expect([code, stderr]).toEqual([0, ''])
    const order = [
      /^SUCCEEDED {2}req_a$/m,
      /^RATE_LIMIT_EXCEEDED \(HTTP 429\) · session-api$/m,
      /^means +Too many requests$/m,
      /^retry\? +Not needed/m,
      /^tell them +The call went through in the end, on retry 2\./m,
      /^3 attempts, oldest first \(UTC\)$/m,
      /first try\n {2}429 RATE_LIMIT_EXCEEDED\n {2}checkout called session-api: POST\s+\/v1\/sessions\/\{id\}, 122 ms,\s+asked to\s+wait 2 s/,
      /\+2\.5 s {2}retry 1\n/,
      /\+4\.5 s {2}retry 2\n {2}200 succeeded\n/,
    ].map((part) => stdout.search(part))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order).not.toContain(-1)
  })

  test('fits 80 columns and nothing in it acts on the terminal', async () => {
    const { stdout } = await lookup('req_a')
    expect(stdout).toContain('␛[2Jtries')
    expect(stdout).not.toContain('\u001b')
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('a failure nobody documented', async () => {
    const { code, stdout } = await lookup('req_b')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^FAILED {2}req_b\n<script> \(HTTP 500\) · session-api · unknown$/m)
    expect(stdout).toMatch(/^retry\? +Unknown\./m)
  })

  test('an id of several calls says so and shows each with its own verdict and attempts', async () => {
    const { code, stdout } = await lookup('same')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^This id belongs to 2 different calls: same$/m)
    const [, one, two] = stdout.split(/^── \d of 2 ──$/m)
    expect(one).toMatch(/^one and session-api · trace 1{32}\nFAILED {2}same$/m)
    expect(one).toMatch(/^One attempt \(UTC\)$/m)
    expect(two).toMatch(/^SUCCEEDED {2}same$/m)
    expect(two).toMatch(/^2 attempts, oldest first \(UTC\)$/m)
  })

  test('a try that both ends report is one', async () => {
    const { stdout } = await lookup('ends')
    expect(stdout).toMatch(/^One attempt, seen from both ends \(UTC\)$/m)
    expect(stdout).toMatch(/first try\n {2}429 ORDER_LOCKED\n {2}checkout called orders: /)
    expect(stdout).toMatch(/^catalog +none yet; telltale catalog gaps --provider orders --format yaml/m)
    expect(stdout).toMatch(/the other end\n {2}429 ORDER_LOCKED\n {2}orders answered: /)
  })

  test('an id that is everywhere: the newest calls, and how many there are', async () => {
    const { stdout } = await lookup('constant')
    expect(stdout).toMatch(
      /^This id belongs to 12 different calls: constant\n.* The newest 10 follow; --json has all\.$/m,
    )
    expect(stdout.match(/^service-\d+ and/gm)).toHaveLength(10)
    expect(stdout).toMatch(/^── 3 of 12 ──\nservice-2 and session-api$/m)
    expect(stdout).toMatch(/^── 12 of 12 ──\nservice-11 and session-api$/m)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('an id as it was pasted: with spaces, with its header', async () => {
    for (const pasted of [' req_b ', 'X-Request-Id: req_b', 'x-request-id:req_b\n']) {
      const { code, stdout } = await lookup(pasted)
      expect([pasted, code, stdout.split('\n')[0]]).toEqual([pasted, 0, 'FAILED  req_b'])
    }
    const { code, stderr } = await lookup(' X-Request-Id: ')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/an id is empty; give a request id/)])
  })

  test('any id, after a double dash', async () => {
    expect((await lookup('--', '-odd/id?')).code).toBe(0)
  })

  test('--json is the answer of the API', async () => {
    const { code, stdout } = await lookup('req_a', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual((await on.get('/api/v1/requests/req_a')).data)
  })

  test('what is not there: exit 1, nothing on stdout', async () => {
    for (const json of [[], ['--json']]) {
      const { code, stdout, stderr } = await lookup('req_nobody', ...json)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(/^telltale: Nothing is stored about req_nobody\./)
    }
  })

  test('nobody there, or somebody else: exit 1 and what to do', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const other = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const stranger = await lookup('req_a', '--url', other)
    expect([stranger.code, stranger.stdout]).toEqual([1, ''])
    expect(stranger.stderr).toMatch(/answers, but it is no telltale/)

    await new Promise((resolve) => server.close(resolve))
    const nobody = await lookup('req_a', '--url', other)
    expect([nobody.code, nobody.stdout]).toEqual([1, ''])
    expect(nobody.stderr).toMatch(/nothing runs at .*telltale up.*--url/)
  })
})
