import { trace } from '@opentelemetry/api'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { ApiErrorInstrumentation } from '../../services/instrumentation/index.ts'
import { median, table } from './measure.ts'
import { pairs, undiciCall } from './undici-call.ts'

// What the hook allocates for a failed call, by the size of the body that the application reads as a stream. To be run
// with --expose-gc and a young generation so large that nothing is collected while it is measured: what the heap and the
// buffers outside it have grown by is then all that was allocated.

const CALLS = 100
const ROUNDS = 9
const TURNS = 9
/** As sockets hand them over. */
const CHUNK = 65_536
const SIZES = { '2 KB': 2048, '8 KB': 8192, '1 MB': 2 ** 20, '10 MB': 10 * 2 ** 20 }

const collect = (globalThis as { gc?: (how: { type: 'minor' }) => void }).gc
if (collect === undefined) throw new Error('run it by: npm run bench hook')

const head = '{"error":{"code":"TOO_LITTLE","message":"No.","details":"'
const headers = pairs({ 'content-type': 'application/json', 'x-request-id': 'req_8f3a01c2' })

/** Every piece a buffer of its own, as from a socket. */
function chunksOf(size: number): Buffer[] {
  const body = Buffer.from(`${head.padEnd(size - 3, 'The amount is too large. ')}"}}`)
  return Array.from({ length: Math.ceil(size / CHUNK) }, (_, i) =>
    Buffer.from(body.subarray(i * CHUNK, (i + 1) * CHUNK)),
  )
}

function allocatedBy(chunks: Buffer[], size: number): number {
  const used = () => {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const round = () => {
    // A major one would throw away what the engine knows of the code, too.
    collect!({ type: 'minor' })
    const before = used()
    for (let i = 0; i < CALLS; i++) {
      if (undiciCall({ status: 422, headers, chunks }, {}) !== size) throw new Error('not read whole')
    }
    return (used() - before) / CALLS
  }
  return median(Array.from({ length: ROUNDS }, round))
}

/** With and without it in turns, of which the first two compile. */
function row(body: string, size: number) {
  const chunks = chunksOf(size)
  const without: number[] = []
  const added: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    hook.disable()
    const before = allocatedBy(chunks, size)
    hook.enable()
    const after = allocatedBy(chunks, size)
    if (turn < 2) continue
    without.push(before)
    added.push(after - before)
  }
  return {
    body,
    'with the official span, bytes': bytes(median(without)),
    'the hook adds, bytes': bytes(median(added)),
  }
}
const bytes = (count: number) => Math.round(count).toLocaleString('en')

trace.setGlobalTracerProvider(new TracerProvider())
const official = new UndiciInstrumentation()
const hook = new ApiErrorInstrumentation()

table(
  'What the hook allocates for an error, by the size of its body',
  Object.entries(SIZES).map(([body, size]) => row(body, size)),
)
hook.disable()
official.disable()
