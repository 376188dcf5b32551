import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Payload } from '../../../services/consumer/columns/payload.ts'
import { attributeTable } from '../../../services/consumer/decode/attributes.ts'
import { createDecoder } from '../../../services/consumer/decode/decoder.ts'
import { otlpPayload } from '../../bench/otlp-payload.ts'
import { ARRIVAL_MS, arbitraryPayload, longVarint } from './arbitrary-payload.ts'
import {
  anyValue,
  attribute,
  binary,
  type Field,
  type FieldOrder,
  fixed32,
  fixed64,
  integer,
  message,
  text,
  varint,
} from './fields.ts'
import { readPayload } from './read-payload.ts'

const DAY_MS = 86_400_000
const NOW = BigInt(ARRIVAL_MS) * 1_000_000n
const decoderWith = (attributesPerSpan: number) =>
  createDecoder({ attributes: attributeTable(), attributesPerSpan, maxAgeMs: 30 * DAY_MS })
const decode = decoderWith(10_000)
const payload = new Payload(60_000)

function read(bytes: Uint8Array, how = decode) {
  payload.reset()
  const problem = how(bytes, payload, ARRIVAL_MS)
  return { problem, firstRejection: payload.firstRejection, ...readPayload(payload) }
}

/** A failed call of a server, with whatever is said besides. */
const failed = (...fields: Field[]): Field[] => [
  binary(1, Buffer.alloc(16, 1)),
  binary(2, Buffer.alloc(8, 2)),
  integer(6, 2),
  fixed64(7, NOW - 5_000_000n),
  fixed64(8, NOW),
  attribute('http.response.status_code', 500),
  attribute('api.error.code', 'BROKEN'),
  ...fields,
]
const resource = (name: string) => binary(1, message([attribute('service.name', name, 'ascending', 1)]))
const request = (...spans: Buffer[]) =>
  binary(1, message([resource('shop'), binary(2, message(spans.map((span) => binary(2, span))))])).bytes

describe('cut short', () => {
  test.each(['ascending', 'descending'] as FieldOrder[])('a request at every byte, fields %s', (order) => {
    const whole = otlpPayload({ spans: 3, errors: 0.5, limits: 1, order, now: ARRIVAL_MS })
    for (let length = 0; length < whole.length; length++) {
      const { problem } = read(whole.subarray(0, length))
      // Nothing at all is a request, too.
      if (length > 0) expect(problem?.reason).toMatch(/^\D+ at byte \d+$/)
    }
    expect(read(whole).problem).toBeNull()
  })

  test.each(['ascending', 'descending'] as FieldOrder[])('a span at every byte, fields %s', (order) => {
    const event = binary(
      11,
      message([text(2, 'exception'), attribute('exception.message', 'no', order, 3)], order),
    )
    const span = message(
      failed(event, attribute('x', ['a', 'b'], order), text(5, 'name'), binary(15, message([integer(3, 2)]))),
      order,
    )
    const neighbour = message(failed())
    for (let length = 0; length < span.length; length++) {
      const { problem, counts, errors } = read(request(neighbour, span.subarray(0, length), neighbour))
      expect(problem).toBeNull()
      expect(counts.spans).toBe(3)
      // Between two fields it is a span, if a poor one.
      expect(counts.rejected).toBeLessThanOrEqual(1)
      const neighbours = errors.filter(({ origin_index }) => origin_index !== 1)
      expect(neighbours.map(({ code, service }) => [code, service])).toEqual([
        ['BROKEN', 'shop'],
        ['BROKEN', 'shop'],
      ])
    }
  })
})

