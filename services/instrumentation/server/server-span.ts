import type { IncomingMessage } from 'node:http'
import {
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  METHOD,
  METHOD_ORIGINAL,
  PROTOCOL_VERSION,
  SERVER_ADDRESS,
  SERVER_PORT,
  URL_PATH,
  URL_SCHEME,
  USER_AGENT,
} from '../observe/names.ts'
import { callerSdk } from './caller-sdk.ts'
import { RPC_METADATA, type RpcMetadata } from './rpc-metadata.ts'

const METHODS = new Set('CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE'.split(' '))

/** The active span where it is a server's: of a framework's instrumentation that works alone. */
export function activeServerSpan(): Span | null {
  const span = trace.getActiveSpan()
  return span !== undefined && (span as { kind?: SpanKind }).kind === SpanKind.SERVER ? span : null
}

export interface OwnSpan {
  rpc: RpcMetadata
  /** For what the request's handlers do. */
  context: Context
}

/** A span by the semantic conventions of HTTP servers, a child of the caller's. Queries are left out: keys travel there. */
export function startServerSpan(tracer: Tracer, request: IncomingMessage): OwnSpan {
  const { method = 'GET', url = '/', headers, socket, httpVersion } = request
  const parent = propagation.extract(context.active(), headers)
  const isUsual = METHODS.has(method)
  const sdk = callerSdk(headers['user-agent'])
  const [path = '/'] = url.split('?', 1)
  const span = tracer.startSpan(
    isUsual ? method : 'HTTP',
    {
      kind: SpanKind.SERVER,
      attributes: {
        [METHOD]: isUsual ? method : '_OTHER',
        ...(!isUsual && { [METHOD_ORIGINAL]: method.slice(0, 64) }),
        [URL_PATH]: path,
        [URL_SCHEME]: 'encrypted' in socket ? 'https' : 'http',
        [PROTOCOL_VERSION]: httpVersion,
        ...hostAttributes(headers.host),
        ...(sdk !== null && { [USER_AGENT]: sdk }),
      },
    },
    parent,
  )
  const rpc: RpcMetadata = { type: 'http', span }
  return { rpc, context: trace.setSpan(parent, span).setValue(RPC_METADATA, rpc) }
}

function hostAttributes(host: string | undefined): Record<string, string | number> {
  const [, name, port] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(host ?? '') ?? []
  if (name === undefined) return {}
  const address = name.startsWith('[') ? name.slice(1, -1) : name
  return { [SERVER_ADDRESS]: address, ...(port !== undefined && { [SERVER_PORT]: Number(port) }) }
}
