import { channel } from 'node:diagnostics_channel'
import http, { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { ApiErrorInstrumentation } from '../../services/instrumentation/index.ts'
import { tableOfAdded } from './hook-added.ts'

// What the hook adds to a call by node:http, beyond the official span: its requests and answers with the official
// instrumentation, with the hook and without it in turns, everything of node:http's but the network.

const message = 'The amount is larger than what the account holds. '.repeat(38)
const body = Buffer.from(
  JSON.stringify({ error: { code: 'TOO_LITTLE', message: 'No.', details: message } }).slice(0, 2048),
)
const usual = ['content-type', 'application/json', 'x-request-id', 'req_8f3a01c2', 'connection', 'keep-alive']
const limits = ['x-ratelimit-limit', '100', 'x-ratelimit-remaining', '99', 'x-ratelimit-reset', '30']

interface Case {
  what: string
  status: number
  headers: string[]
}
const CASES: Case[] = [
  { what: 'success', status: 200, headers: usual },
  { what: 'success, three rate-limit headers', status: 200, headers: [...usual, ...limits] },
  { what: 'error of 2 KB', status: 422, headers: usual },
  { what: 'error of 2 KB, rate limits', status: 422, headers: [...usual, ...limits] },
]

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(new TracerProvider())
const official = new HttpInstrumentation()
createRequire(import.meta.url)('node:http')
const hook = new ApiErrorInstrumentation()

/** Takes requests, and connects none. */
const agent = Object.assign(new http.Agent(), { addRequest() {} })
const socket = new Socket()
const finished = channel('http.client.response.finish')

function call({ status, headers }: Case): void {
  const request = http.request({ host: 'api.session.example', path: '/v1/orders', method: 'POST', agent })
  request.end('{}')
  const response = new IncomingMessage(socket)
  response.statusCode = status
  response.rawHeaders = headers
  finished.publish({ request, response })
  request.emit('response', response)
  response.push(body)
  response.push(null)
  response.read()
  request.emit('close')
}

await tableOfAdded('What the hook adds to a call by node:http', 'call', {
  cases: CASES,
  hook,
  once: call,
})
hook.disable()
official.disable()
process.exit(0)
