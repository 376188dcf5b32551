import { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * Lets an answer take its time: a connection on which nothing moves is cut off otherwise. What it gives sets the limit
 * again, for when bytes flow and the client has to read them.
 */
export function withoutTimeLimit({ raw: { socket }, server }: FastifyRequest): () => void {
  // A request that came without a network has none.
  if (!(socket instanceof Socket)) return () => {}
  socket.setTimeout(0)
  return () => void socket.setTimeout(server.server.timeout)
}
