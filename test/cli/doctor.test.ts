import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../services/cli/doctor/finding.ts'
import { startUp } from '../e2e/up.ts'
import { skipUnlessNothingRuns, telltale } from './run-cli.ts'
import { report } from './spans.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-doctor-'))
const data = join(cwd, 'data')
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

async function look(env: Record<string, string>, ...args: string[]) {
  const { code, stdout, stderr } = await telltale(['doctor', '--json', ...args], { cwd, env })
  expect(stderr).toBe('')
  const findings: Finding[] = JSON.parse(stdout)
  for (const { status, advice } of findings) expect(advice === null).toBe(status === 'ok')
  const of = (check: string) => findings.filter((one) => one.check === check)
  return { code, findings, of }
}
/** Ports that nobody needs: the default ones may be somebody's. */
const FREE = { TELLTALE_PORT: '0', TELLTALE_OTLP_PORT: '0' }

describe('telltale doctor', () => {
  test('with an instance: whether it can work, may be asked, takes spans, and agrees on the time', async () => {
    const up = await startUp(data)
    await report(up.otlpUrl, [{ code: 'RATE_LIMIT_EXCEEDED', status: 429 }])
    const { code, findings, of } = await look({ TELLTALE_URL: up.url })
    const text = await telltale(['doctor', '--url', up.url], { cwd })
    await up.stop()

    expect([code, findings.filter(({ status }) => status !== 'ok')]).toEqual([0, []])
    expect(of('instance')[0].found).toContain(`${up.url} runs `)
    expect(of('ready')).toHaveLength(1)
    expect(of('access')[0].found).toBe('no token is needed')
    expect(of('ports')[0].found).toContain(up.otlpUrl)
    expect(of('clock')[0].found).toContain(up.url)
    expect(text.stdout).toMatch(/^ok {4}catalogs {6}\d+ catalogs with \d+ codes/m)
    for (const line of text.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('a store that another process uses: says so, and how to ask that one', async ({ skip }) => {
    await skipUnlessNothingRuns(skip)
    const up = await startUp(data)
    const locked = await look({ ...FREE, TELLTALE_DATA: data })
    await up.stop()
    expect(locked.code).toBe(1)
    expect(locked.of('store')[0]).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/Another process is using/),
      advice: expect.stringMatching(/--url/),
    })
  })

  test('without one: the store is opened, and a directory that is not there is not made', async ({
    skip,
  }) => {
    await skipUnlessNothingRuns(skip)
    const there = await look({ ...FREE, TELLTALE_DATA: data })
    expect(there.code).toBe(0)
    expect(there.of('store')[0].found).toMatch(/opens; errors stored: 1$/)
    const none = await look({ ...FREE, TELLTALE_DATA: join(cwd, 'none') })
    expect([none.code, none.of('store')[0].found]).toEqual([0, expect.stringMatching(/holds none yet/)])
    expect(existsSync(join(cwd, 'none'))).toBe(false)
  })

  test('all that is wrong at once, each with what to do: exit 1', async () => {
    const taken = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    const catalogs = join(cwd, 'catalogs')
    mkdirSync(catalogs)
    writeFileSync(join(catalogs, 'acme.yaml'), 'provider: acme\nkodes: []\n')
    writeFileSync(join(cwd, 'file'), '')
    const env = {
      TELLTALE_URL: `http://127.0.0.1:${port}`,
      TELLTALE_PORT: String(port),
      TELLTALE_OTLP_PORT: '0',
      TELLTALE_LOG_LEVEL: 'loud',
      TELLTALE_CATALOGS: catalogs,
      TELLTALE_DATA: join(cwd, 'file'),
    }
    const { code, of } = await look(env)
    taken.close()
    expect(code).toBe(1)
    expect(of('configuration')[0]).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/LOG_LEVEL/),
    })
    expect(of('catalogs')[0].found).toMatch(/acme\.yaml:1: codes/)
    expect(of('disk')[0].found).toMatch(/file in the way/)
    expect(of('instance')[0].found).toMatch(/no telltale/)
    expect(of('ports')[0]).toMatchObject({
      found: `${port} on 127.0.0.1 is in use`,
      advice: expect.stringMatching(/--port/),
    })
  })

  test('catalogs that are not there are a warning, and no failure', async ({ skip }) => {
    await skipUnlessNothingRuns(skip)
    const empty = join(cwd, 'empty')
    mkdirSync(empty)
    const { code, of } = await look({ ...FREE, TELLTALE_CATALOGS: empty, TELLTALE_DATA: join(cwd, 'none') })
    expect([code, of('catalogs')[0].status]).toEqual([0, 'warn'])
    expect(of('catalogs')[0].found).toContain(`no .yaml file in ${empty}`)
  })
})