describe('wire types that do not fit', () => {
  const SPAN_TYPES: [number, number][] = [
    [1, 2],
    [2, 2],
    [3, 2],
    [4, 2],
    [5, 2],
    [6, 0],
    [7, 1],
    [8, 1],
    [9, 2],
    [10, 0],
    [11, 2],
    [12, 0],
    [13, 2],
    [14, 0],
    [15, 2],
    [16, 5],
  ]
  const ofType = (number: number, wireType: number): Field => {
    if (wireType === 0) return integer(number, 1)
    if (wireType === 1) return fixed64(number, 1n)
    return wireType === 2 ? binary(number, Buffer.alloc(0)) : fixed32(number, 1)
  }

  test.each(SPAN_TYPES)('field %i of a span costs the span', (number, right) => {
    for (const wireType of [0, 1, 2, 5].filter((one) => one !== right)) {
      for (const fields of [failed(ofType(number, wireType)), [ofType(number, wireType), ...failed()]]) {
        const { problem, counts, errors, traffic, firstRejection } = read(
          request(Buffer.concat(fields.map(({ bytes }) => bytes)), message(failed())),
        )
        expect(problem).toBeNull()
        expect(counts).toMatchObject({ spans: 2, rejected: 1, kept: 1, counted: 1 })
        expect(firstRejection).toMatch(/^span at byte \d+: a known field with another wire type$/)
        expect(errors[0]!.origin_index).toBe(1)
        expect(traffic[0]!.calls).toBe(1)
      }
    }
  })

  test.each([
    ['a key', binary(9, message([integer(1, 1), binary(2, anyValue('x').bytes)]))],
    ['a value', binary(9, message([text(1, 'api.error.code'), integer(2, 1)]))],
    ['a string in a value', binary(9, message([text(1, 'api.error.code'), binary(2, integer(1, 7).bytes)]))],
    [
      'an element of a list',
      binary(9, message([text(1, 'api.error.code'), binary(2, binary(5, integer(1, 7).bytes).bytes)])),
    ],
    ['a status code', binary(15, text(3, 'x').bytes)],
    ['a status message', binary(15, integer(2, 7).bytes)],
    ["an event's name", binary(11, integer(2, 7).bytes)],
  ])('%s costs the span', (_, field) => {
    expect(read(request(message(failed(field)))).counts).toMatchObject({ spans: 1, rejected: 1, kept: 0 })
  })

  test.each([
    ['ResourceSpans', integer(1, 7).bytes],
    ['Resource', binary(1, integer(1, 7).bytes).bytes],
    ['ScopeSpans', binary(1, integer(2, 7).bytes).bytes],
    ["a resource's attribute", binary(1, binary(1, integer(1, 7).bytes).bytes).bytes],
    ['a scope', binary(1, binary(2, integer(1, 7).bytes).bytes).bytes],
    ['a span', binary(1, binary(2, integer(2, 7).bytes).bytes).bytes],
  ])('%s costs the request', (_, bytes) => {
    expect(read(bytes).problem?.reason).toMatch(/^a known field with another wire type at byte \d+$/)
  })

  const OUTER: [string, Buffer, string][] = [
    ['a group', Buffer.from([0x9b, 0x06]), 'group'],
    ['the end of one', Buffer.from([0x9c, 0x06]), 'group'],
    ['wire type 7', Buffer.from([0x9f, 0x06]), 'group'],
    ['field 0', Buffer.from([0x00, 0x01]), 'field number'],
    ['a varint of 11 bytes', Buffer.concat([varint(30 * 8), Buffer.alloc(11, 0x80)]), 'more than 10 bytes'],
    ['a tag of 11 bytes', Buffer.alloc(11, 0x80), 'more than 10 bytes'],
    ['a length beyond everything', Buffer.concat([Buffer.from([0x0a]), varint(2n ** 63n)]), 'truncated'],
  ]
  test.each(OUTER)('%s is refused around and inside a span', (_, bytes, reason) => {
    expect(read(bytes).problem?.reason).toContain(reason)
    const inside = read(request(Buffer.concat([message(failed()), bytes])))
    expect(inside.problem).toBeNull()
    expect(inside.counts.rejected).toBe(1)
  })

  test.each([1, 7, 15, 17, 32])('a trace id of %i bytes', (size) => {
    expect(read(request(message([binary(1, Buffer.alloc(size)), integer(6, 2)]))).firstRejection).toContain(
      'an id',
    )
  })
})

describe('large and deep', () => {
  test('10,000 AnyValues in each other', () => {
    let deep = anyValue('bottom').bytes
    for (let i = 0; i < 10_000; i++) deep = binary(5, binary(1, deep).bytes).bytes
    for (const key of [
      'api.error.code',
      'http.response.header.x-request-id',
      'api.ratelimit.limit',
      'unknown',
    ]) {
      const { counts, errors } = read(
        request(message(failed(binary(9, message([text(1, key), binary(2, deep)]))))),
      )
      expect(counts).toMatchObject({ rejected: 0, kept: 1 })
      expect(errors[0]!.code).toBe('BROKEN')
    }
  })

  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => attribute(`some.attribute.${i}`, `value ${i}`))

  test('5,000 attributes, the ones that matter last', () => {
    const { errors, counts } = read(request(message([integer(6, 2), ...many(5000), ...failed().slice(5)])))
    expect(errors[0]).toMatchObject({ code: 'BROKEN', status: 500 })
    expect(counts.attributesDropped).toBe(0)
  })

  test('more attributes than allowed are not looked at, and counted', () => {
    const { counts } = read(
      request(message([integer(6, 2), ...many(20), ...failed().slice(5)])),
      decoderWith(16),
    )
    expect(counts).toMatchObject({ kept: 0, rejected: 0, attributesDropped: 6 })
  })

  test('a value of 1 MB is cut where it is kept and passed over where it is not', () => {
    const huge = 'é'.repeat(512 * 1024)
    const names = [
      'api.error.code',
      'api.request_id',
      'api.error.message',
      'http.route',
      'url.full',
      'api.consumer',
      'x',
    ]
    const { errors } = read(request(message(failed(...names.map((name) => attribute(name, huge))))))
    for (const name of ['code', 'request_id', 'message', 'route', 'consumer'])
      expect(errors[0]![name]).toBe('é'.repeat(128))
  })

  test('no bytes, no spans', () => {
    for (const bytes of [Buffer.alloc(0), request(), binary(1, Buffer.alloc(0)).bytes]) {
      const { problem, counts } = read(bytes)
      expect(problem).toBeNull()
      expect(counts.spans).toBe(0)
      expect(payload.isEmpty).toBe(true)
    }
  })

  test('a span twice is two spans', () => {
    const { errors } = read(request(message(failed()), message(failed())))
    expect(errors.map(({ origin_index }) => origin_index)).toEqual([0, 1])
  })
})

