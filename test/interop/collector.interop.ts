import { execFile as execFileCallback } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../e2e/up.ts'
import { caseOf } from './case.ts'
import { freePort, type Running } from './workshop.ts'

const execFile = promisify(execFileCallback)
const SPANS = join(import.meta.dirname, 'shop-spans.ts')

const collector = caseOf('collector.md', { needs: ['go'], manifest: 'builder.yaml', keeps: 'bin' })

// Between the Collector and Telltale: hands everything on, and keeps what it saw.
const bodies: Buffer[] = []
/** Answers yet to be lost on their way back. */
let lost = 0
const between = createServer(async (request, response) => {
  const body = await buffer(request)
  bodies.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body)
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers
  const answer = await fetch(`${collector.bench.up.otlpUrl}${request.url}`, {
    method: 'POST',
    headers: { 'content-type': type, 'content-encoding': encoding },
    body,
  })
  if (lost > 0) {
    lost--
    request.socket.destroy()
    return
  }
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? type })
  response.end(Buffer.from(await answer.arrayBuffer()))
})

let env: Record<string, string>
let running: Running | undefined
beforeAll(async () => {
  if (collector.bench === undefined) return
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  const { port } = between.address() as { port: number }
  env = {
    COLLECTOR_PORT: String(await freePort()),
    COLLECTOR_QUEUE: join(collector.workshop.directory, 'queue'),
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  }
  running = collector.workshop.start('collector.sh', env)
  await eventually(
    async () => (running!.said().includes('Everything is ready') ? true : undefined),
    'the Collector is ready',
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${running!.said()}`)
  })
})
afterAll(async () => {
  await running?.stop()
  between.close()
})

type Counts = Record<'calls' | 'errors' | 'retries' | 'logical_calls', number>

/** Of one side of a service, once there are so many calls. */
const countsOf = (service: string, side: string, calls: number): Promise<Counts> => {
  let last: unknown
  return eventually(async () => {
    const [found] =
      (await collector.bench.get<Counts[]>(
        `/api/v1/traffic?by=service&from=-1h&service=${service}&side=${side}`,
      )) ?? []
    last = found
    return found !== undefined && found.calls >= calls ? found : undefined
  }, `${calls} calls of ${service}`).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}\n${running!.said()}`)
  })
}

test('telemetrygen: every span counts once, also when an answer is lost and the batch comes again', async () => {
  lost = 1
  const { code, output } = await collector.workshop.run('generate.sh', env)
  expect(code, output).toBe(0)
  for (const side of ['client', 'server'])
    expect(await countsOf('generated', side, 400)).toMatchObject({ calls: 400, errors: 400 })
  const duplicates = async () =>
    /^telltale_payloads_duplicate_total (\d+)$/m.exec(
      await (await fetch(`${collector.bench.up.url}/metrics`)).text(),
    )?.[1]
  await eventually(
    async () => ((await duplicates()) === '1' ? true : undefined),
    'the batch came again',
    30_000,
  )
  for (const side of ['client', 'server'])
    expect(await countsOf('generated', side, 400)).toMatchObject({ calls: 400, errors: 400 })
  const codes = await collector.bench.get<{ code: string; provider: string; count: number }[]>(
    '/api/v1/codes?from=-1h&service=generated&side=client',
  )
  expect(codes).toMatchObject([{ code: 'RATE_LIMIT_EXCEEDED', provider: 'session-api', count: 400 }])
})

type Row = Record<string, unknown>

/** Without the course over time: the one may be sent before, the other after the turn of a step. */
const inAll = (counts: object) =>
  Object.fromEntries(Object.entries(counts).filter(([, value]) => !Array.isArray(value)))

test("a shop's own names arrive as if they had been Telltale's, whatever the order of fields", async () => {
  const before = bodies.length
  const send = (service: string, names: string, endpoint: string) =>
    execFile(process.execPath, [SPANS, names], {
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: service },
    })
  await send('through', 'shop', `http://127.0.0.1:${env.COLLECTOR_PORT}`)
  await send('direct', 'telltale', collector.bench.up.otlpUrl)

  const counts = await countsOf('direct', 'client', 300)
  expect(counts).toMatchObject({ calls: 300, errors: 200, retries: 200, logical_calls: 100 })
  const through = await countsOf('through', 'client', 300)
  expect(inAll(through)).toEqual({ ...inAll(counts), key: 'through' })

  // An SDK writes a resource before its spans; the Collector after them: ResourceSpans begins with field 2.
  const [written] = bodies.slice(before)
  let at = 1
  while (written![at]! > 127) at++
  expect([written![0], written![at + 1]]).toEqual([0x0a, 0x12])

  const rowsOf = async (service: string) => {
    const rows =
      (await collector.bench.get<Row[]>(`/api/v1/errors?from=-1h&service=${service}&limit=500`)) ?? []
    return rows
      .map(({ provider, code, status, retry, standing, request_id, call_id, attempt, retry_after_ms }) => ({
        ...{ provider, code, status, retry, standing, request_id, call_id, attempt, retry_after_ms },
      }))
      .toSorted((a, b) => String(a.request_id).localeCompare(String(b.request_id)))
  }
  const direct = await rowsOf('direct')
  expect(direct).toHaveLength(200)
  expect(direct.slice(0, 2)).toMatchObject([
    { provider: 'session-api', code: 'RATE_LIMIT_EXCEEDED', status: 429, attempt: 0, retry_after_ms: 2000 },
    { provider: 'session-api', code: 'BACKEND_TIMEOUT', status: 504, attempt: 1, standing: 'known' },
  ])
  expect(await rowsOf('through')).toEqual(direct)

  const quotas = await collector.bench.get<Row[]>('/api/v1/quotas?from=-1h&provider=session-api')
  for (const service of ['direct', 'through'])
    expect(quotas?.find((quota) => quota.service === service)).toMatchObject({ limit: 100, remaining: 1 })
})
