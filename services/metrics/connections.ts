import type { Server } from 'node:net'
import type { Registry } from 'prom-client'
import { gauge } from './reading.ts'

/** Who is connected at the moment. */
export function connectionMetrics(registry: Registry, servers: Record<string, Server>): void {
  gauge(registry, {
    name: 'telltale_open_connections',
    help: 'open connections, to the API (and the page) and for OTLP',
    labels: ['to'],
    read: () =>
      Promise.all(
        Object.entries(servers).map(
          async ([to, server]): Promise<[{ to: string }, number]> => [{ to }, await connectionsOf(server)],
        ),
      ),
  })
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
