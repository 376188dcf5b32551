import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Asked } from '../asked.ts'
import type { Answering } from '../serve.ts'
import { type Connection, openConnection } from './connection.ts'
import { readInto } from './reused-memory.ts'

export interface LaneOptions {
  serve: (asked: Asked, to: Answering) => void
  /** Tells a client what is wrong and ends its connection. */
  broken: (socket: Socket, code: string) => void
  /** What a refused client may go on sending before it is cut off. */
  discardBytes: number
  timeouts: { headersMs: number; requestMs: number; keepAliveMs: number }
}

/** For all connections together: what is read is looked at, or copied to its place, before anything else is read. */
const READ_BYTES = 64 * 1024
/** For who takes too long. */
const LOOK_EVERY_MS = 5_000

/**
 * Connections that a server accepts, read without node:http for as long as what comes on them has exactly the form that
 * exporters send. node:http gives out each body in pieces of memory made anew, which costs as much as decoding what is
 * in them. The first byte that is not as usual makes a connection node:http's for good.
 */
export function openLane(server: Server, options: LaneOptions) {
  const { headersMs, requestMs, keepAliveMs } = options.timeouts
  const byNode = server.listeners('connection')
  const toNode = (socket: Socket) => {
    for (const listener of byNode) listener.call(server, socket)
  }
  const memory = Buffer.allocUnsafeSlow(READ_BYTES)
  const connections = new Set<Connection>()
  let isClosing = false

  server.removeAllListeners('connection').on('connection', (accepted: Socket) => {
    const socket = readInto(accepted, memory, (length) => connection.came(memory.subarray(0, length)))
    if (socket === null) return toNode(accepted)
    const connection = openConnection(socket, {
      ...options,
      isClosing: () => isClosing,
      toNode() {
        connections.delete(connection)
        toNode(socket)
      },
    })
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
  })

  const look = () => {
    const now = performance.now()
    for (const connection of connections) connection.checkTime(now)
  }
  let looking: NodeJS.Timeout | undefined
  server.on('listening', () => {
    looking = setInterval(look, Math.min(LOOK_EVERY_MS, headersMs, requestMs, keepAliveMs)).unref()
  })

  return {
    /** Lets go of those that wait for nothing; the others end with their answer. */
    close() {
      isClosing = true
      clearInterval(looking)
      for (const connection of connections) connection.endIfIdle()
    },
    cut() {
      for (const connection of connections) connection.cut()
    },
  }
}
