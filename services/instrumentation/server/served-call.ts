import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Span } from '@opentelemetry/api'
import type { RpcMetadata } from './rpc-metadata.ts'
import type { ServerTelemetry } from './server-telemetry.ts'

/** A request that is being answered. */
export interface ServedCall {
  /** Several copies of this package may be loaded; one of them sees to a call. */
  readonly copy: object
  /** A plugin has its own settings. */
  telemetry: ServerTelemetry
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The server's span, as soon as it is known. */
  span: Span | null
  /** It is ours to end. */
  isOwn: boolean
  /** Where the official instrumentations of frameworks note the route. */
  rpc: RpcMetadata | null
  /** The route's pattern, where a plugin knows it. */
  route: string | null
  /** Who calls, where a plugin knows better than the settings. */
  consumerOf: (() => unknown) | null
  /** The beginning of an error's body, as far as it was sent. */
  body: Buffer[]
  bodyLength: number
  hasReported: boolean
  hasClosed: boolean
}

/** The same for every copy of this package. A WeakMap would hide it better, and cost more than all the rest. */
const SERVED = Symbol.for('@telltale/instrumentation served')
type Served = ServerResponse & { [SERVED]?: ServedCall }

export const callOf = (response: ServerResponse): ServedCall | undefined => (response as Served)[SERVED]

export function remember(call: ServedCall): void {
  ;(call.response as Served)[SERVED] = call
}

/** This one among them. */
export const COPY = {}

/** The call that this copy sees to. */
export function mine(response: ServerResponse): ServedCall | undefined {
  const call = callOf(response)
  return call?.copy === COPY ? call : undefined
}
