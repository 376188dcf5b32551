import { expect, test } from 'vitest'
import { readError, readLimits } from '../../../services/instrumentation/read-error.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const IN_A_MINUTE_S = NOW / 1000 + 60

interface Expected {
  name?: string
  limit?: number
  remaining?: number
  resetMs?: number
  windowMs?: number
}

const CASES: [what: string, headers: Record<string, string>, limits: Expected[]][] = [
  [
    'reset as Unix seconds',
    { 'X-RateLimit-Limit': '100', 'X-RateLimit-Remaining': '7', 'X-RateLimit-Reset': `${IN_A_MINUTE_S}` },
    [{ limit: 100, remaining: 7, resetMs: 60_000 }],
  ],
  [
    'reset as Unix ms, and which resource',
    {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': `${IN_A_MINUTE_S}000`,
      'x-ratelimit-used': '5000',
      'x-ratelimit-resource': 'core',
    },
    [{ name: 'core', limit: 5000, remaining: 0, resetMs: 60_000 }],
  ],
  [
    'reset in seconds from now',
    { 'RateLimit-Limit': '100, 100;w=60', 'RateLimit-Remaining': '50', 'RateLimit-Reset': '30' },
    [{ limit: 100, remaining: 50, resetMs: 30_000, windowMs: 60_000 }],
  ],
  [
    'reset as a date',
    { 'x-rate-limit-remaining': '3', 'x-rate-limit-reset': 'Sat, 21 Nov 2026 12:01:00 GMT' },
    [{ remaining: 3, resetMs: 60_000 }],
  ],
  [
    'reset that has passed',
    { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': `${NOW / 1000 - 5}` },
    [{ remaining: 3, resetMs: 0 }],
  ],
  [
    'requests and tokens, durations',
    {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    },
    [
      { name: 'requests', limit: 60, remaining: 59, resetMs: 1000 },
      { name: 'tokens', limit: 150_000, remaining: 149_984, resetMs: 360_000 },
    ],
  ],
  [
    'a vendor before, the limit in the middle, ISO dates',
    {
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-requests-reset': '2026-11-21T12:01:00Z',
    },
    [{ name: 'requests', limit: 50, remaining: 49, resetMs: 60_000 }],
  ],
  [
    'the newest draft, several policies',
    {
      RateLimit: '"burst";r=5;t=1, "daily";r=900;t=3600',
      'RateLimit-Policy': '"burst";q=10;w=60,"daily";q=1000;w=86400;pk=:abc=:',
    },
    [
      { name: 'burst', limit: 10, remaining: 5, resetMs: 1000, windowMs: 60_000 },
      { name: 'daily', limit: 1000, remaining: 900, resetMs: 3_600_000, windowMs: 86_400_000 },
    ],
  ],
  [
    'draft 7',
    { RateLimit: 'limit=100, remaining=50, reset=30', 'RateLimit-Policy': '100;w=60' },
    [{ limit: 100, remaining: 50, resetMs: 30_000, windowMs: 60_000 }],
  ],
  ['used of so many', { 'X-Shopify-Shop-Api-Call-Limit': '32/40' }, [{ limit: 40, remaining: 8 }]],
  ['a usage line', { 'Sforce-Limit-Info': 'api-usage=18/5000' }, [{ limit: 5000, remaining: 4982 }]],
  [
    'reset after',
    { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset-After': '64.57' },
    [{ remaining: 0, resetMs: 64_570 }],
  ],
  ['nonsense', { 'X-RateLimit-Limit': 'many', 'X-RateLimit-Reset': '-', RateLimit: ';;;==' }, []],
  ['none', { 'content-type': 'text/plain', 'retry-after': '3' }, []],
]

test.each(CASES)('%s', (_, headers, expected) => {
  const nothing = { name: '', limit: null, remaining: null, resetMs: null, windowMs: null }
  const limits = readLimits(headers, { now: NOW })
  expect(limits).toEqual(expected.map((limit) => ({ ...nothing, ...limit })))
  expect(readError({ status: 429, headers }, { now: NOW })?.rateLimits).toEqual(limits)
})

test('a catalog’s names, and its unit where it can be true', () => {
  const headers = { 'x-calls-most': '10', 'x-calls-left': '2', 'x-calls-again': `${IN_A_MINUTE_S}` }
  const names = { limit: 'x-calls-most', remaining: 'x-calls-left', reset: 'x-calls-again' }
  const expected = [{ name: '', limit: 10, remaining: 2, resetMs: 60_000, windowMs: null }]
  for (const reset_is of ['unix_s', 'unix_ms', 'seconds', undefined] as const) {
    expect(readLimits(headers, { now: NOW, limits: { ...names, reset_is } })).toEqual(expected)
  }
})
