import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { trace } from '@opentelemetry/api'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { ApiErrorInstrumentation } from '../../services/instrumentation/index.ts'
import { tableOfAdded } from './hook-added.ts'
import { tablesOfPackage } from './hook-package.ts'
import { pairs, undiciCall } from './undici-call.ts'

// What the hook adds to a call, beyond OpenTelemetry's own span: undici's requests with the official instrumentation,
// with the hook and without it in turns, everything of undici's but the network.

const usual = {
  date: 'Sat, 21 Nov 2026 12:00:00 GMT',
  'content-type': 'application/json; charset=utf-8',
  'content-length': '2048',
  connection: 'keep-alive',
  'cache-control': 'no-store',
  'x-request-id': 'req_8f3a01c2',
  'strict-transport-security': 'max-age=31536000',
  vary: 'Accept-Encoding',
}
const limits = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '99', 'x-ratelimit-reset': '30' }
const message = 'The amount given is larger than what the account holds at this time. '
const error = Buffer.from(
  JSON.stringify({ error: { code: 'TOO_LITTLE', message: 'No.', details: message.repeat(28) } }).slice(
    0,
    2048,
  ),
)

interface Case {
  what: string
  status: number
  headers: Buffer[]
  body: Buffer
  hasKey?: boolean
}
const CASES: Case[] = [
  { what: 'success', status: 200, headers: pairs(usual), body: error },
  {
    what: 'success, three rate-limit headers',
    status: 200,
    headers: pairs({ ...usual, ...limits }),
    body: error,
  },
  {
    what: 'success, with an Idempotency-Key',
    status: 200,
    headers: pairs(usual),
    body: error,
    hasKey: true,
  },
  { what: 'error of 2 KB', status: 422, headers: pairs(usual), body: error },
  {
    what: 'error of 2 KB, rate limits and Retry-After',
    status: 429,
    headers: pairs({ ...usual, ...limits, 'retry-after': '2' }),
    body: error,
  },
  {
    what: 'error of 2 KB, gzip',
    status: 422,
    headers: pairs({ ...usual, 'content-encoding': 'gzip' }),
    body: gzipSync(error),
  },
]

let keys = 0
function call({ status, headers, body, hasKey }: Case): void {
  undiciCall({ status, headers, chunks: [body] }, hasKey ? { 'idempotency-key': `key-${keys++}` } : {})
}

trace.setGlobalTracerProvider(new TracerProvider())
const official = new UndiciInstrumentation()
const hook = new ApiErrorInstrumentation({ providers: { shop: { hosts: ['api.session.example'] } } })

await tableOfAdded('What the hook adds to a call', 'call', { cases: CASES, hook, once: call })

function heapMegabytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const [success, , , failure] = CASES
function many(count: number): void {
  for (let i = 0; i < count; i++) call(i % 10 === 0 ? failure! : success!)
}
many(100_000)
const start = heapMegabytes()
many(1_000_000)
console.log(
  `\nHeap over 1,000,000 calls, a tenth of them failed: ${start.toFixed(1)} → ${heapMegabytes().toFixed(1)} MB`,
)
official.disable()
hook.disable()

const allocated = join(import.meta.dirname, 'hook-allocated.ts')
// Nothing is collected while it counts what is allocated.
const flags = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']
execFileSync(process.execPath, [...flags, allocated], { stdio: 'inherit' })
tablesOfPackage()
