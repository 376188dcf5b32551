import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { compileCatalogs } from '../../services/catalog/classify.ts'
import { loadCatalogs } from '../../services/catalog/load.ts'
import { attributeTable } from '../../services/consumer/decode/attributes.ts'
import { createDecoder } from '../../services/consumer/decode/decoder.ts'
import { jsonToProtobuf } from '../../services/consumer/decode/json.ts'
import { createIngest, newIngestCounters } from '../../services/consumer/ingest.ts'
import { otlpPayload } from '../bench/otlp-payload.ts'
import { decodeMessage, ExportTraceServiceRequest, encodeMessage } from '../otlp-proto.ts'

const DATA = join(import.meta.dirname, '../../../shared/data/otlp')
const { catalogs } = await loadCatalogs([])
const compiled = compileCatalogs(catalogs)
const NOW = Date.now()

/** The stages up to the transport, which here only remembers. */
function ingestInto(recordBytes = 64 << 20) {
  const records: { fingerprint: string; record: Buffer }[] = []
  const counters = newIngestCounters()
  const accept = createIngest({
    decode: createDecoder({
      attributes: attributeTable({}),
      attributesPerSpan: 10_000,
      maxAgeMs: 29 * 86_400_000,
    }),
    fromJson: jsonToProtobuf,
    catalogs: () => compiled,
    async append(fingerprint, record) {
      records.push({ fingerprint: fingerprint.toString('hex'), record: Buffer.from(record) })
      return { status: 'done', duplicate: false }
    },
    recordBytes,
    cardinality: 10_000,
    counters,
  })
  return { accept, records, counters }
}

type Json = { [key: string]: unknown } | unknown[]
/** What protobufjs decoded, as OTLP/JSON has it: ids in hex, other bytes in base64. */
function toJson(value: unknown, key = ''): unknown {
  if (Buffer.isBuffer(value)) return value.toString(/Id$/.test(key) ? 'hex' : 'base64')
  if (Array.isArray(value)) return value.map((one) => toJson(one))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value as Json).map(([name, one]) => [name, toJson(one, name)]))
  return value
}

describe('JSON and protobuf', () => {
  test.each([0.02, 0.3, 1])('become the same record, %d of the spans failed', async (errors) => {
    for (const order of ['ascending', 'descending'] as const) {
      const body = otlpPayload({ spans: 200, errors, order, limits: 0.2, seed: 7, now: NOW })
      const json = Buffer.from(JSON.stringify(toJson(decodeMessage(ExportTraceServiceRequest, body))))
      const { accept, records, counters } = ingestInto()
      expect(await accept(body, 'protobuf', NOW)).toMatchObject({ status: 'done', rejectedSpans: 0 })
      expect(await accept(json, 'json', NOW)).toMatchObject({ status: 'done', rejectedSpans: 0 })
      expect(records[1]!.record.equals(records[0]!.record)).toBe(true)
      expect(counters).toMatchObject({ payloads: 2, spans: 400, clamped: 0 })
    }
  })
})

describe('the public OTLP data', () => {
  beforeEach(({ skip }) => skip(!existsSync(DATA), 'needs ../shared/data/otlp'))
  const files = existsSync(DATA) ? readdirSync(join(DATA, 'json')) : []

  test('every file becomes the same record as JSON and as protobuf, and every span is accounted for', async () => {
    const manifest = JSON.parse(readFileSync(join(DATA, 'manifest.json'), 'utf8')) as Record<
      string,
      { facts: { spans: number } }
    >
    let spans = 0
    for (const file of files) {
      const body = readFileSync(join(DATA, 'json', file))
      const { accept, records, counters } = ingestInto()
      expect(await accept(body, 'json', NOW), file).toMatchObject({ status: 'done' })
      const expected = manifest[`json/${file}`]!.facts.spans
      expect(counters.spans, file).toBe(expected)
      const bytes = jsonToProtobuf(body) as Buffer
      const decoded = decodeMessage(ExportTraceServiceRequest, bytes)
      await accept(encodeMessage(ExportTraceServiceRequest, decoded), 'protobuf', NOW)
      if (records.length > 0) expect(records[1]!.record.equals(records[0]!.record), file).toBe(true)
      spans += expected
    }
    expect(spans).toBeGreaterThan(0)
  })

  test('what is no OTLP is refused', async () => {
    for (const file of readdirSync(join(DATA, 'not_otlp'))) {
      const { accept, records } = ingestInto()
      const body = readFileSync(join(DATA, 'not_otlp', file))
      expect(await accept(body, 'json', NOW), file).toMatchObject({ status: 'reject' })
      expect(records).toEqual([])
    }
  })
})

describe('a payload whose record is more than the transport takes', () => {
  test('is refused with what to do, once and for all, and kept in no part', async () => {
    const { accept, records, counters } = ingestInto(20_000)
    const answer = await accept(otlpPayload({ spans: 512, errors: 1, now: NOW }), 'protobuf', NOW)
    expect(answer).toMatchObject({ status: 'reject', error: { message: expect.stringContaining('smaller') } })
    expect(records).toEqual([])
    expect(counters).toMatchObject({ refused: { too_large: 1 }, payloads: 0, spans: 0 })
    expect(await accept(otlpPayload({ spans: 20, errors: 1, now: NOW }), 'protobuf', NOW)).toMatchObject({
      status: 'done',
    })
  })
})

describe('a payload’s fingerprint', () => {
  test('is the same when it is sent again, and another for another payload', async () => {
    const { accept, records } = ingestInto()
    const body = otlpPayload({ errors: 0.1, seed: 1, now: NOW })
    await accept(body, 'protobuf', NOW)
    await accept(Buffer.from(body), 'protobuf', NOW + 60_000)
    await accept(otlpPayload({ errors: 0.1, seed: 2, now: NOW }), 'protobuf', NOW)
    const [first, again, other] = records.map(({ fingerprint }) => fingerprint)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })
})