test('lengths and numbers written longer than they need to be', () => {
  const long = (number: number, bytes: Buffer) =>
    Buffer.concat([longVarint(number * 8 + 2), longVarint(bytes.length), bytes])
  const code = long(
    9,
    Buffer.concat([long(1, Buffer.from('api.error.code')), long(2, long(1, Buffer.from('SLOW')))]),
  )
  const status = long(15, Buffer.concat([longVarint(24), longVarint(2)]))
  const span = Buffer.concat([long(1, Buffer.alloc(16, 9)), longVarint(48), longVarint(3), code, status])
  const { errors } = read(long(1, Buffer.concat([long(1, Buffer.alloc(0)), long(2, long(2, span))])))
  expect(errors[0]).toMatchObject({ code: 'SLOW', kind: 'client', trace_id: '09'.repeat(16) })
})

describe('times that cannot be', () => {
  const YEAR_2262 = 9_223_372_036_854_775_807n
  test.each([
    ['0', 0n, 0n, NOW, 1],
    ['0 at the start only', 0n, NOW - 1n, NOW - 1n, 0],
    ['the year 2262', YEAR_2262, YEAR_2262, NOW, 1],
    ['beyond 63 bits', 2n ** 64n - 1n, 2n ** 64n - 1n, NOW, 1],
    ['before 2000', 946_684_799_999_999_999n, NOW, NOW, 1],
    ['older than what is kept', NOW - 31n * 86_400_000_000_000n, NOW, NOW, 1],
    ['an hour and a bit ahead', NOW + 3_601_000_000_000n, NOW, NOW, 1],
    ['almost an hour ahead', NOW + 3_599_000_000_000n, NOW, NOW + 3_599_000_000_000n, 0],
  ])('%s', (_, start, end, ts, clamped) => {
    const { errors, counts } = read(request(message([...failed(), fixed64(7, start), fixed64(8, end)])))
    expect(errors[0]!.ts).toBe(ts)
    expect(counts.clamped).toBe(clamped)
  })
})

test.each([
  "'; DROP TABLE errors; --",
  '<script>alert(1)</script>',
  'a,"b"\n\nc',
  '\0',
  '=1+1',
  'INSERT INTO t FORMAT JSONEachRow\n\n{}',
])('%j comes back unchanged', (value) => {
  const names = [
    'api.error.code',
    'api.request_id',
    'api.error.message',
    'http.route',
    'api.call_id',
    'api.consumer',
    'http.request.method',
  ]
  const { errors } = read(request(message(failed(...names.map((name) => attribute(name, value))))))
  for (const name of ['code', 'request_id', 'message', 'route', 'call_id', 'consumer', 'method'])
    expect(errors[0]![name]).toBe(value)
})

describe('whatever comes', () => {
  const isSound = (bytes: Uint8Array) => {
    const { counts, errors, attempts, traffic } = read(bytes)
    expect(counts.kept).toBe(errors.length)
    expect(traffic.reduce((sum, { calls }) => sum + calls, 0)).toBe(counts.counted)
    expect(errors.length + counts.rejected).toBeLessThanOrEqual(counts.spans)
    expect(attempts.length).toBeLessThanOrEqual(counts.counted)
  }

  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void read(bytes)),
      { numRuns: 500 },
    )
  })

  test('requests with bytes changed, left out and put in: no span is lost or counted twice', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'cut', 'put'))
    fc.assert(
      fc.property(arbitraryPayload, fc.array(change, { minLength: 1, maxLength: 4 }), (bytes, changes) => {
        let mutated = [...bytes]
        for (const [at, byte, how] of changes) {
          const place = mutated.length === 0 ? 0 : at % mutated.length
          mutated = mutated.toSpliced(place, how === 'put' ? 0 : 1, ...(how === 'cut' ? [] : [byte]))
        }
        payload.reset()
        if (decode(Buffer.from(mutated), payload, ARRIVAL_MS) === null) isSound(Buffer.from(mutated))
      }),
      { numRuns: 500 },
    )
  })
})

test('the fingerprint tells requests apart, and knows one again', () => {
  const mixOf = (...spans: Buffer[]) => {
    read(request(...spans))
    return `${payload.mixLow},${payload.mixHigh}`
  }
  const one = message(failed())
  const ids = [
    message([...failed(), binary(1, Buffer.alloc(16, 3))]),
    message([...failed(), binary(2, Buffer.alloc(8, 3))]),
    message([...failed(), fixed64(7, NOW)]),
  ]
  expect(mixOf(one, ids[0]!)).toBe(mixOf(one, ids[0]!))
  const all = [
    mixOf(),
    mixOf(one),
    mixOf(one, one),
    mixOf(one, ids[0]!),
    mixOf(ids[0]!, one),
    ...ids.map((id) => mixOf(id)),
  ]
  expect(new Set(all).size).toBe(all.length)
})
