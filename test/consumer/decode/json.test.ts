import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { jsonToProtobuf } from '../../../services/consumer/decode/json.ts'
import { decodeMessage, ExportTraceServiceRequest, encodeMessage } from '../../otlp-proto.ts'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const SPAN_ID = 'b7ad6b7169203331'
const hex = (text: string) => Buffer.from(text, 'hex')

interface Decoded {
  resourceSpans?: { resource?: object; scopeSpans?: { spans?: Record<string, unknown>[] }[] }[]
}

const convert = (json: string | Buffer) => jsonToProtobuf(Buffer.from(json))

function decoded(json: string | Buffer): Decoded {
  const bytes = convert(json)
  if ('reason' in bytes) throw new Error(bytes.reason)
  return decodeMessage(ExportTraceServiceRequest, bytes)
}

const reasonOf = (json: string | Buffer) => {
  const result = convert(json)
  return 'reason' in result ? result.reason : 'none'
}

/** The spans in a document; a string stands for one that the decoder must reject. */
const spansOf = (json: string | Buffer) =>
  (decoded(json).resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans ?? [])
    .flatMap(({ spans }) => spans ?? [])
    .map((span) => ((span.traceId as Buffer | undefined)?.length === 1 ? 'rejected' : span))

/** A document with one span, given as JSON so that a test can spell it its own way. */
const withSpan = (span: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`
const withValue = (value: string) => withSpan(`{"attributes":[{"key":"k","value":${value}}]}`)
const attributeOf = (value: string) => {
  const [span] = spansOf(withValue(value))
  return typeof span === 'object' ? (span.attributes as { value: unknown }[])[0].value : span
}

describe('spellings', () => {
  test('ids in hex and in base64, told apart by their length', () => {
    const base64 = (text: string) => hex(text).toString('base64')
    const ids = (trace: string, span: string) =>
      spansOf(withSpan(`{"traceId":"${trace}","spanId":"${span}","parentSpanId":"${span}"}`))
    const expected = [{ traceId: hex(TRACE_ID), spanId: hex(SPAN_ID), parentSpanId: hex(SPAN_ID) }]
    expect(ids(TRACE_ID, SPAN_ID)).toEqual(expected)
    expect(ids(TRACE_ID.toUpperCase(), SPAN_ID.toUpperCase())).toEqual(expected)
    expect(ids(base64(TRACE_ID), base64(SPAN_ID))).toEqual(expected)
    expect(ids(hex(TRACE_ID).toString('base64url'), hex(SPAN_ID).toString('base64url'))).toEqual(expected)
  })

  test('names as in JSON and as in the .proto file', () => {
    const [span] = spansOf(
      `{"resource_spans":[{"scope_spans":[{"spans":[{"trace_id":"${TRACE_ID}","parent_span_id":"${SPAN_ID}",
        "start_time_unix_nano":"1","end_time_unix_nano":"2","attributes":[{"key":"a","value":{"string_value":"x"}},
        {"key":"b","value":{"kvlist_value":{"values":[{"key":"c","value":{"int_value":"7"}}]}}}],
        "events":[{"time_unix_nano":"3","name":"exception"}]}]}]}]}`,
    )
    expect(span).toEqual({
      traceId: hex(TRACE_ID),
      parentSpanId: hex(SPAN_ID),
      startTimeUnixNano: '1',
      endTimeUnixNano: '2',
      attributes: [
        { key: 'a', value: { stringValue: 'x' } },
        { key: 'b', value: { kvlistValue: { values: [{ key: 'c', value: { intValue: '7' } }] } } },
      ],
      events: [{ timeUnixNano: '3', name: 'exception' }],
    })
  })

  test('times exact to the nanosecond, quoted or not, up to the year 2554', () => {
    const times = (start: string, end: string) =>
      spansOf(withSpan(`{"startTimeUnixNano":${start},"endTimeUnixNano": ${end}}`))
    const expected = [{ startTimeUnixNano: '1544712660123456789', endTimeUnixNano: '18446744073709551615' }]
    expect(times('"1544712660123456789"', '"18446744073709551615"')).toEqual(expected)
    expect(times('1544712660123456789', '18446744073709551615')).toEqual(expected)
    expect(times('0', '"0"')).toEqual([{}])
  })

  test('kind and status code by number and by name', () => {
    const both = (kind: string, code: string) =>
      spansOf(withSpan(`{"kind":${kind},"status":{"code":${code}}}`))
    expect(both('3', '2')).toEqual([{ kind: 3, status: { code: 2 } }])
    expect(both('"SPAN_KIND_CLIENT"', '"STATUS_CODE_ERROR"')).toEqual([{ kind: 3, status: { code: 2 } }])
    expect(both('99', '-1')).toEqual([{ kind: 99, status: { code: -1 } }])
    expect(both('"CLIENT"', '2')).toEqual(['rejected'])
    expect(both('1.5', '2')).toEqual(['rejected'])
  })

  test.each([
    ['{"intValue":"200"}', { intValue: '200' }],
    ['{"intValue":200}', { intValue: '200' }],
    ['{"intValue":-1}', { intValue: '-1' }],
    ['{"intValue":"-9223372036854775808"}', { intValue: '-9223372036854775808' }],
    ['{"intValue":9223372036854775807}', { intValue: '9223372036854775807' }],
    ['{"intValue":2e2}', { intValue: '200' }],
    ['{"intValue":"2e2"}', { intValue: '200' }],
    ['{"doubleValue":0.25}', { doubleValue: 0.25 }],
    ['{"doubleValue":"0.25"}', { doubleValue: 0.25 }],
    ['{"doubleValue":18446744073709551616}', { doubleValue: 2 ** 64 }],
    ['{"doubleValue":"NaN"}', { doubleValue: Number.NaN }],
    ['{"doubleValue":"-Infinity"}', { doubleValue: -Infinity }],
    ['{"boolValue":false}', { boolValue: false }],
    ['{"bytesValue":"AAEC"}', { bytesValue: Buffer.of(0, 1, 2) }],
    ['{"bytesValue":"_-8"}', { bytesValue: Buffer.of(255, 239) }],
    ['{"arrayValue":{"values":[{"stringValue":"a"},{},{"intValue":1}]}}', undefined],
    ['{"arrayValue":{}}', { arrayValue: {} }],
    ['{}', {}],
    ['{"stringValue":null}', {}],
    ['{"futureValue":{"x":[1]}}', {}],
  ])('%s', (json, expected) => {
    expect(attributeOf(json)).toEqual(
      expected ?? { arrayValue: { values: [{ stringValue: 'a' }, {}, { intValue: '1' }] } },
    )
  })

  test('null, unknown fields and fields that nobody reads are passed over', () => {
    expect(
      spansOf(
        withSpan(`{"name":"n","kind":null,"status":null,"attributes":null,"events":null,"parentSpanId":null,
          "__proto__":{"kind":3},"constructor":5,"droppedAttributesCount":"x","links":7,"flags":{},"toString":[]}`),
      ),
    ).toEqual([{ name: 'n' }])
    expect(spansOf('{"resourceSpans":null,"batches":[{}]}')).toEqual([])
    expect(decoded('{"resourceSpans":[{"resource":null,"scopeSpans":[{"spans":null},{}]}]}')).toEqual({
      resourceSpans: [{ resource: {}, scopeSpans: [{}, {}] }],
    })
  })

  test('of a key that stands twice the last wins', () => {
    expect(spansOf(withSpan('{"name":"a","kind":1,"name":"b"}'))).toEqual([{ name: 'b', kind: 1 }])
  })
})

describe('strings', () => {
  const text = (value: string) =>
    (attributeOf(`{"stringValue":${value}}`) as { stringValue: string }).stringValue

  test.each([
    "'; DROP TABLE errors; --",
    '<script>alert(1)</script>',
    'a,"b"\r\n\r\nSELECT 1\n',
    'nul \0 inside',
    'ünï¢ödé 🦑 \u2028',
    '__proto__',
    'x'.repeat(41),
    'x'.repeat(42),
    'é'.repeat(41),
    '漢'.repeat(41),
    '漢'.repeat(42),
    'x'.repeat(127),
    'x'.repeat(1_000_000),
  ])('come back unchanged: %.40j', (value) => {
    expect(text(JSON.stringify(value))).toBe(value)
  })

  test('a lone surrogate becomes the replacement character', () => {
    expect(text('"a\\ud800b"')).toBe('a\ufffdb')
    expect(text(`"${'x'.repeat(50)}\\udc00"`)).toBe(`${'x'.repeat(50)}\ufffd`)
  })

  test('so do bytes that are not UTF-8', () => {
    const json = Buffer.from(withValue('{"stringValue":"a?b"}'))
    json[json.indexOf('?')] = 0xff
    expect((spansOf(json)[0] as { attributes: unknown[] }).attributes).toEqual([
      { key: 'k', value: { stringValue: 'a\ufffdb' } },
    ])
  })

  test('a byte order mark before the document is no part of it', () => {
    expect(spansOf(`\ufeff${withSpan('{"kind":2}')}`)).toEqual([{ kind: 2 }])
  })
})

describe('a malformed value costs its span only', () => {
  test.each([
    '{"intValue":"invalid"}',
    '{"intValue":""}',
    '{"intValue":1.5}',
    '{"intValue":"9223372036854775808"}',
    `{"intValue":"${'9'.repeat(1_000_000)}"}`,
    `{"intValue":${'9'.repeat(1_000_000)}}`,
    '{"intValue":true}',
    '{"doubleValue":"0x10"}',
    '{"doubleValue":""}',
    '{"doubleValue":[]}',
    '{"boolValue":1}',
    '{"stringValue":5}',
    '{"bytesValue":"a b!"}',
    '{"arrayValue":[]}',
    '{"arrayValue":{"values":[null]}}',
    '{"kvlistValue":{"values":[{"key":1}]}}',
    '5',
  ])('%.60s', (value) => {
    const span = `{"attributes":[{"key":"k","value":${value}}]}`
    expect(spansOf(withSpan(`{"name":"before"},${span},{"name":"after"}`))).toEqual([
      { name: 'before' },
      'rejected',
      { name: 'after' },
    ])
  })

  test.each([
    '{"traceId":"abc"}',
    '{"traceId":7}',
    `{"traceId":"${'z'.repeat(32)}"}`,
    `{"spanId":"${TRACE_ID}"}`,
    `{"traceId":"${'!'.repeat(24)}"}`,
    `{"parentSpanId":"${'='.repeat(12)}"}`,
    '{"startTimeUnixNano":"yesterday"}',
    '{"startTimeUnixNano":-1}',
    '{"endTimeUnixNano":"18446744073709551616"}',
    '{"status":[]}',
    '{"events":{}}',
    '{"attributes":"x"}',
    '{"attributes":[null]}',
    'null',
    '[]',
    '"span"',
  ])('%.60s', (span) => {
    expect(spansOf(withSpan(`{"name":"before"},${span},{"name":"after"}`))).toEqual([
      { name: 'before' },
      'rejected',
      { name: 'after' },
    ])
  })

  test('a malformed resource costs the spans below it', () => {
    const resource = '{"attributes":[{"key":"service.name","value":{"intValue":"x"}}]}'
    const scopes = '"scopeSpans":[{"spans":[{"name":"a"},{"name":"b"}]}]'
    expect(
      spansOf(`{"resourceSpans":[{"resource":${resource},${scopes}},{"resource":{},${scopes}}]}`),
    ).toEqual(['rejected', 'rejected', { name: 'a' }, { name: 'b' }])
  })
})

describe('documents that are refused', () => {
  test.each([
    ['', 'not valid JSON'],
    ['{', 'not valid JSON'],
    ['{"resourceSpans":[]}{}', 'not valid JSON'],
    ['[]', 'not a JSON object'],
    ['null', 'not a JSON object'],
    ['"resourceSpans"', 'not a JSON object'],
    ['{"resourceSpans":{}}', 'resourceSpans is not an array'],
    ['{"resourceSpans":[5]}', 'resourceSpans holds something that is not an object'],
    ['{"resourceSpans":[{"scopeSpans":5}]}', 'scopeSpans is not an array'],
    ['{"resourceSpans":[{"scopeSpans":[null]}]}', 'scopeSpans holds something that is not an object'],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":"x"}]}]}', 'spans is not an array'],
    ['{"batches":[{"scopeSpans":[]}]}', 'not an OTLP request'],
    ['{"trace":{"resourceSpans":[]}}', 'not an OTLP request'],
  ])('%s', (json, reason) => {
    expect(reasonOf(json)).toContain(reason)
  })

  test.each([
    '{}',
    '{"unexpected1":"a","unexpected2":[]}',
    '{"resourceLogs":[{}]}',
    '{"resource_metrics":[]}',
  ])('but %s is a request without spans', (json) => expect(decoded(json)).toEqual({}))

  test('nesting has a bound, in and out of the fields that are read', () => {
    const nested = (levels: number) =>
      withValue(`${'{"arrayValue":{"values":['.repeat(levels)}{}${']}}'.repeat(levels)}`)
    expect(reasonOf(nested(80))).toBe('none')
    expect(reasonOf(nested(10_000))).toContain('nested')
    expect(reasonOf(`{"x":${'['.repeat(1_000_000)}`)).toContain('nested')
    expect(spansOf(withSpan(`{"name":"${'[{\\"'.repeat(1000)}"}`))).toHaveLength(1)
  })

  test('the number of values has a bound, of whatever kind they are', () => {
    const many = (value: string) => `{"resourceSpans":[],"x":[${`${value},`.repeat(1_200_000)}${value}]}`
    for (const value of ['{}', '[]', '1', '""', '12345678901234567'])
      expect(reasonOf(many(value))).toContain('more than 1200000 values')
    expect(reasonOf(`{"resourceSpans":[${'{},'.repeat(1_000_000)}{}]}`)).toContain('more than 1200000 values')
    expect(reasonOf(`{"resourceSpans":[${'[],'.repeat(10_000)}[]]}`)).not.toContain('values')
  })

  test('commas and brackets in a text are no values', () => {
    expect(spansOf(withSpan(`{"name":"${',[{'.repeat(1_000_000)}"}`))).toHaveLength(1)
  })
})

