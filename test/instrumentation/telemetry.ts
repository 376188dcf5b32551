import { createRequire } from 'node:module'
import { type Attributes, context, metrics, propagation, SpanKind, trace } from '@opentelemetry/api'
import type { Instrumentation } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import {
  ApiErrorInstrumentation,
  type ApiErrorInstrumentationConfig,
} from '../../services/instrumentation/index.ts'

/** Where the official instrumentations of http and undici stand, before ours or after it, if they are there at all. */
export type Official = 'none' | 'before' | 'after'

/** The real SDK with our hook, and what comes out of it. */
export interface Telemetry {
  hook: ApiErrorInstrumentation
  /** CLIENT spans that have ended, once there are so many; what came before is forgotten. */
  clientSpans(count: number): Promise<ReadableSpan[]>
  spans(): ReadableSpan[]
  /** Attributes and value of each point of a counter. */
  counts(name: string): Promise<{ attributes: Attributes; value: number }[]>
  stop(): Promise<void>
}

/**
 * One for all, before any other hook: it patches a module the first time that it is required while anybody listens,
 * and all instrumentations of one version listen together.
 */
const http = new HttpInstrumentation()
const require = createRequire(import.meta.url)
require('node:http')
require('node:https')
http.disable()

function officialHttp(): HttpInstrumentation {
  http.enable()
  return http
}

export async function startTelemetry(
  config: ApiErrorInstrumentationConfig = {},
  official: Official = 'none',
): Promise<Telemetry> {
  const hook = new ApiErrorInstrumentation(config)
  const others: Instrumentation[] = official === 'none' ? [] : [officialHttp(), new UndiciInstrumentation()]
  const exporter = new InMemorySpanExporter()
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const sdk = new NodeSDK({
    autoDetectResources: false,
    instrumentations: official === 'after' ? [hook, ...others] : [...others, hook],
    logRecordProcessors: [],
    metricReaders: [new PeriodicExportingMetricReader({ exporter: metricExporter })],
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  })
  sdk.start()
  return {
    hook,
    spans: () => exporter.getFinishedSpans(),
    async clientSpans(count) {
      const ended = () => exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CLIENT)
      await until(() => ended().length >= count)
      const spans = ended()
      exporter.reset()
      return spans
    },
    async counts(name) {
      metricExporter.reset()
      await (
        sdk as unknown as { _meterProvider: { forceFlush(): Promise<void> } }
      )._meterProvider.forceFlush()
      return metricExporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: all }) => all))
        .filter(({ descriptor }) => descriptor.name === name)
        .flatMap(({ dataPoints }) =>
          dataPoints.map(({ attributes, value }) => ({ attributes, value: value as number })),
        )
    },
    async stop() {
      hook.disable()
      for (const other of others) other.disable()
      await sdk.shutdown()
      for (const api of [trace, context, propagation, metrics]) api.disable()
    },
  }
}

export async function until(holds: () => boolean, what = 'it holds'): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
