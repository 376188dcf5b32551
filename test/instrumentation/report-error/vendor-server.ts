import { createServer } from 'node:http'
import { type Listening, listening } from '../listening.ts'

interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

const json = (status: number, headers: Record<string, string>, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** What the vendors answer, by the beginning of the path that their SDKs ask. */
const ANSWERS: [path: string, answer: Answer][] = [
  [
    '/v1/charges',
    json(
      402,
      { 'request-id': 'req_stripe1' },
      {
        error: {
          type: 'card_error',
          code: 'card_declined',
          decline_code: 'insufficient_funds',
          doc_url: 'https://stripe.com/docs/error-codes/card-declined',
          message: 'Your card has insufficient funds.',
        },
      },
    ),
  ],
  [
    '/openai/chat/completions',
    json(
      429,
      {
        'x-request-id': 'req_oai1',
        'retry-after': '7',
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1s',
      },
      {
        error: { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' },
      },
    ),
  ],
  [
    '/repos/',
    json(
      404,
      { 'x-github-request-id': 'ABCD:1' },
      { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
    ),
  ],
  ['/slack/', json(200, { 'x-slack-req-id': 'slack1' }, { ok: false, error: 'channel_not_found' })],
  ['/slack-busy/', json(429, { 'retry-after': '3' }, { ok: false, error: 'ratelimited' })],
  [
    '/plain',
    json(
      429,
      { 'x-request-id': 'req_8f3a', 'retry-after': '3' },
      { error: { code: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests' } },
    ),
  ],
]

const AWS: Answer = {
  status: 403,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'aws-1' },
  body: '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error><RequestId>aws-1</RequestId></ErrorResponse>',
}

/** Answers as the vendors do. */
export const startVendors = (): Promise<Listening> =>
  listening(
    createServer((request, response) => {
      request.resume().on('end', () => {
        const { status, headers, body } = ANSWERS.find(([path]) => request.url!.startsWith(path))?.[1] ?? AWS
        response.writeHead(status, headers).end(body)
      })
    }),
  )
