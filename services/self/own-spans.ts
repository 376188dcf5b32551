import { setTimeout as delay } from 'node:timers/promises'
import {
  type Attributes,
  DiagLogLevel,
  diag,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { AlwaysOnSampler, BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import type { Notice } from '../contract/notice.ts'

/** A request that was answered. */
export interface Served {
  requestId: string | undefined
  /** null: what came was no HTTP. */
  method: string | null
  /** One of ours; null: there is nothing at that address. */
  route: string | null
  /** null: nobody waited for the answer. */
  status: number | null
  /** Of our catalog, for a failure. */
  code: string | null
  seconds: number
  /** Of the caller's span. */
  traceparent: string | undefined
}

export interface OwnSpans {
  /** Costs microseconds and waits for nothing; what cannot be sent in time is dropped. */
  served(request: Served): void
  /** Sends what there is yet, if that can be done soon. */
  stop(): Promise<void>
}

/** Soon enough that whoever is told a request id can look it up at once. */
const SEND_EVERY_MS = 500
/** 512 spans a request, as every SDK does it; more than so many waiting are dropped. */
const MOST_WAITING = 2048
const SEND_MS = 5_000
/** Of a stop, for the last of them. */
const STOP_MS = 3_000

/** Telltale as one of its own applications: the real SDK, sending to the port that everybody sends to. */
export function startOwnSpans({
  otlpUrl,
  authorization,
  version,
  notice,
}: {
  otlpUrl: string
  authorization: string
  version: string
  notice: Notice
}): OwnSpans {
  const report = (message: string, ...details: unknown[]) => notice('own spans', { message, details })
  diag.setLogger(
    { error: report, warn: report, info: () => {}, debug: () => {}, verbose: () => {} },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const exporter = new OTLPTraceExporter({
    url: `${otlpUrl}/v1/traces`,
    headers: { authorization },
    timeoutMillis: SEND_MS,
    // Its certificate has the name that others know this instance by; this request does not leave the machine.
    httpAgentOptions: otlpUrl.startsWith('https:') ? { rejectUnauthorized: false } : undefined,
  })
  const sdk = new NodeSDK({
    serviceName: 'telltale',
    resourceDetectors: [{ detect: () => ({ attributes: { 'service.version': version } }) }],
    sampler: new AlwaysOnSampler(),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: SEND_EVERY_MS,
        maxQueueSize: MOST_WAITING,
        exportTimeoutMillis: SEND_MS,
      }),
    ],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  })
  sdk.start()
  const tracer = trace.getTracer('telltale', version)

  return {
    served(request) {
      const { method, route, status, code, seconds, traceparent } = request
      const ended = Date.now()
      const parent =
        traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent })
      const name = `${method ?? 'HTTP'}${route === null ? '' : ` ${route}`}`
      const span = tracer.startSpan(
        name,
        { kind: SpanKind.SERVER, startTime: ended - seconds * 1000, attributes: attributesOf(request) },
        parent,
      )
      // As the conventions have it, a 4xx is no error of the server's span; that it has a code makes it one of ours.
      if (status !== null && status >= 500)
        span.setStatus({ code: SpanStatusCode.ERROR, message: code ?? '' })
      span.end(ended)
    },
    async stop() {
      const failed = (error: unknown) => notice('own spans could not be sent at the end', { error })
      await Promise.race([sdk.shutdown().catch(failed), delay(STOP_MS, undefined, { ref: false })])
    },
  }
}

const attributesOf = ({ requestId, method, route, status, code }: Served): Attributes => ({
  'http.request.method': method ?? '_OTHER',
  'http.route': route ?? undefined,
  'http.response.status_code': status ?? undefined,
  'api.error.code': code ?? undefined,
  'api.request_id': requestId,
})
