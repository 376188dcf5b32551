import { type Attributes, SpanKind } from '@opentelemetry/api'
import type { Instrumentation } from '@opentelemetry/instrumentation'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { expect, vi } from 'vitest'

/** The real SDK, keeping its spans. */
export function startSdk(instrumentations: Instrumentation[] = []) {
  const exporter = new InMemorySpanExporter()
  const sdk = new NodeSDK({
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
    instrumentations,
    metricReaders: [],
    logRecordProcessors: [],
    autoDetectResources: false,
  })
  sdk.start()
  const servers = (): ReadableSpan[] =>
    exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER)
  return {
    all: () => exporter.getFinishedSpans(),
    servers,
    reset: () => exporter.reset(),
    shutdown: () => sdk.shutdown(),
    /** The one span of one request, once it has ended. */
    one: async (): Promise<ReadableSpan & { attributes: Attributes }> => {
      await vi.waitUntil(() => servers().length > 0, { timeout: 10_000 })
      expect(servers()).toHaveLength(1)
      return servers()[0]!
    },
  }
}
