import { expect, test } from 'vitest'
import { limitHeaders } from '../../../services/instrumentation/client/limit-headers.ts'

const bytes = (headers: string[]): Buffer[] => headers.map((text) => Buffer.from(text))
const USUAL = ['Date', 'x', 'X-Request-Id', 'req_1', 'Vary', 'Accept', 'Content-Type', 'image/png', 'x', '1']

test.each([
  ['X-RateLimit-Remaining'],
  ['x-rate-limit-limit'],
  ['RateLimit'],
  ['RateLimit-Policy'],
  ['X-Quota-Left'],
  ['X-Shopify-Shop-Api-Call-Limit'],
  ['x-app-usage'],
  ['X-Remaining-Calls'],
])('%s is found among others, as text, as bytes, in an object', (name) => {
  const headers = [...USUAL, name, '7']
  expect(limitHeaders(headers, {})).toEqual([[name, '7']])
  expect(limitHeaders(bytes(headers), {})).toEqual([[name, '7']])
  expect(limitHeaders({ date: 'x', [name]: '7' }, {})).toEqual([[name, '7']])
})

test('a header that only its catalog knows for one', () => {
  const headers = [...USUAL, 'X-Calls-Open', '7']
  expect(limitHeaders(bytes(headers), {})).toBeNull()
  expect(limitHeaders(bytes(headers), { remaining: 'x-calls-open' })).toEqual([['X-Calls-Open', '7']])
})

test('most answers have none', () => {
  for (const headers of [USUAL, bytes(USUAL), {}, null]) expect(limitHeaders(headers, {})).toBeNull()
})
