import { expect, test } from 'vitest'
import { readError } from '../../../services/instrumentation/read-error.ts'

// The same response, as the clients of Node hand it over.

const text = '{"error":{"code":"SLOW_DOWN","message":"Später"}}'
const bytes = new TextEncoder().encode(text)
const expected = { code: 'SLOW_DOWN', message: 'Später', requestId: 'r-1', retryAfterMs: 1500 }

const HEADERS: [what: string, headers: unknown][] = [
  ['fetch', new Headers({ 'X-Request-Id': 'r-1', 'Retry-After': '1.5' })],
  ['node:http', { 'x-request-id': 'r-1', 'retry-after': '1.5', 'set-cookie': ['a', 'b'] }],
  ['lists', { 'X-Request-Id': ['r-1'], 'Retry-After': ['1.5'] }],
  ['rawHeaders', ['X-Request-Id', 'r-1', 'Retry-After', '1.5']],
  [
    'undici',
    [Buffer.from('X-Request-Id'), Buffer.from('r-1'), Buffer.from('Retry-After'), Buffer.from('1.5')],
  ],
  [
    'pairs',
    [
      ['X-Request-Id', 'r-1'],
      ['Retry-After', '1.5'],
    ],
  ],
  [
    'a Map',
    new Map([
      ['X-Request-Id', 'r-1'],
      ['Retry-After', '1.5'],
    ]),
  ],
  ['numbers', { 'x-request-id': 'r-1', 'retry-after': 1.5 }],
]

test.each(HEADERS)('headers of %s', (_, headers) => {
  expect(readError({ status: 429, headers, body: text })).toMatchObject(expected)
})

const BODIES: [what: string, body: unknown][] = [
  ['bytes', bytes],
  ['a Buffer', Buffer.from(bytes)],
  ['a part of a larger buffer', new Uint8Array([1, 2, ...bytes, 3]).subarray(2, 2 + bytes.length)],
  ['an ArrayBuffer', bytes.buffer],
  ['with a byte order mark', `\uFEFF${text}`],
  ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['parsed', JSON.parse(text)],
  ['after a guard against scripts', `)]}',\n${text}`],
  ['with a comma too many', text.replace('}}', ',},}')],
]

test.each(BODIES)('a body as %s', (_, body) => {
  const headers = { 'x-request-id': 'r-1', 'retry-after': '1.5' }
  expect(readError({ status: 429, headers, body })).toMatchObject(expected)
})

test('compressed or binary bodies say nothing', () => {
  const body = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0x56])
  expect(readError({ status: 500, body })).toMatchObject({ code: null, message: null })
})

test('what the server says about sending it again', () => {
  const say = (headers: object, body: unknown) => readError({ status: 500, headers, body })?.shouldRetry
  expect(say({ 'x-should-retry': 'false' }, { error: { retryable: true } })).toBe(false)
  expect(say({}, { error: { code: 'x_y', is_transient: true } })).toBe(true)
  expect(say({}, '<Error><Code>X</Code><Retryable>false</Retryable></Error>')).toBe(false)
  expect(say({}, { error: { code: 'x_y' } })).toBeNull()
})
