import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startUp, type Up } from '../../e2e/up.ts'
import { skipUnlessNothingRuns, telltale } from '../run-cli.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-up-'))
const data = join(cwd, 'data')
const run = (...args: string[]) => telltale(args, { cwd })

let up: Up
beforeAll(async () => {
  up = await startUp(data)
})
afterAll(async () => {
  if (up.process.exitCode === null && up.process.signalCode === null) await up.stop()
  rmSync(cwd, { recursive: true, force: true })
})

function failedCall(requestId: string) {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const now = `${Date.now()}000000`
  const attributes = [
    text('api.provider', 'session-api'),
    text('api.error.code', 'RATE_LIMIT_EXCEEDED'),
    text('api.request_id', requestId),
    { key: 'http.response.status_code', value: { intValue: 429 } },
  ]
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'POST',
    kind: 3,
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    attributes,
  }
  const resource = { attributes: [text('service.name', 'checkout')] }
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }
}

const portOf = (url: string) => new URL(url).port

describe('telltale up', () => {
  test('says the real ports, and both are served', async () => {
    expect(portOf(up.url)).not.toBe('0')
    expect((await fetch(`${up.url}/readyz`)).status).toBe(200)
    const { data } = (await (await fetch(`${up.url}/healthz`)).json()) as { data: { otlp_url: string } }
    expect(data.otlp_url).toBe(up.otlpUrl)
  })

  test('a second one on the same directory says so and exits 1', async () => {
    const { code, stdout, stderr } = await run('up', '--data', data, '--port', '0', '--otlp-port', '0')
    expect([code, stdout]).toEqual([1, ''])
    // One line of ours, and not a word of the engine's.
    expect(stderr).toMatch(/^telltale: Another process is using .*data.* --data.*\n$/)
  })

  test.each([
    ['--port', () => ['--port', portOf(up.url), '--otlp-port', '0']],
    ['--otlp-port', () => ['--port', '0', '--otlp-port', portOf(up.otlpUrl)]],
  ])('a taken %s: which, and what to do', async (flag, ports) => {
    const { code, stderr } = await run('up', '--data', join(cwd, 'other'), ...ports())
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`port \\d+ on 127\\.0\\.0\\.1 is in use\\..*${flag} `))
  })

  test('a data directory that is a file', async () => {
    const file = join(cwd, 'file')
    writeFileSync(file, '')
    const { code, stderr } = await run('up', '--data', file, '--port', '0', '--otlp-port', '0')
    expect(code).toBe(1)
    expect(stderr).toMatch(/a file in the way.*--data/)
  })

  const ports = ['--port', '0', '--otlp-port', '0']

  test('a data directory of which the engine would misread the name, or that is too long', async () => {
    const misread = await run('up', '--data', join(cwd, '{y}'), ...ports)
    expect([misread.code, misread.stderr]).toEqual([1, expect.stringMatching(/\{.*--data/)])
    const long = await run('up', '--data', join(cwd, 'x'.repeat(300)), ...ports)
    expect([long.code, long.stderr]).toEqual([1, expect.stringMatching(/name is too long.*--data/)])
  })

  test('a data directory where none can be made', async ({ skip }) => {
    skip(process.platform !== 'linux', 'other systems have no /proc')
    const none = await run('up', '--data', '/proc/telltale', ...ports)
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/\/proc\/telltale.*--data/)])
  })

  test('--catalogs: confirms at the start whose are known', async () => {
    expect(up.said()).toMatch(/\d+ catalogs with \d+ codes, all built in; --catalogs DIR adds yours\./)

    const mine = join(cwd, 'mine')
    const none = join(cwd, 'none')
    for (const directory of [mine, none]) mkdirSync(directory)
    writeFileSync(join(mine, 'acme.yaml'), 'provider: acme\ncodes: [{ code: OUT_OF_ANVILS, http: [409] }]\n')
    const directories = `from ${mine}, ${none}: acme`
    const other = await startUp(join(cwd, 'catalogs'), { flags: ['--catalogs', mine, '--catalogs', none] })
    expect(other.said()).toContain(directories)
    await other.stop()
    const empty = await startUp(join(cwd, 'catalogs'), { env: { TELLTALE_CATALOGS: none } })
    expect(empty.said()).toContain(`there is no .yaml file in ${none}`)
    await empty.stop()

    writeFileSync(join(mine, 'acme.yaml'), 'provider: acme\nkodes: []\n')
    const wrong = await run('up', '--data', join(cwd, 'catalogs'), '--catalogs', mine)
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/acme\.yaml:2: /)])
  })

  test('a ClickHouse that does not answer: which, and nothing of the password', async () => {
    const { code, stderr } = await telltale(
      ['up', '--data', join(cwd, 'remote'), '--port', '0', '--otlp-port', '0'],
      {
        cwd,
        env: { TELLTALE_CLICKHOUSE_URL: 'http://127.0.0.1:1', TELLTALE_CLICKHOUSE_PASSWORD: 'hunter2' },
      },
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/ClickHouse at http:\/\/127\.0\.0\.1:1 .*TELLTALE_CLICKHOUSE_URL/)
    expect(stderr).not.toContain('hunter2')
  })

  test('SIGTERM ends it in good order, with everything stored: exit 0', async () => {
    const sent = await fetch(`${up.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(failedCall('req_before_stop')),
    })
    expect(sent.status).toBe(200)
    expect(await up.stop()).toBe(0)
    expect(up.said()).toMatch(/SIGTERM/)
  })

  test('a lookup reads the store itself when nothing runs, and makes none where none is', async ({
    skip,
  }) => {
    await skipUnlessNothingRuns(skip)
    const { code, stdout, stderr } = await run('lookup', 'req_before_stop', '--data', data)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^FAILED {2}req_before_stop\nRATE_LIMIT_EXCEEDED/)
    expect(stderr).toMatch(/nothing runs at .*; reading .*data itself/)

    const missing = await run('lookup', 'req_a', '--data', join(cwd, 'missing'))
    expect(missing.code).toBe(1)
    expect(existsSync(join(cwd, 'missing'))).toBe(false)
  })

  test('the second signal ends it at once', async () => {
    const other = await startUp(data)
    const exited = once(other.process, 'exit')
    other.process.kill('SIGINT')
    other.process.kill('SIGTERM')
    const [code, signal] = await exited
    expect([0, null]).toContain(code)
    expect([null, 'SIGKILL']).toContain(signal)
  })
})
