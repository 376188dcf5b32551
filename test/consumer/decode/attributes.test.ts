import { describe, expect, test } from 'vitest'
import { Payload } from '../../../services/consumer/columns/payload.ts'
import { attributeTable, SPAN, type UserAliases } from '../../../services/consumer/decode/attributes.ts'
import { createDecoder } from '../../../services/consumer/decode/decoder.ts'
import { RPC_CODES } from '../../../services/consumer/decode/rpc.ts'
import { attribute, binary, type Field, fixed64, integer, message, type Value } from './fields.ts'
import { readPayload } from './read-payload.ts'

const ARRIVAL_MS = Date.UTC(2026, 10, 21, 12)
const NOW = BigInt(ARRIVAL_MS) * 1_000_000n
const CLIENT = 3
const INTERNAL = 1
const payload = new Payload(10_000)

function decode(
  attributes: Record<string, Value>,
  { kind = CLIENT, aliases = {}, fields = [] as Field[] } = {},
) {
  payload.reset()
  const span = message([
    integer(6, kind),
    fixed64(7, NOW - 1_000_000n),
    fixed64(8, NOW),
    ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    ...fields,
  ])
  const bytes = binary(1, binary(2, binary(2, span).bytes).bytes).bytes
  const table = attributeTable(aliases as UserAliases)
  createDecoder({ attributes: table, attributesPerSpan: 1000, maxAgeMs: 1e9 })(bytes, payload, ARRIVAL_MS)
  return readPayload(payload)
}
const exception = (message_: string): Field =>
  binary(
    11,
    message([binary(2, Buffer.from('exception')), attribute('exception.message', message_, 'ascending', 3)]),
  )

describe('names are found, and only they', () => {
  const { span: table } = attributeTable({ code: ['my.code', 'x', 'ab', 'a.very.long.name'.repeat(20)] })
  const find = (name: string) => {
    const bytes = Buffer.from(`#${name}#`)
    return table.find(bytes, 1, bytes.length - 1)
  }

  test.each([
    ['api.error.code', SPAN.code],
    ['my.code', SPAN.code],
    ['x', SPAN.code],
    ['ab', SPAN.code],
    ['a.very.long.name'.repeat(20), SPAN.code],
    ['http.response.header.x-request-id', SPAN.requestId],
    ['http.response.header.x_request_id', SPAN.requestId],
    ['user.id', SPAN.consumer],
    ['url.full', SPAN.url],
  ])('%s', (name, meaning) => {
    expect(table.entries[find(name)]!.meaning).toBe(meaning)
  })

  test('one letter off is another name', () => {
    for (const name of ['api.error.code', 'user.id', 'http.response.header.x-request-id', 'ab'])
      for (let at = 0; at < name.length; at++) {
        const other = `${name.slice(0, at)}~${name.slice(at + 1)}`
        expect(find(other)).toBe(0)
        // Both ways to look a name up: usual attributes, and all others.
        expect(decode({ [other]: 'CODE', 'http.response.status_code': 500 }).errors[0]!.code).toBe('')
      }
    expect(find('')).toBe(0)
  })
})

describe('the first name that is found wins', () => {
  test('in whatever order they stand', () => {
    for (const [first, second] of [
      ['api.error.code', 'error.code'],
      ['error.code', 'app.error.code'],
      ['app.error.code', 'exception.code'],
    ] as const) {
      expect(decode({ [first]: 'A', [second]: 'B', 'http.status_code': 500 }).errors[0]!.code).toBe('A')
      expect(decode({ [second]: 'B', [first]: 'A', 'http.status_code': 500 }).errors[0]!.code).toBe('A')
    }
  })

  test('an empty or unreadable value is none', () => {
    const { errors } = decode({
      'api.error.code': '',
      'error.code': 'B',
      'http.response.status_code': 'none',
      'http.status_code': '404',
    })
    expect(errors[0]).toMatchObject({ code: 'B', status: 404 })
  })

  test('numbers as numbers, text, doubles and lists', () => {
    for (const value of [503, '503', 503.0, ['503'], 503.9])
      expect(decode({ 'http.response.status_code': value }).errors[0]!.status).toBe(503)
    for (const value of ['', 'x', -1, 65_536, Number.NaN, true, [503]])
      expect(decode({ 'http.response.status_code': value }).errors).toEqual([])
  })

  test('a number where text is wanted', () => {
    for (const [value, expected] of [
      [1234, '1234'],
      [-32_601, '-32601'],
      [9_223_372_036_854_775_807n, '9223372036854775807'],
    ] as const)
      expect(decode({ 'api.error.code': value, 'api.request_id': value }).errors[0]).toMatchObject({
        code: expected,
        request_id: expected,
      })
  })
})

