import { createServer } from 'node:net'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import * as grpc from '@grpc/grpc-js'
import { request as octokit } from '@octokit/request'
import { WebClient } from '@slack/web-api'
import axios from 'axios'
import { request as gaxios } from 'gaxios'
import got from 'got'
import OpenAI from 'openai'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ReadException,
  readException,
} from '../../../services/instrumentation/report-error/read-exception.ts'
import { startVendors } from './vendor-server.ts'

let vendors: Awaited<ReturnType<typeof startVendors>>
beforeAll(async () => {
  vendors = await startVendors()
})
afterAll(() => vendors.close())

async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  throw new Error('the call did not fail')
}

const slack = (path: string) =>
  new WebClient('xoxb-1', {
    slackApiUrl: `${vendors.url}/${path}/`,
    logLevel: 'error' as never,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
  })

const RATE_LIMITED: Partial<ReadException> = {
  code: 'RATE_LIMIT_EXCEEDED',
  status: 429,
  requestId: 'req_8f3a',
  retryAfterMs: 3000,
  message: 'Too many requests',
  host: '127.0.0.1',
}

const SDKS: [name: string, call: () => Promise<unknown>, expected: Partial<ReadException>][] = [
  [
    'stripe',
    () =>
      new Stripe('sk_test_1', {
        host: '127.0.0.1',
        port: vendors.port,
        protocol: 'http',
        maxNetworkRetries: 0,
        telemetry: false,
      }).charges.create({ amount: 1, currency: 'usd' }),
    {
      code: 'card_declined',
      status: 402,
      requestId: 'req_stripe1',
      message: 'Your card has insufficient funds.',
    },
  ],
  [
    'AWS SDK v3',
    () =>
      new STSClient({
        endpoint: vendors.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        maxAttempts: 1,
      }).send(new GetCallerIdentityCommand({})),
    { code: 'ExpiredToken', status: 403, requestId: 'aws-1', attempt: 0 },
  ],
  [
    'openai',
    () =>
      new OpenAI({ apiKey: 'k', baseURL: `${vendors.url}/openai`, maxRetries: 0 }).chat.completions.create({
        model: 'm',
        messages: [],
      }),
    {
      code: 'rate_limit_exceeded',
      status: 429,
      requestId: 'req_oai1',
      retryAfterMs: 7000,
      rateLimits: [{ name: 'requests', limit: 60, remaining: 0, resetMs: 1000, windowMs: null }],
    },
  ],
  ['axios', () => axios.get(`${vendors.url}/plain`), RATE_LIMITED],
  ['axios with a base address', () => axios.get('/plain', { baseURL: vendors.url }), RATE_LIMITED],
  ['axios, bytes', () => axios.get(`${vendors.url}/plain`, { responseType: 'arraybuffer' }), RATE_LIMITED],
  [
    'axios, a stream: headers only, and the stream untouched',
    () => axios.get(`${vendors.url}/plain`, { responseType: 'stream' }),
    { code: null, status: 429, requestId: 'req_8f3a', retryAfterMs: 3000 },
  ],
  ['got', () => got(`${vendors.url}/plain`, { retry: { limit: 0 } }).json(), { ...RATE_LIMITED, attempt: 0 }],
  ['gaxios', () => gaxios({ url: `${vendors.url}/plain` }), RATE_LIMITED],
  [
    'octokit',
    () => octokit('GET /repos/a/b', { baseUrl: vendors.url }),
    { code: null, status: 404, requestId: 'ABCD:1', message: 'Not Found' },
  ],
  [
    'slack: a failure in a successful answer',
    () => slack('slack').chat.postMessage({ channel: 'C1', text: 'hello' }),
    { code: 'channel_not_found', status: null },
  ],
  [
    'slack: a rate limit',
    () => slack('slack-busy').chat.postMessage({ channel: 'C1', text: 'hello' }),
    { status: 429, retryAfterMs: 3000 },
  ],
  [
    'gRPC',
    callGrpc,
    { code: 'RESOURCE_EXHAUSTED', status: null, requestId: 'grpc-1', message: 'Quota exceeded' },
  ],
  ['fetch, nobody listening', () => fetchNobody(), { code: 'ECONNREFUSED', status: null }],
  [
    'axios, nobody listening',
    async () => axios.get(await unused()),
    { code: 'ECONNREFUSED', host: '127.0.0.1' },
  ],
  [
    'got, nobody listening',
    async () => got(await unused(), { retry: { limit: 0 } }),
    { code: 'ECONNREFUSED' },
  ],
]

test.each(SDKS)('%s', async (_, call, expected) => {
  expect(readException(await thrownBy(call))).toMatchObject(expected)
})

test('what a client was asked to stream can still be read afterwards', async () => {
  const error = (await thrownBy(() => axios.get(`${vendors.url}/plain`, { responseType: 'stream' }))) as {
    response: { data: NodeJS.ReadableStream }
  }
  readException(error)
  let body = ''
  for await (const part of error.response.data) body += part
  expect(JSON.parse(body).error.code).toBe('RATE_LIMIT_EXCEEDED')
})

async function unused(): Promise<string> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return `http://127.0.0.1:${port}/`
}

const fetchNobody = async () => fetch(await unused())

async function callGrpc(): Promise<unknown> {
  const bytes = (value: Buffer) => value
  const method = {
    path: '/shop.Orders/Get',
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  } as const
  const server = new grpc.Server()
  server.addService(
    { get: method },
    {
      get: (_: unknown, done: grpc.sendUnaryData<Buffer>) => {
        const metadata = new grpc.Metadata()
        metadata.set('x-request-id', 'grpc-1')
        done({ code: grpc.status.RESOURCE_EXHAUSTED, details: 'Quota exceeded', metadata })
      },
    },
  )
  const port = await new Promise<number>((bound, failed) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, at) =>
      error ? failed(error) : bound(at),
    ),
  )
  const Client = grpc.makeGenericClientConstructor({ get: method }, 'Orders')
  const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
  try {
    return await new Promise((resolve, reject) =>
      client.get!(Buffer.from('x'), (error: unknown, answer: unknown) =>
        error ? reject(error) : resolve(answer),
      ),
    )
  } finally {
    client.close()
    server.forceShutdown()
  }
}