const shared = join(import.meta.dirname, '../../../../shared/data/otlp')

describe('the public payloads of ../shared/data/otlp', () => {
  beforeEach(({ skip }) => skip(!existsSync(shared), 'needs ../shared/data/otlp'))
  test('are here', () => expect(existsSync(shared)).toBe(true))
  interface Facts {
    spans?: number
    invalid?: string
    status_codes?: Record<string, number>
  }
  const manifest: Record<string, { facts: Facts }> = existsSync(shared)
    ? JSON.parse(readFileSync(join(shared, 'manifest.json'), 'utf8'))
    : {}
  // One attribute of the one span in it is no integer.
  const REJECTED: Record<string, number> = { 'edge/husky_L1741_invalid_span_attributes.json': 1 }

  test.each(Object.entries(manifest))('%s', (file, { facts }) => {
    const body = readFileSync(join(shared, file))
    if (file.startsWith('not_otlp/') || facts.invalid) return expect(reasonOf(body)).not.toBe('none')
    // Values and lists of values that belong inside a request.
    if (facts.spans === undefined && reasonOf(body) !== 'none')
      return expect(reasonOf(body)).toContain('not an OTLP request')
    const spans = spansOf(body)
    expect(spans).toHaveLength(facts.spans ?? 0)
    expect(spans.filter((span) => span === 'rejected')).toHaveLength(REJECTED[file] ?? 0)
  })
})

