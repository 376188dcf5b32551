import { expect, test } from 'vitest'
import { MAX_HOST_BYTES, normalHost, urlHost } from '../../../services/consumer/decode/host.ts'
import { productEnd } from '../../../services/consumer/decode/product.ts'

const to = Buffer.alloc(MAX_HOST_BYTES)
/** Something behind it, which is not to be looked at. */
const framed = (text: string) => Buffer.from(`::${text}:]@/`)
const read = (text: string, how: typeof normalHost) => {
  const bytes = framed(text)
  return to.toString('utf8', 0, how(bytes, 2, bytes.length - 4, to))
}

test.each([
  ['API.Example.com', 'api.example.com'],
  ['api.example.com:8443', 'api.example.com'],
  ['api.example.com.', 'api.example.com'],
  ['10.0.0.1', '10.0.0.1'],
  ['2001:DB8::1', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['[2001:db8::1', '2001:db8::1'],
  [':80', ''],
  ['', ''],
])('host %s → %s', (text, expected) => {
  expect(read(text, normalHost)).toBe(expected)
})

test.each([
  ['https://API.example.com/v1', 'api.example.com'],
  ['https://user:p@ss@api.example.com:8443/v1', 'api.example.com'],
  ['https://api.example.com?x=@y', 'api.example.com'],
  ['http://[::1]:80/a', '::1'],
  ['/v1/users', ''],
  ['mailto:bob', ''],
])('host of %s → %s', (text, expected) => {
  expect(read(text, urlHost)).toBe(expected)
})

test('a host longer than any is cut between characters', () => {
  expect(read('é'.repeat(200), normalHost)).toBe('é'.repeat(128))
  expect(read(`a${'é'.repeat(200)}`, normalHost)).toBe(`a${'é'.repeat(127)}`)
})

test.each([
  ['acme-sdk/3.2.1 (linux; x64) node/24', 'acme-sdk/3.2.1'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['(weird)', ''],
  ['a(b)', 'a'],
  [`${'x'.repeat(100)}/1`, 'x'.repeat(64)],
])('first product of %s', (text, expected) => {
  const bytes = Buffer.from(text)
  expect(bytes.toString('utf8', 0, productEnd(bytes, 0, bytes.length))).toBe(expected)
})
