import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readError, readLimits } from '../../../services/instrumentation/read-error.ts'

const throwing = (): never => {
  throw new Error('a trap')
}

const hostile = [
  new Proxy({}, { get: throwing, ownKeys: throwing, has: throwing, getOwnPropertyDescriptor: throwing }),
  Object.defineProperty({ code: 'X_1' }, 'error', { enumerable: true, get: throwing }),
  { toString: throwing, valueOf: throwing, [Symbol.toPrimitive]: throwing, [Symbol.iterator]: throwing },
]
const revoked = Proxy.revocable([], {})
revoked.revoke()
const traps = [...hostile, revoked.proxy]

/** The generator cannot hold a trap itself: it makes placeholders, which are exchanged here. */
const trap = fc.nat(traps.length - 1).map((index) => `trap ${index}`)
function armed(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('trap ')) return traps[Number(value.slice(5))]
  if (Array.isArray(value)) return value.map(armed)
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value) || value instanceof Map)
    return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, armed(item)]))
}

const keys = fc.constantFrom(
  'error',
  'errors',
  'code',
  'message',
  'type',
  'retry_after',
  'details',
  'request_id',
  'status',
)
const object = fc.letrec((tie) => ({
  any: fc.oneof(fc.string(), fc.integer(), fc.constantFrom(null, true, false), trap, tie('object')),
  object: fc.oneof(fc.array(tie('any')), fc.dictionary(fc.oneof(keys, fc.string()), tie('any'))),
})).object
const jsonish = fc.array(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\\',
    '\\u',
    '1',
    'null',
    '"code"',
    '"error":{',
    'x',
    ' ',
    '\u0000',
  ),
  { maxLength: 60 },
)
const xmlish = fc.array(
  fc.constantFrom(
    '<',
    '>',
    '</',
    '/>',
    '<Error>',
    '<Code>',
    '</Code>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '&#x110000;',
    'a="',
    '?',
    ' ',
  ),
  { maxLength: 60 },
)

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.json(),
  jsonish.map((parts) => parts.join('')),
  xmlish.map((parts) => parts.join('')),
  object,
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withTypedArray: true,
  }),
)
const headerValues = fc.oneof(fc.string(), fc.integer(), fc.array(fc.string()), fc.constant(null), trap)
const names = fc.constantFrom(
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'x-ratelimit-reset',
  'content-type',
  'date',
  'x-request-id',
  'www-authenticate',
  'grpc-message',
  'x-amzn-errortype',
)
const headers = fc.oneof(
  fc.dictionary(fc.oneof(names, fc.string()), headerValues),
  fc.array(fc.tuple(names, headerValues)),
  fc.array(fc.string()),
  fc.constant(undefined),
  trap,
)

test('whatever it is given', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer(), fc.anything()), headers, bodies, (status, givenHeaders, givenBody) => {
      const [given, body] = [armed(givenHeaders), armed(givenBody)]
      const type = { 'content-type': 'application/cbor' }
      for (const response of [
        { status, headers: given, body },
        { status: 500, headers: type, body },
      ]) {
        const read = readError(response as never)
        if (read === null) continue
        for (const text of [read.code, read.message, read.requestId])
          expect(text === null || typeof text === 'string').toBe(true)
        expect(read.retryAfterMs === null || read.retryAfterMs >= 0).toBe(true)
      }
      expect(Array.isArray(readLimits(given))).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

test('things that are no response', () => {
  for (const thing of [null, undefined, 1, 'x', Symbol('x'), revoked.proxy, ...hostile]) {
    expect(() => readError(thing as never)).not.toThrow()
  }
  expect(() => readError({ status: 500 }, revoked.proxy as never)).not.toThrow()
})

test('an object that contains itself', () => {
  const body: Record<string, unknown> = { error: { code: 'LOOPED_1' } }
  body.self = body
  ;(body.error as Record<string, unknown>).cause = body
  expect(readError({ status: 500, body })?.code).toBe('LOOPED_1')
})

test('one getter that throws does not hide the rest', () => {
  const body = { message: 'words' }
  Object.defineProperty(body, 'error', { enumerable: true, get: throwing })
  Object.defineProperty(body, 'code', { enumerable: true, value: 'STILL_READ' })
  const given = Object.defineProperty({ 'x-request-id': 'r1' }, 'x-bad', { enumerable: true, get: throwing })
  expect(readError({ status: 500, headers: given, body })).toMatchObject({
    code: 'STILL_READ',
    requestId: 'r1',
  })
})

test('a page whose title does not end, brackets without end, a document type with entities', () => {
  const [depth, many] = [100_000, 20_000]
  for (const body of [
    '['.repeat(depth),
    '{"a":'.repeat(depth),
    '<a>'.repeat(depth),
    `<html><title>${'<'.repeat(depth)}`,
    '<!>'.repeat(depth),
    `<a ${'b '.repeat(depth)}`,
    `"${'\\'.repeat(depth)}`,
    `x=${' '.repeat(depth)}`,
    `<!DOCTYPE a [${'<!ENTITY b "&b;&b;">'.repeat(many)}]><Error><Code>SURE_X</Code></Error>`,
  ]) {
    expect(readError({ status: 500, body })).not.toBeNull()
  }
})
