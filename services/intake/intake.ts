import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Guard } from '../access/guard.ts'
import type { ApiErrorCode } from '../contract/errors.ts'
import type { NewServer } from '../contract/new-server.ts'
import { type Answer, asText, failure, send, tryAgain } from './answer.ts'
import { discard } from './body.ts'
import { createCors } from './cors.ts'
import { countAnswer, type IntakeCounters, newIntakeCounters, type Signal } from './counters.ts'
import { encodingOf } from './media-type.ts'
import { type Accept, type BodyLimits, createReceive, signalOf } from './receive.ts'

export interface IntakeOptions {
  accept: Accept
  guard: Guard
  newServer: NewServer
  /** Sites whose pages may send. */
  corsOrigins: string[]
  limits: BodyLimits
  timeouts?: Partial<typeof TIMEOUTS>
  /** Hears of each answer. */
  answered?: (answer: Answered) => void
  /** Hears of mistakes in this program, never of what clients do. */
  log: (message: string, error: unknown) => void
}

export interface Answered {
  /** undefined: an unknown path. */
  signal: Signal | undefined
  status: number
  /** Of our catalog, where the status says less. */
  code: ApiErrorCode | undefined
  seconds: number
  request: IncomingMessage
}

export interface Intake {
  server: Server
  counters: IntakeCounters
  listen(host: string, port: number): Promise<{ host: string; port: number }>
  /** Takes no more requests, answers those it has; connections that outlast the grace are cut. */
  close(graceMs?: number): Promise<void>
}

const TIMEOUTS = {
  /** To the end of the headers; also for a connection that says nothing at all. */
  headersMs: 30_000,
  /** To the end of the body: 20 MiB at 1.5 Mbit/s. */
  requestMs: 120_000,
  /**
   * Exporters send every 5 s (spans) to 60 s (metrics) and Go's client keeps a connection for 90 s: the client should
   * be the one to close it, or it sends into a connection that is being closed.
   */
  keepAliveMs: 120_000,
}
/** A connection costs some 10 kB; one exporter holds one or two. */
const MAX_CONNECTIONS = 10_000
const CLOSE_GRACE_MS = 5_000
/** What a refused client may go on sending before it is cut off, in bodies of the largest size. */
const DISCARDED_BODIES = 4
/** How long a client that broke the protocol has to read why. */
const LINGER_MS = 1_000

/** The OTLP/HTTP receiver. Plain node:http: at 512 spans a request, a framework would cost as much as the decoding. */
export function createIntake({
  accept,
  guard,
  newServer,
  corsOrigins,
  limits,
  timeouts,
  answered,
  log,
}: IntakeOptions): Intake {
  const counters = newIntakeCounters()
  const { refusal, receive } = createReceive(accept, guard, limits, counters)
  const cors = createCors(corsOrigins)
  const { headersMs, requestMs, keepAliveMs } = { ...TIMEOUTS, ...timeouts }
  /** The response to the latest request of a connection. */
  const responses = new WeakMap<Duplex, ServerResponse>()
  /** Connections that have not sent a request yet, by their other end; for node:http they are not idle ones. */
  const silent = new Map<string, Duplex>()
  let isClosing = false

  const server = newServer({
    headersTimeout: Math.min(headersMs, requestMs),
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(5_000, headersMs),
  })
  server.maxConnections = MAX_CONNECTIONS

  function finish(response: ServerResponse, signal: Signal | undefined, content: Answer | undefined): void {
    if (content === undefined || response.destroyed) {
      counters.aborted++
      return
    }
    countAnswer(counters, signal, content.status)
    if (isClosing) response.shouldKeepAlive = false
    send(response, content)
    discard(response.req, limits.bodyBytes * DISCARDED_BODIES)
  }

  async function serve(request: IncomingMessage, response: ServerResponse, waits: boolean): Promise<void> {
    const started = performance.now()
    const signal = signalOf(request.url)
    const answer = (content: Answer | undefined) => {
      finish(response, signal, content)
      if (content === undefined) return
      const seconds = (performance.now() - started) / 1000
      answered?.({ signal, status: content.status, code: content.code, seconds, request })
    }
    responses.set(request.socket, response)
    silent.delete(peerOf(request.socket))
    const refused = cors(request, response) ?? refusal(request, signal)
    if (refused !== undefined) {
      // Told no instead of to go on, a client may send its body or not: only a new connection is clear.
      if (waits) response.shouldKeepAlive = false
      return answer(refused)
    }
    if (waits) response.writeContinue()
    try {
      answer(await receive(request, signal!))
    } catch (error) {
      counters.failures++
      log('a request failed', error)
      const sorry = tryAgain(encodingOf(request.headers['content-type']), 'internal error', 1)
      if (!response.headersSent) answer(sorry)
    }
  }

  server.on('request', (request, response) => void serve(request, response, false))
  server.on('checkContinue', (request, response) => void serve(request, response, true))
  // Other expectations; Node would refuse them with an answer that is no Status.
  server.on('checkExpectation', (request, response) => void serve(request, response, false))
  server.on('connection', (socket) => {
    // Behind TLS, a request comes on another socket than the one that connected; the peer is the same.
    const peer = peerOf(socket)
    silent.set(peer, socket)
    socket.once('close', () => silent.delete(peer))
  })
  server.on('drop', () => void counters.droppedConnections++)

  /** Bytes that are no HTTP, headers without end, a request that takes too long, a connection that broke. */
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const latest = responses.get(socket)
    // Told already, and lingering.
    if (socket.writableEnded && error.code !== 'ECONNRESET') return
    if (error.code === 'ECONNRESET' || isHalfAnswered(latest)) {
      socket.destroy()
      return
    }
    if (latest?.req.complete && !latest.headersSent) {
      // The request before the bad bytes was whole: it gets its answer, and that is the end of the connection.
      latest.shouldKeepAlive = false
      return
    }
    const content = protocolAnswer(error.code)
    countAnswer(counters, undefined, content.status)
    socket.end(asText(content))
    // Closing at once, with bytes of the client's unread, would take the answer back.
    socket.resume()
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  })

  return {
    server,
    counters,
    async listen(host, port) {
      server.listen(port, host)
      await once(server, 'listening')
      server.on('error', (error) => log('the OTLP listener failed', error))
      const address = server.address() as AddressInfo
      return { host: address.address, port: address.port }
    },
    async close(graceMs = CLOSE_GRACE_MS) {
      isClosing = true
      if (!server.listening) return
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of silent.values()) socket.destroy()
      await closed
      clearTimeout(cut)
    },
  }
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

/** Is there an answer begun that the client has not got, or got ahead of the end of its request? */
const isHalfAnswered = (latest: ServerResponse | undefined): boolean =>
  latest?.headersSent === true && !(latest.req.complete && latest.writableFinished)

function protocolAnswer(code: string | undefined): Answer {
  if (code === 'HPE_HEADER_OVERFLOW') return failure(undefined, 431, 'the headers are too large')
  // 408 would be the word, but OTLP clients give up on it, and a slow network is a reason to try again.
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tryAgain(undefined, 'the request took too long', 1)
  return failure(undefined, 400, 'this is not a valid HTTP request')
}
