import { expect, test } from 'vitest'
import {
  type ReadException,
  readException,
} from '../../../services/instrumentation/report-error/read-exception.ts'

// Exceptions as SDKs that are too heavy to install make them, true to their sources.

const error = (fields: object, message = 'it failed') => Object.assign(new Error(message), fields)

const SHAPES: [name: string, thrown: unknown, expected: Partial<ReadException>][] = [
  [
    'Twilio RestException',
    error(
      {
        status: 429,
        code: 20429,
        moreInfo: 'https://www.twilio.com/docs/errors/20429',
        details: undefined,
      },
      'Too Many Requests',
    ),
    { code: '20429', status: 429, message: 'Too Many Requests' },
  ],
  [
    'Anthropic APIError',
    error({
      status: 529,
      headers: new Headers({ 'request-id': 'req_011' }),
      requestID: 'req_011',
      error: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    }),
    { code: 'overloaded_error', status: 529, requestId: 'req_011', message: 'Overloaded' },
  ],
  [
    'google-gax with an ErrorInfo',
    error({
      code: 8,
      details: 'Quota exceeded for quota metric',
      metadata: { getMap: () => ({ 'x-request-id': 'gax-1' }) },
      reason: 'RATE_LIMIT_EXCEEDED',
      domain: 'googleapis.com',
      statusDetails: [
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: { seconds: '12', nanos: 0 } },
      ],
    }),
    { code: 'RESOURCE_EXHAUSTED', requestId: 'gax-1', retryAfterMs: 12_000 },
  ],
  [
    'undici ResponseError of its interceptor',
    error({
      code: 'UND_ERR_RESPONSE',
      statusCode: 503,
      headers: { 'x-request-id': 'req_u' },
      body: { error: { code: 'BACKEND_TIMEOUT' } },
    }),
    { code: 'BACKEND_TIMEOUT', status: 503, requestId: 'req_u' },
  ],
  [
    'Azure RestError',
    error({
      code: 'AuthorizationFailed',
      statusCode: 403,
      response: {
        status: 403,
        headers: new Map([['x-ms-request-id', 'az-1']]),
        bodyAsText: '{"error":{"code":"AuthorizationFailed","message":"no"}}',
      },
    }),
    { code: 'AuthorizationFailed', status: 403, requestId: 'az-1' },
  ],
  [
    'Elasticsearch ResponseError',
    error({
      meta: {
        statusCode: 404,
        headers: {},
        body: { error: { type: 'index_not_found_exception', reason: 'no' } },
      },
    }),
    { code: 'index_not_found_exception', status: 404 },
  ],
  [
    'graphql-request ClientError',
    error({
      response: { status: 200, errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] },
    }),
    { code: 'UNAUTHENTICATED', status: 200 },
  ],
  [
    'AWS SDK v3, a modelled exception over JSON, the third try',
    Object.assign(new Error('Rate exceeded'), {
      name: 'ThrottlingException',
      $fault: 'client',
      $metadata: { httpStatusCode: 400, requestId: 'aws-2', attempts: 3, totalRetryDelay: 310 },
    }),
    { code: 'ThrottlingException', status: 400, requestId: 'aws-2', attempt: 2, message: 'Rate exceeded' },
  ],
]

test.each(SHAPES)('%s', (_, thrown, expected) => {
  expect(readException(thrown)).toMatchObject(expected)
})

const declined = error({ statusCode: 402, raw: { code: 'card_declined', type: 'card_error' } })

test.each<[string, unknown]>([
  ['a cause', new Error('checkout failed', { cause: declined })],
  ['a cause of a cause', new Error('a', { cause: new Error('b', { cause: declined }) })],
  ['a part of an AggregateError', new AggregateError([new Error('first'), declined])],
  ['a wrapped original', error({ original: declined })],
])('found behind %s', (_, thrown) => {
  expect(readException(thrown)).toMatchObject({ code: 'card_declined', status: 402 })
})

test('the answer of an API says more than the broken connection that came before it', () => {
  const thrown = new AggregateError([error({ code: 'ECONNRESET' }), declined])
  expect(readException(thrown)?.code).toBe('card_declined')
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a text', 'boom'],
  ['a number', 42],
  ['a bug', new TypeError('x is not a function')],
  ['an error with a code of its own', error({ code: 'MODULE_NOT_FOUND' })],
  ['an empty AggregateError', new AggregateError([])],
])('%s is no failure of an API', (_, thrown) => {
  expect(readException(thrown)).toBeNull()
})

test('whatever is thrown, reading it does not throw', () => {
  const circular = error({ status: 500 })
  circular.cause = circular
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const hostile = new Proxy(new Error('x'), {
    get() {
      throw new Error('trap')
    },
  })
  const getter = Object.defineProperty(error({ status: 500 }), 'response', {
    get() {
      throw new Error('trap')
    },
  })
  for (const thrown of [circular, proxy, hostile, getter, error({ cause: proxy, status: 503 })])
    expect(() => readException(thrown)).not.toThrow()
  expect(readException(getter)?.status).toBe(500)
  expect(readException(circular)?.status).toBe(500)
})

test('the catalog of the host says whose API it is and where its code stands', () => {
  const catalogs = {
    format: 1 as const,
    retryable: [],
    catalogs: [
      {
        provider: 'session-api',
        hosts: ['api.session.example'],
        services: [],
        envelope: { code: '/outcome/word' },
        limits: {},
        statuses: {},
        codes: {},
      },
    ],
  }
  const thrown = error({
    response: {
      status: 400,
      url: 'https://api.session.example/v1?key=1',
      data: { outcome: { word: 'NOPE' } },
    },
  })
  const read = readException(thrown, { catalogs })
  expect(read).toMatchObject({ provider: 'session-api', code: 'NOPE', host: 'api.session.example' })
  expect(readException(error({ status: 400 }), { catalogs, provider: 'mine' })?.provider).toBe('mine')
})
