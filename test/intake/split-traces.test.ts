import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitTraces } from '../../services/intake/split-traces.ts'
import { decodeMessage, ExportTraceServiceRequest, encodeMessage } from '../otlp-proto.ts'

interface Request {
  resourceSpans?: {
    resource?: unknown
    schemaUrl?: string
    scopeSpans?: { scope?: unknown; schemaUrl?: string; spans?: { spanId: Buffer }[] }[]
  }[]
}
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
/** Each span with all that it lies in, as text. */
const spansOf = (payload: Buffer): string[] =>
  ((decodeMessage(ExportTraceServiceRequest, payload) as Request).resourceSpans ?? []).flatMap(
    ({ scopeSpans = [], ...resource }) =>
      scopeSpans.flatMap(({ spans = [], ...scope }) =>
        spans.map((span) => JSON.stringify([resource, scope, span])),
      ),
  )

const span = fc
  .integer({ min: 0, max: 300 })
  .map((size) => ({ name: 'x'.repeat(size), spanId: randomBytes(8), traceId: randomBytes(16) }))
const request = fc.array(
  fc.record({
    resource: fc.string().map((name) => ({ attributes: [text('service.name', name)] })),
    schemaUrl: fc.constantFrom('', 'https://schema'),
    scopeSpans: fc.array(fc.record({ scope: fc.record({ name: fc.string() }), spans: fc.array(span) })),
  }),
)

test('pieces hold the same spans in the same place, and none is too large', () => {
  fc.assert(
    fc.property(request, fc.integer({ min: 500, max: 3_000 }), (resourceSpans, limit) => {
      const body = encodeMessage(ExportTraceServiceRequest, { resourceSpans })
      const split = splitTraces(body, limit)!
      for (const payload of split.payloads) expect(payload.length).toBeLessThanOrEqual(limit)
      expect(split.dropped).toBe(0)
      expect(split.payloads.flatMap(spansOf)).toEqual(spansOf(body))
    }),
    { numRuns: 60 },
  )
})

test('a span that is too large by itself is dropped and counted; the others go', () => {
  const spans = [10, 2_000, 20].map((size) => ({ name: 'x'.repeat(size), spanId: randomBytes(8) }))
  const body = encodeMessage(ExportTraceServiceRequest, { resourceSpans: [{ scopeSpans: [{ spans }] }] })
  const split = splitTraces(body, 500)!
  expect(split.dropped).toBe(1)
  expect(split.payloads.flatMap(spansOf)).toHaveLength(2)
})

test('what is no such request is refused, and nothing it does not know', () => {
  expect(splitTraces(Buffer.from('hello'), 1000)).toBeNull()
  expect(splitTraces(Buffer.from([0x0a, 200]), 1000)).toBeNull()
  expect(splitTraces(Buffer.from([0x08, 1]), 1000)).toBeNull()
  expect(splitTraces(Buffer.from([0x0a, 2, 0x0a, 200]), 1000)).toBeNull()
  expect(splitTraces(Buffer.alloc(0), 1000)).toEqual({ payloads: [], dropped: 0 })
  // A field of a later version.
  expect(splitTraces(Buffer.from([0x7a, 1, 65]), 1000)?.payloads).toHaveLength(1)
})
