import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { eventually, startUp } from '../e2e/up.ts'
import { quantile, table } from './measure.ts'
import { otlpPayload } from './otlp-payload.ts'
import { cpuSecondsOf, residentMegabytesOf } from './process-cost.ts'
import { renewable } from './renewable.ts'

// The real process, fed over sockets by this one: its CPU from the first request to the last row in the store; the
// time of an answer when there is little to do; and its memory under full load, for as long as asked:
// node test/bench/http.ts [MINUTES]

const SPANS_A_PAYLOAD = 512
const ERRORS = 0.1
const PAYLOADS = 16_000
const TEMPLATES = 16
const EXPORTERS = 8
const [minutes = '0'] = process.argv.slice(2)

const data = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
const up = await startUp(data)
const pid = up.process.pid!
const agent = new Agent({ keepAlive: true, maxSockets: EXPORTERS })
let refused = 0

/** Sends until it is acknowledged, as an exporter does; milliseconds to the last answer. */
async function send(body: Buffer): Promise<number> {
  for (;;) {
    const started = performance.now()
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length }
      const message = request(`${up.otlpUrl}/v1/traces`, { method: 'POST', agent, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode!))
      })
      message.on('error', reject).end(body)
    })
    if (status === 200) return performance.now() - started
    if (status !== 503) throw new Error(`answered ${status}`)
    refused++
    await delay(1_000)
  }
}

async function sendAll(payloads: number): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: EXPORTERS }, async () => {
      while (next < payloads) await send(Buffer.from(templates[next++ % TEMPLATES]!()))
    }),
  )
}

async function stored(): Promise<number> {
  const response = await fetch(`${up.url}/api/v1/timeseries?by=standing&from=-1h&step=60`)
  const { data } = (await response.json()) as { data: { points: [number, number][] }[] }
  return data.flatMap(({ points }) => points).reduce((sum, [, count]) => sum + count, 0)
}

const templates = Array.from({ length: TEMPLATES }, (_, i) =>
  renewable(otlpPayload({ spans: SPANS_A_PAYLOAD, errors: ERRORS, seed: i + 1, now: Date.now() })),
)

// Warm: a process that runs for days is not measured by its first second.
await sendAll(4_000)
await delay(2_000)
const before = await stored()
const cpu = cpuSecondsOf(pid)
const started = performance.now()
await sendAll(PAYLOADS)
const sentSeconds = (performance.now() - started) / 1000
let last = before
await eventually(
  async () => {
    const now = await stored()
    const settled = now === last && now > before ? true : undefined
    last = now
    if (!settled) await delay(1_200)
    return settled
  },
  'everything stored',
  60_000,
)
const used = cpuSecondsOf(pid) - cpu
const spans = PAYLOADS * SPANS_A_PAYLOAD

const answers: number[] = []
for (const template of templates) {
  answers.push(await send(Buffer.from(template())))
  await delay(20)
}

table('OTLP/HTTP over a socket → inserted, 10 % errors', [
  { what: 'spans per CPU-second of the process', figure: `${(spans / used / 1e6).toFixed(2)} M` },
  { what: 'CPU-s per M spans', figure: ((used / spans) * 1e6).toFixed(2) },
  {
    what: 'spans per second, sender on the same two cores',
    figure: `${(spans / sentSeconds / 1e3).toFixed(0)} k`,
  },
  { what: 'answer at low load, p50 ms', figure: quantile(answers, 0.5).toFixed(1) },
  { what: 'answer at low load, p99 ms', figure: quantile(answers, 0.99).toFixed(1) },
])

if (Number(minutes) > 0) {
  const readings: { minute: string; 'RSS MB': number }[] = []
  const end = performance.now() + Number(minutes) * 60_000
  let reading = performance.now()
  while (performance.now() < end) {
    await sendAll(TEMPLATES)
    if (performance.now() < reading) continue
    reading += 30_000
    readings.push({
      minute: ((performance.now() - end) / 60_000 + Number(minutes)).toFixed(1),
      'RSS MB': residentMegabytesOf(pid),
    })
  }
  table(`Memory under load (${refused} times asked to come again)`, readings)
}
await up.stop()
rmSync(data, { recursive: true })
process.exit(0)
