import type { RequestListener, Server, ServerOptions } from 'node:http'

/** Makes the server that a listener is on: node:http's own, or one behind TLS. */
export type NewServer = (options: ServerOptions, listener?: RequestListener) => Server
