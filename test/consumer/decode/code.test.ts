import { expect, test } from 'vitest'
import { isCode } from '../../../services/consumer/decode/code.ts'

const judge = (text: string) => isCode(Buffer.from(text), 0, Buffer.byteLength(text))

test.each([
  'timeout',
  'server_certificate_invalid',
  'card.declined',
  'auth/invalid-email',
  'ECONNREFUSED',
  'RATE_LIMIT_EXCEEDED',
  'UND_ERR_CONNECT_TIMEOUT',
  'rateLimitExceeded',
  'Invalid_Request',
  'E1001',
  'rate_limit_error',
  '0x80004005',
])('%s is a code', (text) => {
  expect(judge(text)).toBe(true)
})

test.each([
  '',
  '500',
  '-32601',
  '_OTHER',
  'java.net.SocketTimeoutException',
  'NullPointerException',
  'ValidationError',
  'deadlineExceededError',
  'context.deadlineExceeded',
  'std::bad_alloc',
  'PG::ConnectionBad',
  'PaymentDeclined',
  'TypeError',
  '*url.Error',
  'App\\Exceptions\\Declined',
  'Not found',
  'délai_dépassé',
  'x'.repeat(129),
])('%s is none', (text) => {
  expect(judge(text)).toBe(false)
})

test('only the bytes it is asked about count', () => {
  const bytes = Buffer.from('Xtimeout:Y:')
  expect(isCode(bytes, 1, 8)).toBe(true)
})
