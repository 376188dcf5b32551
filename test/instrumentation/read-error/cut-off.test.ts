import { expect, test } from 'vitest'
import { readError } from '../../../services/instrumentation/read-error.ts'

const CUT = 8192
const long = 'x'.repeat(3 * CUT)

const ENVELOPES: [kind: string, body: string][] = [
  [
    'a message that does not end',
    `{"error":{"code":"BALANCE_TOO_LOW","message":"${long}"},"meta":{"request_id":"r"}}`,
  ],
  [
    'code after a long list',
    `{"errors":[{"field":"${'y'.repeat(4000)}","code":"BALANCE_TOO_LOW"},{"z":"${long}"}]}`,
  ],
  [
    'XML',
    `<ErrorResponse><Error><Code>BALANCE_TOO_LOW</Code><Message>${long}</Message></Error></ErrorResponse>`,
  ],
]

test.each(ENVELOPES)('%s, cut at 8 KB: the code is read', (_, body) => {
  expect(readError({ status: 402, body: body.slice(0, CUT) })?.code).toBe('BALANCE_TOO_LOW')
  expect(readError({ status: 402, body: new TextEncoder().encode(body).subarray(0, CUT) })?.code).toBe(
    'BALANCE_TOO_LOW',
  )
})

test('cut anywhere, the code is the whole code or none, and so is the id', () => {
  const bodies = [
    '{"success":false,"error":{"code":"RATE_LIMIT_USER","message":"Slow \\u0064own"},"meta":{"request_id":"req_123456"}}',
    '<Error><Code>RATE_LIMIT_USER</Code><Message>Slow</Message><RequestId>req_123456</RequestId></Error>',
    '{"code":20429,"request_id":"req_123456"}',
  ]
  for (const body of bodies) {
    for (let end = 0; end <= body.length; end++) {
      const read = readError({ status: 429, body: body.slice(0, end) })
      expect([null, 'RATE_LIMIT_USER', '20429']).toContain(read?.code)
      expect([null, 'req_123456']).toContain(read?.requestId)
    }
  }
})