describe("a user's aliases", () => {
  const aliases = {
    code: ['my.code'],
    status: ['my.status'],
    request_id: ['my.request'],
    retry_after: ['my.wait', 'my.wait_ms'],
    message: ['my.message'],
    provider: ['my.provider'],
    attempt: ['my.attempt'],
    call_id: ['my.call'],
    consumer: ['my.consumer'],
  }

  test('are read, after the official names', () => {
    const own = {
      'my.code': 'MINE',
      'my.request': 'r1',
      'my.message': 'm',
      'my.attempt': 2,
      'my.call': 'c',
      'my.consumer': 'u',
    }
    expect(decode(own, { aliases, kind: INTERNAL }).errors[0]).toMatchObject({
      code: 'MINE',
      request_id: 'r1',
      message: 'm',
      attempt: 2,
      call_id: 'c',
      consumer: 'u',
    })
    const both = { ...own, 'error.code': 'THEIRS', 'api.request_id': 'r0', 'api.error.message': 'first' }
    expect(decode(both, { aliases }).errors[0]).toMatchObject({
      code: 'THEIRS',
      request_id: 'r0',
      other_request_ids: 'r1',
      message: 'first',
    })
  })

  test('one for the code makes a span of any kind an error event, and goes before what is only guessed', () => {
    expect(
      decode({ 'my.code': 'MINE', 'error.type': 'timeout' }, { aliases, kind: INTERNAL }).errors[0]!.code,
    ).toBe('MINE')
    expect(decode({ 'my.code': 'MINE' }, { kind: INTERNAL }).errors).toEqual([])
  })

  test('retry_after is seconds or a date, or ms by its name', () => {
    expect(decode({ 'my.status': 429, 'my.wait': '2' }, { aliases }).errors[0]!.retry_after_ms).toBe(2000)
    expect(decode({ 'my.status': 429, 'my.wait_ms': '250' }, { aliases }).errors[0]!.retry_after_ms).toBe(250)
  })

  test('a name may have two meanings', () => {
    const { errors } = decode(
      { 'error.type': 'PaymentDeclined' },
      { aliases: { code: ['error.type'] }, kind: INTERNAL },
    )
    expect(errors[0]!.code).toBe('PaymentDeclined')
  })
})