describe('any request', () => {
  // Each arbitrary makes one value twice: as it may stand in JSON, and as protobufjs wants it.
  type Twin = { json: unknown; proto: unknown }
  const twin = (json: unknown, proto: unknown = json): Twin => ({ json, proto })
  const raw = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON

  const integer = (bits: fc.Arbitrary<bigint>) =>
    fc
      .tuple(bits, fc.boolean())
      .map(([value, quoted]) => twin(quoted ? String(value) : raw(String(value)), String(value)))
  const anId = (size: number) =>
    fc
      .tuple(
        fc.uint8Array({ minLength: size, maxLength: size }),
        fc.constantFrom('hex', 'base64', 'base64url'),
      )
      .map(([bytes, spelling]) => twin(Buffer.from(bytes).toString(spelling as 'hex'), Buffer.from(bytes)))
  const someText = fc.string({ unit: 'grapheme', maxLength: 200 }).map((value) => twin(value))
  const nanos = integer(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))
  const named = (names: string[]) =>
    fc.nat(names.length - 1).chain((index) => fc.constantFrom(twin(index), twin(names[index], index)))

  const record = (fields: Record<string, fc.Arbitrary<Twin>>) =>
    fc
      .record(fields, { requiredKeys: [] })
      .map((value) =>
        twin(
          Object.fromEntries(Object.entries(value).map(([name, part]) => [name, part?.json])),
          Object.fromEntries(Object.entries(value).map(([name, part]) => [name, part?.proto])),
        ),
      )
  const list = (item: fc.Arbitrary<Twin>, maxLength: number) =>
    fc.array(item, { maxLength }).map((items) =>
      twin(
        items.map(({ json }) => json),
        items.map(({ proto }) => proto),
      ),
    )
  const only = (name: string, value: fc.Arbitrary<Twin>) =>
    value.map(({ json, proto }) => twin({ [name]: json }, { [name]: proto }))

  const { keyValue } = fc.letrec<{ anyValue: Twin; keyValue: Twin }>((tie) => ({
    anyValue: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      only('stringValue', someText),
      only('intValue', integer(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }))),
      only(
        'boolValue',
        fc.boolean().map((value) => twin(value)),
      ),
      only(
        'doubleValue',
        fc.double().map((value) => twin(Number.isFinite(value) ? value + 0 : String(value), value + 0)),
      ),
      only(
        'bytesValue',
        fc
          .uint8Array({ maxLength: 300 })
          .map((bytes) => twin(Buffer.from(bytes).toString('base64'), Buffer.from(bytes))),
      ),
      fc.constant(twin({})),
      only('arrayValue', record({ values: list(tie('anyValue'), 5) })),
      only('kvlistValue', record({ values: list(tie('keyValue'), 5) })),
    ),
    keyValue: record({ key: someText, value: tie('anyValue') }),
  }))

  const span = record({
    traceId: anId(16),
    spanId: anId(8),
    parentSpanId: anId(8),
    name: someText,
    kind: named([
      'SPAN_KIND_UNSPECIFIED',
      'SPAN_KIND_INTERNAL',
      'SPAN_KIND_SERVER',
      'SPAN_KIND_CLIENT',
      'SPAN_KIND_PRODUCER',
      'SPAN_KIND_CONSUMER',
    ]),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes: list(keyValue, 6),
    events: list(record({ timeUnixNano: nanos, name: someText, attributes: list(keyValue, 3) }), 3),
    status: record({
      message: someText,
      code: named(['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']),
    }),
  })
  const resource = record({ attributes: list(keyValue, 4) })
  const request = record({
    resourceSpans: list(
      fc
        .tuple(resource, record({ scopeSpans: list(record({ spans: list(span, 4) }), 3) }))
        .map(([resource, rest]) =>
          twin(
            { ...(rest.json as object), resource: resource.json },
            { ...(rest.proto as object), resource: resource.proto },
          ),
        ),
      3,
    ),
  })

  test('becomes the bytes that stand for the same to an independent decoder', () => {
    fc.assert(
      fc.property(request, ({ json, proto }) => {
        const expected = encodeMessage(ExportTraceServiceRequest, proto as object)
        expect(decoded(JSON.stringify(json))).toEqual(decodeMessage(ExportTraceServiceRequest, expected))
      }),
      { numRuns: 300 },
    )
  })

  test('cut or damaged anywhere never throws', () => {
    fc.assert(
      fc.property(request, fc.nat(), fc.nat(255), ({ json }, at, byte) => {
        const body = Buffer.from(JSON.stringify(json))
        convert(body.subarray(0, at % (body.length + 1)))
        body[at % body.length] = byte
        convert(body)
      }),
      { numRuns: 300 },
    )
  })
})
