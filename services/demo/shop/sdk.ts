import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import { inToldTime } from './in-told-time.ts'

// node --import ./sdk.ts --import …/instrumentation/register.ts app: an SDK of one's own, to which the hook comes.
// Where spans go, and who sends them, is in OTEL_*, as ever.

const SEND_EVERY_MS = 500
/** None may be dropped while the history is made, which is quicker than life. */
const MOST_WAITING = 200_000

export const sdk = new NodeSDK({
  spanProcessors: [
    inToldTime(
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        maxQueueSize: MOST_WAITING,
        scheduledDelayMillis: SEND_EVERY_MS,
      }),
    ),
  ],
  instrumentations: [],
})
sdk.start()
