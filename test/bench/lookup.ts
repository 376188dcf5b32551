import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { codeDetailOf } from '../../services/store/queries/code-detail.ts'
import { codes } from '../../services/store/queries/codes.ts'
import { errors } from '../../services/store/queries/errors.ts'
import { lookup } from '../../services/store/queries/lookup.ts'
import { timeseries } from '../../services/store/queries/timeseries.ts'
import { traffic } from '../../services/store/queries/traffic.ts'
import { unknownCodes } from '../../services/store/queries/unknown.ts'
import { quantile, residentMegabytes, table } from './measure.ts'
import { otlpPayload } from './otlp-payload.ts'
import { openPipeline } from './pipeline.ts'
import { renewable } from './renewable.ts'

// Questions over many rows of one day, while spans keep coming in. The rows are made in the engine, and go through
// the same views as any others.

const SIZES = [2_000_000, 20_000_000]
const CHUNK = 1_000_000
const QUESTIONS = 200
const DAY_MS = 86_400_000
/** Payloads of 512 spans a second, beside the questions. */
const BESIDE = 20

const data = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
const pipeline = await openPipeline(data)
const start = Date.now() - DAY_MS

const requestId = (number: string) => `concat('req_', lower(hex(sipHash64(${number}))))`
async function fill(from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += CHUNK)
    await pipeline.store.writer.command(
      `INSERT INTO errors (ts, provider, code, status, retry, retryable, standing, class, side, kind, service, service_version,
         environment, route, method, request_id, trace_id, span_id, consumer, duration_ms, message, origin, origin_offset, origin_index)
       SELECT fromUnixTimestamp64Nano(toInt64(${start} * 1000000 + (number + 0.5) * ${(DAY_MS * 1e6) / SIZES.at(-1)!}), 'UTC'),
         concat('provider-', toString(number % 7)), concat('CODE_', toString(sipHash64(number, 1) % 40)),
         [400, 401, 403, 404, 409, 429, 500, 503][1 + sipHash64(number, 1) % 8], 'backoff', true, 'known', 'upstream', 'client', 'client',
         concat('service-', toString(sipHash64(number, 2) % 20)), '1.4.2', 'production',
         concat('/v1/things/', toString(sipHash64(number, 3) % 50)), 'POST', ${requestId('number')},
         reinterpretAsFixedString(sipHash128(number)), reinterpretAsFixedString(sipHash64(number, 4)),
         concat('tenant-', toString(sipHash64(number, 5) % 400)), 12.5, 'The upstream did not answer in time', 'bench', intDiv(number, 512), number % 512
       FROM numbers(${at}, ${Math.min(CHUNK, to - at)}) SETTINGS max_insert_threads = 1`,
    )
}

let ingesting = true
// Made beforehand: making one blocks the process for longer than a question takes.
const bodies = Array.from({ length: BESIDE }, (_, seed) =>
  renewable(otlpPayload({ errors: 0.1, seed: seed + 1, now: Date.now() })),
)
async function keepIngesting(): Promise<void> {
  while (ingesting) {
    const next = performance.now() + 1_000
    for (const [i, body] of bodies.entries()) {
      if (!ingesting) return
      await pipeline.accept(body(), 'protobuf', Date.now())
      await delay(Math.max(0, (next - performance.now()) / (BESIDE - i)))
    }
  }
}

async function time(questions: number, ask: (index: number) => Promise<unknown>): Promise<[string, string]> {
  const took: number[] = []
  for (let i = 0; i < questions; i++) {
    const began = performance.now()
    await ask(i)
    took.push(performance.now() - began)
    await delay(5)
  }
  return [quantile(took, 0.5).toFixed(1), quantile(took, 0.95).toFixed(1)]
}

const rows: Record<string, string | number>[] = []
const { query } = pipeline.store.reader
let stored = 0
for (const size of SIZES) {
  await fill(stored, size)
  stored = size
  await pipeline.settled({ merges: true })
  const ids = await query(
    `SELECT ${requestId(`toUInt64(rand64() % ${size})`)} AS id FROM numbers(${QUESTIONS})`,
  )
  ingesting = true
  const beside = keepIngesting()
  const period = () => ({ from: new Date(Date.now() - DAY_MS), to: new Date() })
  await time(20, () => lookup(query, 'req_nothing'))
  let found = 0
  const answers = {
    'lookup of a request id': await time(QUESTIONS, async (i) => {
      found += Math.min(1, (await lookup(query, String(ids[i]!.id))).length)
    }),
    'lookup of what is not there': await time(50, (i) => lookup(query, `req_nothing_${i}`)),
    'codes, 24 h': await time(40, () => codes(query, { ...period(), limit: 100 })),
    'one code in detail, 24 h': await time(40, () =>
      codeDetailOf(query, { ...period(), provider: 'provider-3', code: 'CODE_7' }),
    ),
    'errors, the newest 100': await time(40, () => errors(query, { ...period(), limit: 100 })),
    'errors of one code and service': await time(40, () =>
      errors(query, {
        ...period(),
        limit: 100,
        provider: 'provider-3',
        code: 'CODE_7',
        service: 'service-2',
      }),
    ),
    'traffic by provider, 24 h': await time(40, () =>
      traffic(query, { ...period(), by: 'provider', step: 900, series: 20 }),
    ),
    'unknown codes, 24 h': await time(40, () => unknownCodes(query, { ...period(), limit: 100 })),
    'timeseries by standing, 24 h': await time(40, () =>
      timeseries(query, { ...period(), by: 'standing', step: 900 }),
    ),
  }
  ingesting = false
  await beside
  if (found !== QUESTIONS) throw new Error(`only ${found} of ${QUESTIONS} ids were found`)
  for (const [question, [p50, p95]] of Object.entries(answers))
    rows.push({ question, rows: `${size / 1e6} M`, 'p50 ms': p50, 'p95 ms': p95 })
}
table(`Questions while ${BESIDE * 512} spans a second come in (RSS ${residentMegabytes()} MB)`, rows)
await pipeline.close()
rmSync(data, { recursive: true })
process.exit(0)
