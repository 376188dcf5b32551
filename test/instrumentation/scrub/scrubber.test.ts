import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_MESSAGE_BYTES, Scrubber } from '../../../services/instrumentation/scrub/scrubber.ts'

const scrubber = new Scrubber()
function scrub(text: string): string {
  const bytes = Buffer.from(`password=${text}token`)
  const length = scrubber.scrub(bytes, 9, bytes.length - 5)
  return length < 0 ? text : scrubber.out.toString('utf8', 0, length)
}

describe('taken out', () => {
  test.each([
    ['Authorization: Bearer abc.def.ghi', 'Authorization: [redacted]'],
    ['authorization: AWS4-HMAC-SHA256 Credential=A/B, Signature=c\nnext', 'authorization: [redacted]\nnext'],
    ['bearer abcdef was refused', 'bearer [redacted] was refused'],
    ['Basic dXNlcjpwYXNz denied', 'Basic [redacted] denied'],
    ['password=hunter2&user=bob', 'password=[redacted]&user=bob'],
    ['db_password: hunter2, retry', 'db_password: [redacted], retry'],
    ['{"token":"abc\\"def","a":1}', '{"token":"[redacted]","a":1}'],
    ['api_key: 12345', 'api_key: [redacted]'],
    ['API key: abcd1234', 'API key: [redacted]'],
    ['key=abc', 'key=[redacted]'],
    ["client_secret => 's3'", "client_secret => '[redacted]'"],
    ['Set-Cookie: a=b; c=d', 'Set-Cookie: [redacted]'],
    ['Incorrect API key provided: sk-proj-abcDEF1234567890.', 'Incorrect API key provided: [redacted].'],
    ['sk_live_4eC39HqLyjWDarjtT1zdp7dc is old', '[redacted] is old'],
    ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['ghp_16C7e42F292c6912E7710c838347Ae178B4a', '[redacted]'],
    ['xoxb-123456789012-abcdefghijkl', '[redacted]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_ghi!', '[redacted]!'],
    ['digest 0af7651916cd43dd8448eb211c80319c end', 'digest [redacted] end'],
    ['aws wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY end', 'aws [redacted] end'],
    ['mail bob.smith+x@example.co.uk, please', 'mail [email], please'],
    ['card 4111 1111 1111 1111 declined', 'card [card] declined'],
    ['12 5500-0000-0000-0004 2024', '12 [card] 2024'],
    [
      'GET https://api.example.com/v1/users/5?token=abc#f failed',
      'GET https://api.example.com/v1/users/5 failed',
    ],
    ['https://x.example/a?b', 'https://x.example/a'],
    ['GET /v1/a?x=1&y=2 failed', 'GET /v1/a failed'],
    ['postgres://user:pw@db:5432/x', 'postgres://db:5432/x'],
  ])('%s', (text, expected) => {
    expect(scrub(text)).toBe(expected)
  })
})

describe('left as it is', () => {
  test.each([
    'Request failed with status code 429',
    'Error: connect ECONNREFUSED 10.0.0.1:443',
    'Bearer authentication failed',
    'token: expired',
    'Token: is invalid',
    'duplicate key: users_pkey',
    'max_tokens: 4096',
    'What? Really?',
    'lodash@4.17.21 not found in @scope/pkg',
    'uuid 550e8400-e29b-41d4-a716-446655440000',
    'at /srv/app/node_modules/@acme/http-client/dist/lib/request.js:100',
    'ORG_APACHE_KAFKA_COMMON_ERRORS_TIMEOUT_EXCEPTION',
    'getHttp2ConnectionPoolConfigurationForTenant',
    'checkout-7d9f8b6c5d-abcde restarted',
    'card 4111 1111 1111 1112 declined',
    "'; DROP TABLE users; --",
    '<script>alert(1)</script>',
    'a,b\n\n"c"',
    'a\0b',
    'héllo wörld 👋',
  ])('%j', (text) => {
    expect(scrub(text)).toBe(text)
  })
})

test('what is kept is at most so long, and ends with a whole character', () => {
  const bytes = Buffer.from(`?a=b ${'é'.repeat(3000)}`)
  const length = scrubber.scrub(bytes, 0, bytes.length)
  expect(length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES)
  expect(scrubber.out.toString('utf8', 0, length)).toBe(`? ${'é'.repeat(127)}`.replace('? ', ' '))
})

const SECRETS = [
  'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
  'bob.smith@example.com',
  '4111111111111111',
  'AKIAIOSFODNN7EXAMPLE',
]
test('no secret comes through, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(...SECRETS),
      fc.string({ unit: 'binary', maxLength: 40 }),
      (before, secret, after) => {
        expect(scrub(`${before} ${secret} ${after}`)).not.toContain(secret)
      },
    ),
  )
})

test('any bytes give text of the length allowed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (data) => {
      const bytes = Buffer.from(data)
      expect(scrubber.scrub(bytes, 0, bytes.length)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES)
    }),
  )
})
