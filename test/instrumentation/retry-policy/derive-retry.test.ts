import { expect, test } from 'vitest'
import { isRetryable } from '../../../services/contract/vocabulary.ts'
import {
  deriveRetry,
  MAY_HAVE_HAPPENED,
  RETRY_RULES,
} from '../../../services/instrumentation/retry-policy/derive-retry.ts'
import { wordsOfCode } from '../../../services/instrumentation/retry-policy/error-class.ts'
import { publishedFacts } from '../../catalog/published-facts.ts'

// The policy as a table: code, statuses, words of the publisher → retry, class.
test.each([
  // 429: the words decide between rate, allowance and concurrency.
  ['RATE_LIMIT_EXCEEDED', [429], 'Too many requests.', 'after_wait', 'rate_limit'],
  ['TooManyRequestsException', [429], '', 'after_wait', 'rate_limit'],
  [
    'ThrottlingException',
    [400],
    'The request was denied due to request throttling.',
    'after_wait',
    'rate_limit',
  ],
  ['SlowDown', [503], 'Reduce your request rate.', 'after_wait', 'rate_limit'],
  ['limit_exceeded', [429], 'You have exceeded the requests per minute.', 'after_wait', 'rate_limit'],
  ['insufficient_quota', [429], 'You ran out of credits.', 'never', 'quota'],
  [
    'api_usage_allowance_exceeded',
    [429],
    'Your monthly request allowance has been exhausted.',
    'never',
    'quota',
  ],
  ['SESSION_LIMIT_REACHED', [429], 'Session limit. Terminate old sessions.', 'backoff', 'concurrency'],
  [
    'CONCURRENT_GENERATION_LIMIT',
    [],
    'Too many active generation jobs for this user.',
    'backoff',
    'concurrency',
  ],
  ['VENDOR_QUOTA_EXCEEDED', [429], 'Upstream vendor quota is exhausted.', 'backoff', 'upstream'],
  ['RESOURCE_EXHAUSTED', [429], '', 'after_wait', 'rate_limit'],
  ['billing_hard_limit_reached', [429], '', 'never', 'billing'],
  // 409: an idempotency key, a state, or something that passes.
  [
    'IDEMPOTENCY_CONFLICT',
    [409],
    'The key was reused with different parameters.',
    'new_idempotency_key',
    'conflict',
  ],
  [
    'idempotency_key_in_use',
    [409],
    'The key is being used in a request that has not finished.',
    'backoff',
    'conflict',
  ],
  ['resource_already_exists', [409], '', 'never', 'conflict'],
  ['ABORTED', [409], 'Concurrency conflict, such as read-modify-write conflict.', 'backoff', 'conflict'],
  ['ConcurrentModificationException', [409], '', 'backoff', 'conflict'],
  // 401: expired or invalid.
  ['expired_token', [401], 'The Bearer token has passed its expiry time.', 'after_reauth', 'auth'],
  [
    'ExpiredTokenException',
    [403],
    'The security token included in the request is expired',
    'after_reauth',
    'auth',
  ],
  ['api_key_expired', [401], 'Key has passed its expiry date', 'never', 'auth'],
  ['invalid_api_key', [401], '', 'never', 'auth'],
  // The rest of 4xx.
  ['insufficient_scope', [403], '', 'never', 'permission'],
  ['INSUFFICIENT_BALANCE', [402], 'Balance too low', 'never', 'billing'],
  ['card_declined', [402], '', 'never', 'billing'],
  ['order_not_found', [404], '', 'never', 'not_found'],
  ['invalid_parameter', [400], '', 'never', 'validation'],
  ['IDEMPOTENCY_KEY_REQUIRED', [400], '', 'never', 'validation'],
  ['RequestTimeout', [400], 'The socket timed out.', 'backoff', 'internal'],
  ['request_timeout', [408], '', 'backoff', 'other'],
  ['AccountLocked', [403], '', 'never', 'permission'],
  ['PriorRequestNotComplete', [400], '', 'backoff', 'conflict'],
  // 5xx.
  ['InsufficientStorage', [507], '', 'never', 'internal'],
  ['internal_error', [500], '', 'backoff', 'internal'],
  ['BACKEND_TIMEOUT', [504], '', 'backoff', 'upstream'],
  ['MAINTENANCE', [503], 'Planned maintenance.', 'later', 'maintenance'],
  ['NOT_IMPLEMENTED', [501], '', 'never', 'internal'],
  ['DATA_LOSS', [500], 'Unrecoverable data loss or corruption.', 'never', 'internal'],
  // No status.
  ['token_revoked', [], '', 'never', 'auth'],
  ['service_unavailable', [], '', 'backoff', 'internal'],
  ['E1234', [], '', 'unknown', 'other'],
] as const)('%s %j “%s” → %s, %s', (code, http, words, retry, errorClass) => {
  const derived = deriveRetry({ code, http, words })
  expect([derived.retry, derived.class]).toEqual([retry, errorClass])
})

test('a failure after which the work may be done says so', () => {
  expect(deriveRetry({ code: 'internal_error', http: [500], words: '' }).advice).toBe(MAY_HAVE_HAPPENED)
  expect(deriveRetry({ code: 'BACKEND_TIMEOUT', http: [504], words: '' }).advice).toBe(MAY_HAVE_HAPPENED)
  expect(deriveRetry({ code: 'rate_limited', http: [429], words: '' }).advice).toBe('')
  expect(deriveRetry({ code: 'not_found', http: [404], words: '' }).advice).toBe('')
})

test('codes of all habits are the same words', () => {
  for (const code of ['RATE_LIMIT_IP', 'rate-limit-ip', 'rateLimitIp', 'RateLimitIP', 'rate.limit/ip']) {
    expect(wordsOfCode(code)).toBe('rate limit ip')
  }
})

test('every rule says when it holds', () => {
  for (const { when } of RETRY_RULES) expect(when).not.toBe('')
})

/** What everybody writes first. */
const plainRule = (status: number) => [408, 409, 429].includes(status) || status >= 500

test.each([
  ['tuned', 0.97],
  ['held', 0.93],
] as const)(
  'published facts, %s: right for %f of them, and far better than the plain rule',
  (part, floor) => {
    const facts = publishedFacts(part)
    const wrong = facts.filter((fact) => isRetryable(deriveRetry(fact).retry) !== fact.retryable)
    const plainWrong = facts.filter(({ http, retryable }) => plainRule(http[0] ?? 0) !== retryable)
    expect(wrong.length).toBeLessThanOrEqual(facts.length * (1 - floor))
    expect(wrong.length * 2).toBeLessThan(plainWrong.length)
  },
)
