import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { NewServer } from '../contract/new-server.ts'
import { send } from './answer.ts'
import { askedOf, discard } from './body.ts'
import { createCollect } from './collect.ts'
import { createCors } from './cors.ts'
import { type IntakeCounters, newIntakeCounters } from './counters.ts'
import { endBroken } from './end-broken.ts'
import { type Answering, createServe, type ServeOptions } from './serve.ts'
import { openLane } from './straight/lane.ts'

export interface IntakeOptions extends Omit<ServeOptions, 'collect'> {
  newServer: NewServer
  /** Connections are plain TCP, so that requests as exporters send them can be read past node:http. */
  isPlain: boolean
  /** Sites whose pages may send. */
  corsOrigins: string[]
  timeouts?: Partial<typeof TIMEOUTS>
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
/**
 * The OTLP/HTTP receiver. Plain node:http, for at 512 spans a request a framework would cost as much as the decoding;
 * and what has exactly the form that exporters send goes past that (`straight/`), for it copies each body into memory
 * made anew.
 */
export function createIntake(options: IntakeOptions): Intake {
  const { newServer, isPlain, corsOrigins, limits, timeouts, log } = options
  const counters = newIntakeCounters()
  const collect = createCollect()
  const { refusal, serve } = createServe({ ...options, collect }, counters)
  const cors = createCors(corsOrigins)
  const { headersMs, requestMs, keepAliveMs } = { ...TIMEOUTS, ...timeouts }
  /** The response to the latest request of a connection. */
  const responses = new WeakMap<Duplex, ServerResponse>()
  /** Connections that have not sent a request yet, by their other end; for node:http they are not idle ones. */
  const silent = new Map<string, Duplex>()
  const discardBytes = limits.bodyBytes * DISCARDED_BODIES
  let isClosing = false

  const server = newServer({
    headersTimeout: Math.min(headersMs, requestMs),
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(5_000, headersMs),
  })
  server.maxConnections = MAX_CONNECTIONS

  function serveByNode(request: IncomingMessage, response: ServerResponse, waits: boolean): void {
    responses.set(request.socket, response)
    silent.delete(peerOf(request.socket))
    const asked = askedOf(request, collect)
    const refused = cors(request, response) ?? refusal(asked)
    if (waits) {
      // Told no instead of to go on, a client may send its body or not: only a new connection is clear.
      if (refused === undefined) response.writeContinue()
      else response.shouldKeepAlive = false
    }
    const to: Answering = {
      isGone: () => response.destroyed,
      send(content) {
        if (isClosing) response.shouldKeepAlive = false
        send(response, content)
        discard(request, discardBytes)
      },
    }
    void serve(asked, to, refused)
  }

  server.on('request', (request, response) => serveByNode(request, response, false))
  server.on('checkContinue', (request, response) => serveByNode(request, response, true))
  // Other expectations; Node would refuse them with an answer that is no Status.
  server.on('checkExpectation', (request, response) => serveByNode(request, response, false))
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
    endBroken(socket, error.code, counters)
  })

  const lane = isPlain
    ? openLane(server, {
        serve: (asked, to) => void serve(asked, to, refusal(asked)),
        broken: (socket, code) => endBroken(socket, code, counters),
        discardBytes,
        timeouts: { headersMs: Math.min(headersMs, requestMs), requestMs, keepAliveMs },
      })
    : null

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
      const cut = setTimeout(() => {
        server.closeAllConnections()
        lane?.cut()
      }, graceMs)
      const closed = new Promise((resolve) => server.close(resolve))
      lane?.close()
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