describe('error events', () => {
  test.each([
    ['HTTP 400', { 'http.response.status_code': 400 }, true],
    ['HTTP 399', { 'http.response.status_code': 399 }, false],
    ['gRPC 5', { 'rpc.grpc.status_code': 5 }, true],
    ['gRPC 0', { 'rpc.grpc.status_code': 0 }, false],
    ['RPC NOT_FOUND', { 'rpc.response.status_code': 'NOT_FOUND' }, true],
    ['RPC OK', { 'rpc.response.status_code': 'OK' }, false],
    ['RPC 0', { 'rpc.response.status_code': 0 }, false],
    ["another's code", { 'error.code': 'X' }, false],
    ['our code', { 'api.error.code': 'X' }, true],
  ])('%s', (_, attributes, isError) => {
    const { errors, traffic } = decode(attributes as Record<string, Value>)
    expect(errors).toHaveLength(Number(isError))
    for (const { errors: counted } of traffic) expect(counted).toBe(Number(isError))
  })

  test.each([2, 3, 4, 5])('status Error and exceptions count for kind %i', (kind) => {
    expect(decode({}, { kind, fields: [binary(15, integer(3, 2).bytes)] }).errors).toHaveLength(1)
    expect(decode({}, { kind, fields: [exception('broken')] }).errors[0]).toMatchObject({ message: 'broken' })
    expect(decode({}, { kind, fields: [binary(15, integer(3, 1).bytes)] }).errors).toEqual([])
  })

  test.each([0, INTERNAL, 6, 99])('but not for kind %i, which only passes them on', (kind) => {
    const fields = [binary(15, integer(3, 2).bytes), exception('broken')]
    expect(decode({ 'http.response.status_code': 500 }, { kind, fields }).errors).toEqual([])
    expect(decode({ 'api.error.code': 'X' }, { kind, fields }).errors).toHaveLength(1)
  })

  test.each(RPC_CODES.map((name, number) => [number, name] as const).slice(1))(
    'gRPC code %i is %s',
    (number, name) => {
      expect(decode({ 'rpc.grpc.status_code': number }).errors[0]!.code).toBe(name)
    },
  )

  test('a resend that succeeded is an attempt, one that failed an error', () => {
    const resent = { 'http.request.resend_count': 2, 'api.call_id': 'c1' }
    const good = decode({ ...resent, 'http.response.status_code': 200 })
    expect(good.attempts[0]).toMatchObject({ attempt: 2, call_id: 'c1', status: 200 })
    expect(good.traffic[0]).toMatchObject({ calls: 1, errors: 0, retries: 1, status_class: '2xx' })
    const bad = decode({ ...resent, 'http.response.status_code': 500 })
    expect(bad.attempts).toEqual([])
    expect(bad.traffic[0]).toMatchObject({ calls: 1, errors: 1, retries: 1, status_class: '5xx' })
  })

  test('the message comes without its secrets', () => {
    const { errors } = decode({ 'api.error.code': 'X', 'api.error.message': 'token=abc for bob@example.com' })
    expect(errors[0]!.message).toBe('token=[redacted] for [email]')
  })
})

describe('quota samples', () => {
  const h = (name: string) => `http.response.header.${name}`

  test('scalars and lists of our hook', () => {
    expect(
      decode({ 'api.ratelimit.limit': 100, 'api.ratelimit.remaining': 7, 'api.ratelimit.reset_ms': 1500 })
        .quotaSamples,
    ).toMatchObject([{ ts: NOW, name: '', limit: 100n, remaining: 7n, reset: BigInt(ARRIVAL_MS + 1500) }])
    expect(
      decode({
        'api.ratelimit.name': ['requests', 'tokens'],
        'api.ratelimit.limit': [100, 9000],
        'api.ratelimit.remaining': [7, '8000'],
      }).quotaSamples,
    ).toMatchObject([
      { name: 'requests', limit: 100n, remaining: 7n, reset: null },
      { name: 'tokens', limit: 9000n, remaining: 8000n, reset: null },
    ])
  })

  test('headers, whether the call failed or not', () => {
    for (const status of [200, 429])
      expect(
        decode({
          'http.response.status_code': status,
          [h('x-ratelimit-limit')]: ['60'],
          [h('x-ratelimit-remaining')]: ['0'],
          [h('x-ratelimit-reset')]: ['30'],
        }).quotaSamples,
      ).toMatchObject([{ name: '', limit: 60n, remaining: 0n, reset: BigInt(ARRIVAL_MS + 30_000) }])
  })

  test('the forms of the drafts', () => {
    expect(
      decode({ [h('ratelimit')]: '"default";r=50;t=30', [h('ratelimit-policy')]: '"default";q=100;w=60' })
        .quotaSamples,
    ).toMatchObject([{ name: 'default', limit: 100n, remaining: 50n, reset: BigInt(ARRIVAL_MS + 30_000) }])
    expect(decode({ [h('ratelimit')]: 'limit=100, remaining=50, reset=30' }).quotaSamples).toMatchObject([
      { name: '', limit: 100n, remaining: 50n },
    ])
  })

  test('limits with names of their own', () => {
    expect(
      decode({ [h('x-ratelimit-remaining-tokens')]: '5', [h('x-ratelimit-remaining-requests')]: '6' })
        .quotaSamples,
    ).toMatchObject([
      { name: 'tokens', remaining: 5n },
      { name: 'requests', remaining: 6n },
    ])
  })

  test('a reset alone is no sample', () => {
    expect(decode({ [h('x-ratelimit-reset')]: '30', 'api.ratelimit.reset_ms': 5 }).quotaSamples).toEqual([])
  })
})
