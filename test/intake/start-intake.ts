import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { expect, onTestFinished, vi } from 'vitest'
import { createGuard } from '../../services/access/guard.ts'
import { createRateLimit } from '../../services/access/rate-limit.ts'
import type { Held } from '../../services/access/tokens.ts'
import type { Accepted } from '../../services/contract/accepted.ts'
import { createIntake, type IntakeOptions } from '../../services/intake/intake.ts'
import { decodeMessage, ExportTraceServiceResponse, RpcStatus } from '../otlp-proto.ts'

export const MiB = 1024 * 1024
const DONE: Accepted = { status: 'done', rejectedSpans: 0 }

interface Received {
  body: Buffer
  encoding: string
  arrivalMs: number
}

/** An intake on a free port whose next stage notes what it is given; ends with the test. */
export async function startIntake(
  next: () => Accepted | Promise<Accepted> = () => DONE,
  options: Partial<IntakeOptions['limits']> &
    Partial<Pick<IntakeOptions, 'timeouts'>> &
    Partial<Pick<IntakeOptions, 'newServer' | 'isPlain' | 'corsOrigins'>> & {
      tokens?: Record<string, Held>
      isLocal?: boolean
      perMinute?: number
    } = {},
) {
  const received: Received[] = []
  const logged: unknown[] = []
  const {
    timeouts,
    newServer,
    isPlain = false,
    corsOrigins = [],
    tokens = {},
    isLocal = false,
    perMinute = 1_000_000,
    ...limits
  } = options
  const intake = createIntake({
    accept: async (body, encoding, arrivalMs) => {
      received.push({ body, encoding, arrivalMs })
      return next()
    },
    guard: createGuard({
      tokens: { find: (token) => tokens[token], exist: () => Object.keys(tokens).length > 0 },
      isLocal,
      isInsecure: true,
      rate: createRateLimit(perMinute),
    }),
    newServer: newServer ?? http.createServer,
    isPlain,
    corsOrigins,
    limits: { bodyBytes: 20 * MiB, inFlightBytes: 128 * MiB, ...limits },
    timeouts,
    log: (_message, error) => logged.push(error),
  })
  const { port } = await intake.listen('127.0.0.1', 0)
  onTestFinished(() => intake.close(0))
  return { intake, counters: intake.counters, port, received, logged }
}

type Start = typeof startIntake

/** The two ways that a request may be read; what an intake answers is the same on both. */
export const LANES: [string, Start][] = [
  ['read straight', (next, options) => startIntake(next, { isPlain: true, ...options })],
  ['read by node:http', (next, options) => startIntake(next, { isPlain: false, ...options })],
]

export interface Reply {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
}

interface Post {
  path?: string
  method?: string
  type?: string
  headers?: http.OutgoingHttpHeaders
  body?: Buffer | string
  agent?: http.Agent
  secure?: boolean
}

export async function post(
  port: number,
  { path, method, type, headers, body = '', agent, secure }: Post = {},
) {
  const request = (secure ? https : http).request({
    host: '127.0.0.1',
    port,
    path: path ?? '/v1/traces',
    method: method ?? 'POST',
    headers: { ...(type !== '' && { 'content-type': type ?? 'application/x-protobuf' }), ...headers },
    agent: agent ?? false,
  })
  request.end(body)
  return replyTo(request)
}

export async function replyTo(request: http.ClientRequest): Promise<Reply> {
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const parts: Buffer[] = await response.toArray()
  return { status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }
}

/** What a google.rpc.Status or an ExportTraceServiceResponse says, in whichever form the answer claims to have. */
export function contentOf({ status, headers, body }: Reply): unknown {
  expect(headers['content-length']).toBe(String(body.length))
  if (headers['content-type'] === 'application/json') return JSON.parse(body.toString())
  expect(headers['content-type']).toBe('application/x-protobuf')
  return decodeMessage(status === 200 ? ExportTraceServiceResponse : RpcStatus, body)
}

/** A connection on which a test can say what no HTTP client would. */
export async function connect(port: number) {
  const socket = net.connect(port, '127.0.0.1')
  let text = ''
  let isClosed = false
  socket.setEncoding('latin1')
  socket.on('data', (part) => {
    text += part
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isClosed = true
  })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return { socket, text: () => text, isClosed: () => isClosed }
}

/** The statuses of all answers on a connection, in order. */
export const statusesIn = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => Number(code))

/** Polls until it holds; the deadline is for a machine that is busy with other things. */
export const eventually = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 5 })
