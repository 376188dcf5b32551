import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { callIdOf } from '../../services/instrumentation/calls/call-id.ts'
import { eventually, startUp, type Up } from '../e2e/up.ts'
import { freePort, type Workshop } from './workshop.ts'

// The shop of all documents: payments answers a charge with a rate limit, then a timeout, then success; checkout sends
// it three times under one Idempotency-Key. Each of the two tells what it saw.

const CATALOG = `provider: payments
title: Payments API
match: { hosts: [127.0.0.1], services: [payments] }
statuses: { 429: { retry: after_wait }, 5xx: { retry: backoff } }
codes:
  - code: RATE_LIMIT_EXCEEDED
    http: [429]
    retry: after_wait
    class: rate_limit
    meaning: Too many charges.
    action: Wait.
`

export interface Bench {
  up: Up
  env: Record<string, string>
  get<T>(path: string): Promise<T | undefined>
  close(): Promise<void>
}

/** A real `telltale up` that knows the shop's catalog, and the standard variables that send spans to it. */
export async function openBench(): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-interop-up-'))
  const catalogs = join(directory, 'catalogs')
  mkdirSync(catalogs)
  writeFileSync(join(catalogs, 'payments.yaml'), CATALOG)
  const up = await startUp(join(directory, 'data'), { flags: ['--catalogs', catalogs] })
  return {
    up,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: up.otlpUrl,
      // Spans leave at once, and are not waited for.
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
    get: async (path) => {
      const response = await fetch(`${up.url}${path}`)
      return response.ok ? ((await response.json()) as { data: never }).data : undefined
    },
    close: async () => {
      await up.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

interface Row {
  service: string
  side: string
  provider: string
  code: string
  status: number
  standing: string
  attempt: number
  request_id: string
  call_id: string
  retry_after_ms: number | null
  consumer: string
  message: string
  trace_id: string
}

interface Quota {
  service: string
  limit: number
  remaining: number
  reset: string
}

/** What both programs printed and the rows they made. */
export interface Told {
  rows: Row[]
  requestIds: string[]
  /** The Idempotency-Key that was sent. */
  key: string
}

/** Starts the server, runs the client against it once, and gives back what Telltale then knows of their three tries. */
export async function runShop(
  { bench, workshop }: { bench: Bench; workshop: Workshop },
  {
    server,
    client,
    rows,
    env = {},
  }: { server: string; client: string; rows: number; env?: Record<string, string> },
): Promise<Told> {
  const port = await freePort()
  const all = { ...bench.env, ...env, PORT: String(port), PAYMENTS_URL: `http://127.0.0.1:${port}` }
  const key = `charge-${port}-${process.pid}`
  const payments = workshop.start(server, all)
  try {
    await eventually(
      () =>
        fetch(all.PAYMENTS_URL).then(
          () => true,
          () => undefined,
        ),
      `${server} answers`,
      60_000,
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${payments.said()}`)
    })
    const { code, output } = await workshop.run(client, { ...all, CHARGE_KEY: key })
    expect(code, output).toBe(0)
    const requestIds = [...output.matchAll(/^\d{3} (req_\w+)$/gm)].map(([, id]) => id!)
    expect(requestIds.length, output).toBeGreaterThan(0)
    let last: Row[] = []
    const told = await eventually(async () => {
      const found = await bench.get<{ attempts: Row[] }>(`/api/v1/requests/${requestIds[0]}`)
      last = found?.attempts ?? []
      return last.length === rows ? last : undefined
    }, `${rows} rows of ${requestIds[0]}`).catch((error: Error) => {
      throw new Error(`${error.message}\n${JSON.stringify(last, null, 1)}\n${output}\n${payments.said()}`)
    })
    return { rows: told, requestIds, key }
  } finally {
    await payments.stop()
  }
}

export const ROWS = 3 + 2

/** Each side tells of each failure what there is to tell; the client also of the try that succeeded. */
export async function expectShop(
  { bench }: { bench: Bench },
  { rows, requestIds, key }: Told,
  { server, client }: { server: string; client: string },
): Promise<void> {
  const of = (side: string) => rows.filter((row) => row.side === side).toSorted((a, b) => a.status - b.status)
  expect(requestIds).toHaveLength(3)
  const [limited, timeout, done] = requestIds
  // What the Node hook makes of that key, too.
  const callId = callIdOf(key)
  const failed = [
    {
      provider: 'payments',
      code: 'RATE_LIMIT_EXCEEDED',
      status: 429,
      standing: 'known',
      request_id: limited,
      call_id: callId,
      retry_after_ms: 1000,
      message: 'Slow down.',
    },
    {
      provider: 'payments',
      code: 'BANK_TIMEOUT',
      status: 503,
      standing: 'unknown',
      request_id: timeout,
      call_id: callId,
      retry_after_ms: null,
      message: 'The bank did not answer.',
    },
  ]
  expect(of('client')).toMatchObject([
    { status: 201, service: client, attempt: 2, request_id: done, call_id: callId },
    { ...failed[0], service: client, attempt: 0 },
    { ...failed[1], service: client, attempt: 1 },
  ])
  expect(of('server')).toMatchObject(failed.map((row) => ({ ...row, service: server, consumer: 'checkout' })))

  for (const service of [server, client]) {
    const quota = await eventually(async () => {
      const all = await bench.get<Quota[]>('/api/v1/quotas?from=-1h')
      return all?.find((one) => one.service === service && one.remaining === 0)
    }, `${service} has nothing left`)
    expect(quota).toMatchObject({ limit: 100 })
    expect(Date.parse(quota.reset) - Date.now()).toBeLessThan(31_000)
  }
}

/** Of the first try, what a program tells that was not changed for it: no code, and all that is in the headers. */
export function expectNoCode({ rows, requestIds }: Told): void {
  expect(rows.find(({ service }) => service === 'no-code')).toMatchObject({
    code: '',
    status: 429,
    standing: 'uncoded',
    side: 'client',
    request_id: requestIds[0],
    retry_after_ms: 1000,
  })
}
