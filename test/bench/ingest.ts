import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cost, perMillion, rate, residentMegabytes, table } from './measure.ts'
import { insertNaively } from './naive.ts'
import { otlpPayload } from './otlp-payload.ts'
import { openPipeline } from './pipeline.ts'
import { renewable } from './renewable.ts'

// From OTLP bytes to rows that can be asked for: decode, classify, journal with fdatasync, blocks, all tables and
// rollups, and the merges they cause. The naive path beside it: protobufjs, an object a row, JSONEachRow.

const SPANS_A_PAYLOAD = 512
const AT_ONCE = 32
/** Different requests, together larger than the caches near the core, as they come from a network. */
const TEMPLATES = 16
const SHARES = [
  { errors: 0.02, payloads: 8000 },
  { errors: 0.1, payloads: 20000 },
  { errors: 1, payloads: 2000 },
]

const [asked] = process.argv.slice(2)
if (asked === undefined) {
  // A process can have one embedded store.
  const rows = SHARES.map((_, index) => {
    const { stdout, status } = spawnSync(process.execPath, [import.meta.filename, String(index)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    })
    if (status !== 0) process.exit(1)
    return JSON.parse(stdout) as Record<string, string | number>
  })
  table('Decode → inserted, with journal, rollups and merges', rows)
} else {
  process.stdout.write(JSON.stringify(await measure(SHARES[Number(asked)]!)))
  process.exit(0)
}

async function measure({ errors, payloads }: (typeof SHARES)[number]) {
  const data = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
  const pipeline = await openPipeline(data)
  const now = Date.now()
  const bodies = Array.from({ length: TEMPLATES }, (_, seed) =>
    renewable(otlpPayload({ spans: SPANS_A_PAYLOAD, errors, seed: seed + 1, now })),
  )
  const send = async (count: number) => {
    let next = 0
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (next < count) await pipeline.accept(bodies[next++ % TEMPLATES]!(), 'protobuf', now)
      }),
    )
    await pipeline.settled({ merges: false })
  }
  // Warm: the code is compiled and the tables have parts to merge with.
  await send(500)
  const bytes = bodies.reduce((sum, body) => sum + body().length, 0) / TEMPLATES
  const before = await stored(pipeline)
  const inserted = await cost(async () => {
    await send(payloads)
    await pipeline.settled({ merges: true })
  })
  const after = await stored(pipeline)
  const resident = residentMegabytes()
  const spans = payloads * SPANS_A_PAYLOAD
  const naiveBodies = Array.from({ length: errors === 1 ? 60 : 100 }, (_, i) =>
    Buffer.from(bodies[i % TEMPLATES]!()),
  )
  const naive = await cost(() => insertNaively(pipeline.store.writer, naiveBodies))
  const naiveSpans = naiveBodies.length * SPANS_A_PAYLOAD
  await pipeline.close()
  rmSync(data, { recursive: true })
  return {
    errors: `${errors * 100} %`,
    'bytes a span': Math.round(bytes / SPANS_A_PAYLOAD),
    'spans per CPU-second': rate(spans, inserted),
    'CPU-s per M spans': perMillion(spans, inserted),
    'naive CPU-s per M': perMillion(naiveSpans, naive),
    ratio: (naive.cpuSeconds / naiveSpans / (inserted.cpuSeconds / spans)).toFixed(1),
    'wall s': inserted.wallSeconds.toFixed(1),
    blocks: pipeline.counters.blocks,
    'stored bytes an error': Math.round((after.bytes - before.bytes) / (after.errors - before.errors)),
    'RSS MB': resident,
  }
}

async function stored({ store }: Awaited<ReturnType<typeof openPipeline>>) {
  const [row] = await store.reader.query(
    `SELECT (SELECT count() FROM errors) AS errors,
       (SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'telltale') AS bytes`,
  )
  return { errors: Number(row!.errors), bytes: Number(row!.bytes) }
}
