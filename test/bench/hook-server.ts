import { channel } from 'node:diagnostics_channel'
import { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { ApiErrorInstrumentation } from '../../services/instrumentation/index.ts'
import { tableOfAdded } from './hook-added.ts'

// What the hook adds to a request that is answered, beyond the official span: node:http's requests and responses with the
// official instrumentation, with the hook and without it in turns, everything of node:http's but the network.

const body = JSON.stringify({
  error: {
    code: 'TOO_LITTLE',
    message: 'No.',
    details: 'The amount is larger than what the account holds. '.repeat(38),
  },
}).slice(0, 2048)
const json = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'req_8f3a01c2' }

interface Case {
  what: string
  status: number
  headers: Record<string, string>
  body: string | Buffer
}
const CASES: Case[] = [
  { what: 'success', status: 200, headers: json, body },
  { what: 'error of 2 KB', status: 422, headers: json, body },
  {
    what: 'error of 2 KB, gzip',
    status: 422,
    headers: { ...json, 'content-encoding': 'gzip' },
    body: gzipSync(body),
  },
]

class Nowhere extends Socket {
  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    done()
  }
  override _writev(_chunks: unknown, done: () => void): void {
    done()
  }
}

let answer = CASES[0]!
const server = new Server((_, response) => {
  response.writeHead(answer.status, answer.headers).end(answer.body)
})
const started = channel('http.server.request.start')
const socket = new Nowhere()

function serve(): void {
  const request = new IncomingMessage(socket)
  request.method = 'POST'
  request.url = '/v1/orders'
  request.headers = { host: 'api.session.example', 'user-agent': 'shop/1.0', accept: '*/*' }
  const response = new ServerResponse(request)
  response.assignSocket(socket)
  started.publish({ request, response, socket, server })
  server.emit('request', request, response)
  response.detachSocket(socket)
  response.emit('close')
}

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(new TracerProvider())
const official = new HttpInstrumentation()
createRequire(import.meta.url)('node:http')
const hook = new ApiErrorInstrumentation()

await tableOfAdded('What the hook adds to a request that is answered', 'answered', {
  cases: CASES,
  hook,
  once(one) {
    answer = one
    serve()
  },
})
hook.disable()
official.disable()
process.exit(0)
