import { Payload } from '../../services/consumer/columns/payload.ts'
import { attributeTable } from '../../services/consumer/decode/attributes.ts'
import { createDecoder } from '../../services/consumer/decode/decoder.ts'
import { ExportTraceServiceRequest } from '../otlp-proto.ts'
import { type Cost, cost, machine, median, perMillion, rate, table } from './measure.ts'
import { type FieldOrder, otlpPayload, type PayloadOptions } from './otlp-payload.ts'

// OTLP protobuf → columns and traffic, in memory: what the decoder alone costs. Beside it protobufjs, which makes
// objects of the same bytes in the same round and then knows nothing yet of errors, codes or traffic.

const SPANS = 512
/** Different requests, together larger than the caches near the core, as they come from a network. */
const PAYLOADS = 8
const ROUNDS = 5
const OURS_MS = 400
const THEIRS_MS = 300

const CASES: { what: string; options: PayloadOptions }[] = (
  ['ascending', 'descending'] as FieldOrder[]
).flatMap((order) =>
  [0.02, 0.1, 1].map((errors) => ({
    what: `${errors * 100} % errors, fields ${order}`,
    options: { order, errors },
  })),
)
CASES.push({ what: '10 % errors, rate-limit headers on client spans', options: { errors: 0.1, limits: 1 } })

export async function benchDecode(): Promise<void> {
  const rows = []
  for (const { what, options } of CASES) rows.push(await measure(what, options))
  table('OTLP protobuf → columns and traffic', rows)
}

async function measure(what: string, options: PayloadOptions) {
  const now = Date.now()
  const bodies = Array.from({ length: PAYLOADS }, (_, i) =>
    otlpPayload({ ...options, spans: SPANS, seed: i + 1, now }),
  )
  const decode = createDecoder({
    attributes: attributeTable(),
    attributesPerSpan: 10_000,
    maxAgeMs: 30 * 86_400_000,
  })
  const payload = new Payload(10_000)
  const ours = (body: Buffer) => {
    payload.reset()
    const problem = decode(body, payload, now)
    if (problem !== null) throw new Error(problem.reason)
  }
  const theirs = (body: Buffer) => void ExportTraceServiceRequest.decode(body)

  // The first round warms up.
  const rounds: { ours: Cost; ourSpans: number; theirs: Cost; theirSpans: number }[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const [ourCost, ourSpans] = await repeat(ours, bodies, OURS_MS)
    const [theirCost, theirSpans] = await repeat(theirs, bodies, THEIRS_MS)
    if (round > 0) rounds.push({ ours: ourCost, ourSpans, theirs: theirCost, theirSpans })
  }
  const middle = {
    ours: medianCost(rounds.map(({ ours: of, ourSpans }) => of.cpuSeconds / ourSpans)),
    theirs: medianCost(rounds.map(({ theirs: of, theirSpans }) => of.cpuSeconds / theirSpans)),
  }
  const bytes = bodies.reduce((sum, { length }) => sum + length, 0) / (PAYLOADS * SPANS)
  return {
    '': what,
    'bytes a span': Math.round(bytes),
    'spans a CPU-second': rate(1, middle.ours),
    'CPU-s a million': perMillion(1, middle.ours),
    protobufjs: rate(1, middle.theirs),
    ratio: (middle.theirs.cpuSeconds / middle.ours.cpuSeconds).toFixed(1),
  }
}

const medianCost = (secondsPerSpan: number[]): Cost => ({
  cpuSeconds: median(secondsPerSpan),
  wallSeconds: 0,
})

async function repeat(
  work: (body: Buffer) => void,
  bodies: Buffer[],
  ms: number,
): Promise<[Cost, spans: number]> {
  let spans = 0
  const used = await cost(() => {
    const until = performance.now() + ms
    while (performance.now() < until) {
      for (const body of bodies) work(body)
      spans += bodies.length * SPANS
    }
  })
  return [used, spans]
}

if (import.meta.main) {
  console.log(`# ${machine()}, ${new Date().toISOString().slice(0, 10)}`)
  await benchDecode()
}
