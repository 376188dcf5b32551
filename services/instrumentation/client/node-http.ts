import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { context, type Span, SpanKind, type TextMapSetter, trace } from '@opentelemetry/api'
import { isWrapped } from '@opentelemetry/instrumentation'
import { ANNOUNCING, type Announced, NOTHING_ANNOUNCED, readAnnouncing } from '../calls/sent-headers.ts'
import { guarded } from '../guard.ts'
import type { ClientCall, ClientCalls } from './client-calls.ts'
import { isSuppressed } from './client-span.ts'
import { observeAnswer } from './node-http-answer.ts'
import type { Origin } from './origins.ts'

// node:http and node:https tell what they do on diagnostics channels.

export interface NodeHttpOptions {
  calls: ClientCalls
  originOf: (text: string) => Origin | null
  spans: boolean
}

/** As it is with undici's; not enumerable, for applications log their requests. */
const CALL = Symbol('@telltale/instrumentation call')

interface ObservedRequest extends ClientRequest {
  [CALL]?: ClientCall
}

const setter: TextMapSetter<ClientRequest> = {
  set: (request, name, value) => {
    if (!request.headersSent) request.setHeader(name, value)
  },
}

/** Answers what ends it. */
export function observeNodeHttp({ calls, originOf, spans }: NodeHttpOptions): () => void {
  function begin(request: ObservedRequest): ClientCall | undefined {
    if (request.method === 'CONNECT' || isSuppressed()) return undefined
    const origin = originOf(originText(request))
    if (origin === null) return undefined
    const call = calls.begin(request.method, origin, request.path, officialSpan())
    Object.defineProperty(request, CALL, { value: call })
    return call
  }

  const onClose = guarded(function (this: ObservedRequest) {
    const call = this[CALL]
    if (call !== undefined) calls.end(call)
  })

  let http: typeof import('node:http') | undefined
  /** Where the official instrumentation is and has no span for it, none is wanted. */
  function startSpan(call: ClientCall, request: ObservedRequest): void {
    if (call.span !== null || !spans || request.hasHeader('traceparent')) return
    // Who made a request has it loaded; an import of ours would load it for everybody.
    http ??= process.getBuiltinModule('node:http')
    if (isWrapped(http.request)) return
    calls.startSpan(call, request, setter)
    request.once('close', onClose)
  }

  const onCreated = guarded((message: unknown) => {
    const { request } = message as { request: ObservedRequest }
    const call = begin(request)
    if (call !== undefined) startSpan(call, request)
  })

  const onStart = guarded((message: unknown) => {
    const { request } = message as { request: ObservedRequest }
    let call = request[CALL]
    if (call === undefined) {
      // Node 20 does not tell before: the head is on its way then, and the server does not hear of the span.
      call = begin(request)
      if (call !== undefined) startSpan(call, request)
    }
    if (call === undefined || call.attempt !== null) return
    const length = Number(request.getHeader('content-length') ?? Number.NaN)
    calls.sent(call, {
      announced: readSentHeaders(request),
      length: Number.isNaN(length) ? null : length,
      sender: null,
    })
  })

  const onAnswer = guarded((message: unknown) => {
    const { request, response } = message as { request: ObservedRequest; response: IncomingMessage }
    const call = request[CALL]
    if (call === undefined) return
    call.span ??= officialSpan()
    if (calls.answered(call, response.statusCode ?? 0, response.rawHeaders)) {
      observeAnswer(request, response, call, calls)
    }
  })

  const onError = guarded((message: unknown) => {
    const { request, error } = message as { request: ObservedRequest; error: unknown }
    const call = request[CALL]
    if (call !== undefined) calls.broke(call, error)
  })

  subscribe('http.client.request.created', onCreated)
  subscribe('http.client.request.start', onStart)
  subscribe('http.client.response.finish', onAnswer)
  subscribe('http.client.request.error', onError)
  return () => {
    unsubscribe('http.client.request.created', onCreated)
    unsubscribe('http.client.request.start', onStart)
    unsubscribe('http.client.response.finish', onAnswer)
    unsubscribe('http.client.request.error', onError)
  }
}

function originText(request: ObservedRequest): string {
  const { protocol, host } = request
  const named = request.getHeader('host')
  // A socket's path or a proxy: the Host header says who is meant.
  const name = typeof named === 'string' && named !== '' ? named : host.includes(':') ? `[${host}]` : host
  return `${protocol}//${name}`
}

function readSentHeaders(request: ObservedRequest): Announced {
  let announced = NOTHING_ANNOUNCED
  for (const name of ANNOUNCING) {
    const value = request.getHeader(name)
    if (value === undefined) continue
    if (announced === NOTHING_ANNOUNCED) announced = { ...NOTHING_ANNOUNCED }
    readAnnouncing(name, String(value), announced)
  }
  return announced
}

interface ReadableSpan extends Span {
  kind?: SpanKind
  attributes?: Record<string, unknown>
}

/** The official instrumentation sends requests, and takes in their answers, with its span as the active one. */
function officialSpan(): Span | null {
  const span = trace.getSpan(context.active()) as ReadableSpan | undefined
  if (span?.kind !== SpanKind.CLIENT) return null
  const { attributes } = span
  return attributes?.['http.request.method'] !== undefined || attributes?.['http.method'] !== undefined
    ? span
    : null
}
