import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { eventually, startUp } from '../e2e/up.ts'
import { quantile, table } from './measure.ts'
import { otlpPayload } from './otlp-payload.ts'
import { cpuSecondsOf, residentMegabytesOf } from './process-cost.ts'
import { renewable } from './renewable.ts'

// The real process, asked 200 questions a second while 50,000 spans a second come in, by this one on the same cores.
// One question in ten is a lookup of another id, as support asks; the others are what the pages and dashboards of some
// dozens of people ask again and again. In the end everything acknowledged must have been counted.

const QUESTIONS_A_SECOND = 200
const PAYLOADS_A_SECOND = 98
const SPANS_A_PAYLOAD = 512
const SECONDS = 30
const WARM_SECONDS = 8
const ERRORS = 0.1

const data = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
const up = await startUp(data, { flags: ['--log-level', 'warn'] })
const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const templates = Array.from({ length: 16 }, (_, seed) =>
  renewable(otlpPayload({ spans: SPANS_A_PAYLOAD, errors: ERRORS, seed: seed + 1, now: Date.now() })),
)

let acknowledged = 0
let refused = 0
async function sendSpans(body: Buffer): Promise<void> {
  for (;;) {
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length }
      const message = request(`${up.otlpUrl}/v1/traces`, { method: 'POST', agent, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode!))
      })
      message.on('error', reject).end(body)
    })
    if (status === 200) {
      acknowledged += SPANS_A_PAYLOAD
      return
    }
    refused++
    await delay(1_000)
  }
}

const took: Record<string, number[]> = {}
const statuses: Record<number, number> = {}
function ask(kind: string, path: string): Promise<string> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    get(`${up.url}${path}`, { agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => {
        statuses[response.statusCode!] = (statuses[response.statusCode!] ?? 0) + 1
        took[kind] ??= []
        took[kind].push(performance.now() - started)
        resolve(text)
      })
    }).on('error', reject)
  })
}

const PAGES = [
  ['codes', '/api/v1/codes'],
  ['codes', '/api/v1/codes?provider=session-api'],
  ['codes', '/api/v1/codes?service=checkout&from=-1h'],
  ['timeseries', '/api/v1/timeseries?by=standing'],
  ['timeseries', '/api/v1/timeseries?by=code&from=-1h'],
  ['traffic', '/api/v1/traffic?from=-1h'],
  ['unknown', '/api/v1/unknown'],
  ['quotas', '/api/v1/quotas'],
  ['errors', '/api/v1/errors?limit=20'],
] as const

/** Evenly, however long each takes: what is slow must not slow down the asking. */
async function every(perSecond: number, seconds: number, what: (number: number) => Promise<unknown>) {
  const started = performance.now()
  const all: Promise<unknown>[] = []
  for (let i = 0; i < perSecond * seconds; i++) {
    const due = started + (i * 1000) / perSecond
    const wait = due - performance.now()
    if (wait > 1) await delay(wait)
    all.push(what(i))
  }
  await Promise.all(all)
}

const spans = (seconds: number) =>
  every(PAYLOADS_A_SECOND, seconds, (i) => sendSpans(Buffer.from(templates[i % templates.length]!())))

await spans(WARM_SECONDS)
const ids = await eventually(async () => {
  const { data } = JSON.parse(await ask('warm', '/api/v1/errors?limit=1000')) as {
    data: { request_id: string }[]
  }
  return data.length === 1000 ? data.map(({ request_id }) => request_id) : undefined
}, 'ids to look up')
const questions = (seconds: number) =>
  every(QUESTIONS_A_SECOND, seconds, (i) => {
    if (i % 10 === 0) return ask('lookup', `/api/v1/requests/${ids[(i * 7) % ids.length]!}`)
    const [kind, path] = PAGES[i % PAGES.length]!
    return ask(kind, path)
  })
await Promise.all([spans(WARM_SECONDS), questions(WARM_SECONDS)])
for (const kind of Object.keys(took)) took[kind] = []
for (const status of Object.keys(statuses)) statuses[Number(status)] = 0

const cpu = cpuSecondsOf(up.process.pid!)
await Promise.all([spans(SECONDS), questions(SECONDS)])
const used = cpuSecondsOf(up.process.pid!) - cpu

const counted = await eventually(
  async () => {
    const { data } = JSON.parse(await ask('warm', '/api/v1/traffic?from=-1h&series=20')) as {
      data: { calls: number }[]
    }
    const calls = data.reduce((sum, one) => sum + one.calls, 0)
    return calls >= acknowledged ? calls : undefined
  },
  'everything counted',
  20_000,
)
delete took.warm

const all = Object.values(took).flat()
table(
  `${QUESTIONS_A_SECOND} questions a second beside ${PAYLOADS_A_SECOND * SPANS_A_PAYLOAD} spans a second`,
  [['all', all] as const, ...Object.entries(took)].map(([question, times]) => ({
    question,
    asked: times.length,
    'p50 ms': quantile(times, 0.5).toFixed(1),
    'p95 ms': quantile(times, 0.95).toFixed(1),
    'p99 ms': quantile(times, 0.99).toFixed(1),
  })),
)
table('Beside that', [
  { what: 'answers by status', figure: JSON.stringify(statuses) },
  { what: 'spans acknowledged, and counted', figure: `${acknowledged}, ${counted}` },
  { what: 'payloads asked to come again', figure: refused },
  { what: 'CPU of the process, cores', figure: (used / SECONDS).toFixed(2) },
  { what: 'RSS MB', figure: residentMegabytesOf(up.process.pid!) },
])
await up.stop()
rmSync(data, { recursive: true })
process.exit(0)
