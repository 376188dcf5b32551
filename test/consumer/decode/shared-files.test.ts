import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { Payload } from '../../../services/consumer/columns/payload.ts'
import { attributeTable } from '../../../services/consumer/decode/attributes.ts'
import { createDecoder } from '../../../services/consumer/decode/decoder.ts'
import { ExportTraceServiceRequest, encodeMessage } from '../../otlp-proto.ts'
import { oracle } from './oracle.ts'
import { readPayload } from './read-payload.ts'

// Requests that other projects test themselves with, as protobuf. The manifest says what each holds.

const DATA = join(import.meta.dirname, '../../../../shared/data/otlp')
const isHere = existsSync(join(DATA, 'manifest.json'))

interface Facts {
  kind?: string[]
  spans: number
  http_status: Record<string, number>
  services: string[]
}
const manifest: Record<string, { facts: Facts; protobuf_error?: string }> = isHere
  ? JSON.parse(readFileSync(join(DATA, 'manifest.json'), 'utf8'))
  : { 'the payloads of ../shared/data/otlp': { facts: { kind: ['resourceSpans'] } } }
const files = Object.entries(manifest)
  .filter(([, { facts, protobuf_error }]) => facts.kind?.includes('resourceSpans') && !protobuf_error)
  .map(([file, { facts }]) => ({ file, facts }))

const ID = /^(?:[0-9a-f]{32}|[0-9a-f]{16})$/i
/** OTLP/JSON writes ids in hex where protobuf's own JSON has base64. */
const withBinaryIds = (_: string, value: unknown) =>
  typeof value === 'string' && ID.test(value) ? Buffer.from(value, 'hex').toString('base64') : value

describe('requests of other projects', () => {
  beforeEach(({ skip }) => skip(!isHere, `there is no ${DATA}`))

  test.each(files)('$file', ({ file, facts }) => {
    const request = JSON.parse(readFileSync(join(DATA, file), 'utf8'), withBinaryIds)
    const bytes = encodeMessage(ExportTraceServiceRequest, request)
    // They were recorded over years: nothing is too old here.
    const maxAgeMs = 50 * 365 * 86_400_000
    const arrivalMs = Date.UTC(2026, 10, 21)
    const decode = createDecoder({ attributes: attributeTable(), attributesPerSpan: 10_000, maxAgeMs })
    const payload = new Payload(60_000)
    expect(decode(bytes, payload, arrivalMs)).toBeNull()
    const read = readPayload(payload)
    expect(read).toEqual({ ...oracle(bytes, { arrivalMs, maxAgeMs }), traffic: expect.anything() })

    expect(read.counts.spans).toBe(facts.spans)
    const services = Array.from({ length: payload.dictionaries.service.count }, (_, id) =>
      payload.dictionaries.service.text(id),
    )
    expect(services.filter(Boolean).toSorted()).toEqual(facts.services.toSorted())
    const failed = Object.entries(facts.http_status).filter(([status]) => Number(status) >= 400)
    for (const [status, count] of failed)
      expect(read.errors.filter((row) => row.status === Number(status))).toHaveLength(count)
  })
})
