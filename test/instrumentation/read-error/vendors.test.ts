import { expect, test } from 'vitest'
import { readError } from '../../../services/instrumentation/read-error.ts'
import { VENDOR_ERRORS } from './vendor-errors.ts'

test.each(VENDOR_ERRORS)('$habit', ({ habit: _, code, requestId, retryAfterMs, message, ...response }) => {
  const read = readError(response)
  expect(read?.code ?? null).toBe(code)
  if (requestId !== undefined) expect(read?.requestId).toBe(requestId)
  expect(read?.retryAfterMs ?? undefined).toBe(retryAfterMs)
  if (message !== undefined) expect(read?.message).toBe(message)
})

test('a response that is no error is none', () => {
  expect(readError({ status: 200, body: '{"id":1}' })).toBeNull()
  expect(readError({ status: 204 })).toBeNull()
  expect(
    readError({ status: 302, headers: { location: '/' }, body: '<html><title>Moved</title></html>' }),
  ).toBeNull()
})

test('a status alone is an error without a code', () => {
  expect(readError({ status: 503 })).toEqual({
    code: null,
    message: null,
    requestId: null,
    retryAfterMs: null,
    shouldRetry: null,
    rateLimits: [],
    details: null,
  })
})
