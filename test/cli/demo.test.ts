import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHOP_CATALOGS } from '../../services/demo/shop-catalogs.ts'
import { CLI } from '../command-line.ts'
import { eventually, startUp, type Up } from '../e2e/up.ts'
import { telltale } from './run-cli.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-demo-'))
const own = join(cwd, 'own')
const MINUTES = '5'

interface Told {
  url: string
  data: string | null
  from: string
  to: string
  requests: number
  looks: { what: string; request_id: string | null; page: string; command: string }[]
}

let up: Up
let again: Up
let told: Told
let toldAgain: Told
beforeAll(async () => {
  up = await startUp(join(cwd, 'given'), { flags: ['--catalogs', SHOP_CATALOGS] })
  // One sends to what runs, the other starts its own; both tell the same story.
  const runs = await Promise.all([
    telltale(['demo', '--once', '--json', '--minutes', MINUTES, '--url', up.url], { cwd }),
    telltale(
      ['demo', '--once', '--json', '--minutes', MINUTES, '--data', own, '--port', '0', '--otlp-port', '0'],
      { cwd },
    ),
  ])
  const began = `telltale: ${MINUTES} minutes of a shop's history …\n`
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, began],
    [0, expect.stringMatching(/^telltale: started at .*\n/)],
  ])
  ;[told, toldAgain] = runs.map(({ stdout }) => JSON.parse(stdout) as Told) as [Told, Told]
  again = await startUp(own, { flags: ['--catalogs', SHOP_CATALOGS] })
}, 120_000)
afterAll(async () => {
  await Promise.all([up?.stop(), again?.stop()])
  rmSync(cwd, { recursive: true, force: true })
})

/** Of the history, the part in which the storm is under way and the mailer is gone. */
const lately = () => new Date(Date.parse(told.to) - 0.11 * Number(MINUTES) * 60_000).toISOString()

async function get<T>(path: string, from = up): Promise<T> {
  const response = await fetch(`${from.url}/api/v1/${path}`)
  expect(response.status, path).toBe(200)
  return ((await response.json()) as { data: T }).data
}

