import { expect, test } from 'vitest'
import { firstNumber, isLimitHeader, readHeaderName } from '../../../services/consumer/decode/limit-header.ts'
import { durationMs, resetMs, retryAfterMs } from '../../../services/consumer/decode/moment.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const header = (name: string) => `http.response.header.${name}`

test.each([
  ['x-ratelimit-limit', 'limit', ''],
  ['x-ratelimit-remaining', 'remaining', ''],
  ['x_ratelimit_reset', 'reset', ''],
  ['x-rate-limit-remaining', 'remaining', ''],
  ['ratelimit-limit', 'limit', ''],
  ['x-ratelimit-limit-requests', 'limit', 'requests'],
  ['x-ratelimit-remaining-tokens', 'remaining', 'tokens'],
  ['x-ratelimit-reset-input-tokens', 'reset', 'input-tokens'],
  ['anthropic-ratelimit-requests-remaining', 'remaining', 'requests'],
  ['x-ratelimit-reset-after', 'reset-after', ''],
  ['ratelimit', 'list', ''],
  ['ratelimit-policy', 'policy', ''],
  ['x-ratelimit-used', 'other', ''],
])('%s is the %s of limit "%s"', (name, kind, limit) => {
  const bytes = Buffer.from(header(name))
  expect(isLimitHeader(bytes, 0, bytes.length)).toBe(true)
  expect(readHeaderName(header(name))).toEqual({ kind, limit })
})

test.each([
  header('x-request-id'),
  header('rate'),
  'http.request.header.ratelimit',
  header('x-generate-limits'),
])('%s is no rate-limit header', (name) => {
  const bytes = Buffer.from(name)
  const isOne = isLimitHeader(bytes, 0, bytes.length)
  expect(isOne && readHeaderName(name).kind !== 'other').toBe(false)
})

test.each([
  ['100', 100],
  ['100, 100;w=60', 100],
  ['"7"', 7],
  ['12.9', 12],
  ['1234567890123456', Number.NaN],
  ['none', Number.NaN],
])('first number of %s', (text, expected) => {
  expect(firstNumber(text)).toBe(expected)
})

test.each([
  ['12', 12_000],
  [' 1.5 ', 1500],
  ['6m0s', 360_000],
  ['1h2m3s', 3_723_000],
  ['20ms', 20],
  ['soon', Number.NaN],
  ['-1', Number.NaN],
  ['1'.repeat(100), Number.NaN],
])('duration %s', (text, expected) => {
  expect(durationMs(text)).toBe(expected)
})

test.each([
  ['30', NOW + 30_000],
  ['1795262400', 1_795_262_400_000],
  ['1795262400123', 1_795_262_400_123],
  ['6m0s', NOW + 360_000],
  ['2026-11-21T12:00:30Z', NOW + 30_000],
  ['Sat, 21 Nov 2026 12:00:30 GMT', NOW + 30_000],
  ['never', Number.NaN],
  ['1', NOW + 1000],
])('reset %s', (text, expected) => {
  expect(resetMs(text, NOW)).toBe(expected)
})

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['99999999', -1],
  ['tomorrow', -1],
])('Retry-After %s', (text, expected) => {
  expect(retryAfterMs(text, NOW)).toBe(expected)
})