describe('telltale demo', () => {
  test('the same seed: the same counts of every code, in a store of its own as in one that runs', async () => {
    interface Row {
      provider: string
      code: string
      status: number
      standing: string
      count: number
    }
    const counts = async (from: Up) =>
      (await get<Row[]>(`codes?from=${told.from}&limit=500&environment=demo`, from))
        .map(({ provider, code, status, standing, count }) =>
          [provider, code, status, standing, count].join(' '),
        )
        .sort()
    const [first, second] = await Promise.all([counts(up), counts(again)])
    expect(first.length).toBeGreaterThan(12)
    expect(first).toEqual(second)
    expect(told.requests).toBe(toldAgain.requests)
    expect([told.data, toldAgain.data]).toEqual([null, own])
  })

  test('an unknown code since the deploy, and one whose status drifted', async () => {
    const [code] = await get<Record<string, unknown>[]>(`unknown?from=${told.from}&provider=session-api`)
    expect(code).toMatchObject({
      code: 'SESSION_REGION_MISMATCH',
      first_service: 'checkout',
      first_version: '2.4.0',
    })
    const rows = await get<{ code: string; status: number }[]>(`codes?from=${told.from}&standing=mismatched`)
    expect(rows).toMatchObject([{ code: 'PRODUCT_OUT_OF_STOCK', status: 400 }])
  })

  test('a retry storm, and what is sent again in vain', async () => {
    const traffic = await get<{ key: string; amplification: number }[]>(
      `traffic?by=service&side=client&provider=session-api&from=${lately()}`,
    )
    expect(traffic.find(({ key }) => key === 'checkout')!.amplification).toBeGreaterThan(2)
    const hopeless = `errors?from=${told.from}&code=WALLET_CAP_EXCEEDED&attempt=3&retry=never`
    expect((await get<unknown[]>(hopeless)).length).toBeGreaterThan(0)
  })

  test('one client does not wait as long as it is asked to', async () => {
    const [{ call_id, ts, retry_after_ms }] = await get<
      { call_id: string; ts: string; retry_after_ms: number }[]
    >(`errors?from=${told.from}&code=RATE_LIMIT_EXCEEDED&attempt=0&limit=1`)
    const { attempts } = await get<{ attempts: { ts: string; attempt: number }[] }>(`requests/${call_id}`)
    const next = attempts.find(({ attempt }) => attempt === 1)!
    expect(Date.parse(next.ts) - Date.parse(ts)).toBeLessThan(retry_after_ms)
  })

  test('an allowance that drains, well before it is whole again', async () => {
    const export_ = await fetch(`${up.url}/api/v1/export?table=quota_samples&format=ndjson&from=${told.from}`)
    const left = (await export_.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { provider: string; ts: string; remaining: number })
      .filter(({ provider }) => provider === 'generation-api')
      .sort((a, b) => a.ts.localeCompare(b.ts))
      .map(({ remaining }) => Number(remaining))
    expect(left.length).toBeGreaterThan(10)
    expect(left.at(-1)).toBeLessThan(left[0]! / 2)
    const [quota] = await get<{ limit: number; remaining: number; reset: string }[]>(
      'quotas?provider=generation-api',
    )
    expect(quota!.remaining).toBeLessThan(quota!.limit / 2)
    expect(Date.parse(quota!.reset)).toBeGreaterThan(Date.now() + 3_600_000)
  })

  test('the abused key is on top of those who are refused, and a service has gone quiet', async () => {
    const { by } = await get<{ by: { consumer: { key: string }[] } }>(
      `codes/shop/rate_limited?from=${told.from}&side=server`,
    )
    expect(by.consumer[0]!.key).toBe('bargain-radar')
    const services = async (from: string) =>
      (await get<{ key: string }[]>(`traffic?by=service&side=server&from=${from}`)).map(({ key }) => key)
    expect(await services(told.from)).toContain('mailer')
    expect(await services(lately())).not.toContain('mailer')
  })

  test('servers are children of their callers, within their time', async () => {
    const id = told.looks[0]!.request_id
    const { attempts } = await get<{ attempts: { trace_id: string; span_id: string }[] }>(`requests/${id}`)
    const rows = await get<
      {
        span_id: string
        parent_span_id: string
        service: string
        side: string
        ts: string
        duration_ms: number
      }[]
    >(`errors?from=${told.from}&trace_id=${attempts[0]!.trace_id}`)
    const of = (service: string, side: string) =>
      rows.find((row) => row.service === service && row.side === side)!
    const chain = [
      of('storefront', 'server'),
      of('storefront', 'client'),
      of('checkout', 'server'),
      of('checkout', 'client'),
    ]
    for (const [i, row] of chain.slice(1).entries()) {
      expect(row.parent_span_id).toBe(chain[i]!.span_id)
      expect(row.duration_ms).toBeLessThanOrEqual(chain[i]!.duration_ms)
    }
  })

  test('what it says to look at is there', async () => {
    expect(told.looks.length).toBeGreaterThanOrEqual(4)
    for (const { request_id, page } of told.looks) {
      expect((await fetch(page)).status).toBe(200)
      if (request_id !== null) await get(`requests/${request_id}`)
    }
  })

  test('where tokens are wanted it says which; with one, it is live until Ctrl-C, which leaves no process behind', async ({
    skip,
  }) => {
    skip(process.platform !== 'linux', 'other systems have no /proc')
    const created = await telltale(['token', 'create', '--scope', 'read,ingest', '--url', again.url], { cwd })
    expect(created.code, created.stderr).toBe(0)
    const refused = await telltale(['demo', '--url', again.url], { cwd })
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/token create --scope read,ingest.*TELLTALE_TOKEN/),
    ])

    const live = spawn(process.execPath, [CLI, 'demo', '--minutes', '2', '--url', again.url], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', TELLTALE_TOKEN: created.stdout.trim() },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = text(live.stderr)
    const [shown] = (await once(live.stdout.setEncoding('utf8'), 'data')) as [string]
    expect(shown).toMatch(/lookup req_[\s\S]*Ctrl-C/)
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    const children = childrenOf(live.pid!)
    // The world, and the shop without its mailer.
    expect(children).toHaveLength(4)
    live.kill('SIGINT')
    expect(await once(live, 'exit')).toEqual([0, null])
    expect(children.filter(isAlive)).toEqual([])
    expect(await said).toMatch(/SIGINT: closing the shop/)
  }, 60_000)

  test('nor does kill -9, while some of them are still starting', async ({ skip }) => {
    skip(process.platform !== 'linux', 'other systems have no /proc')
    const killed = spawn(process.execPath, [CLI, 'demo', '--url', up.url], { cwd, stdio: 'ignore' })
    const children = await eventually(async () => {
      const found = childrenOf(killed.pid!)
      return found.length >= 3 ? found : undefined
    }, 'some of the shop')
    killed.kill('SIGKILL')
    await eventually(async () => children.every((pid) => !isAlive(pid)) || undefined, 'their end')
  }, 60_000)
})

describe('telltale demo where it cannot', () => {
  const demo = (...args: string[]) => telltale(['demo', ...args], { cwd })

  test('wrong use: which, and what would be right', async () => {
    const { code, stderr } = await demo('--minutes', '1.5')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--minutes.*whole number from 2/)])
  })

  test('nothing at the address that was given', async () => {
    const { code, stderr } = await demo('--url', 'http://127.0.0.1:3')
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^telltale: nothing runs at .*:3\. .*\n$/)])
  })
})

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
