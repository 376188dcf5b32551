import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Span, TextMapSetter } from '@opentelemetry/api'
import { guarded } from '../guard.ts'
import type { ClientCall, ClientCalls } from './client-calls.ts'
import { isSuppressed } from './client-span.ts'
import type { Origin } from './origins.ts'
import { observeAnswer } from './undici-answer.ts'
import { readSentHeaders, senderOf, type UndiciRequest } from './undici-request.ts'

// undici (and so fetch) tells what it does on diagnostics channels, the one in Node as well as an installed one.

export interface UndiciOptions {
  calls: ClientCalls
  originOf: (text: string) => Origin | null
  /** Whether spans of our own are wanted. */
  spans: boolean
  /** Looks whether there is an SDK by now. */
  watch: () => void
}

interface Answer {
  statusCode: number
  headers: unknown
}

export interface UndiciObserver {
  /** A CLIENT span was started by the tracer of that name. */
  clientSpan(span: Span, tracer: string): void
  /** Goes behind all who listen by now: what they add to a request is then there to be seen. */
  comeLast(): void
  stop(): void
}

/** On undici's own object, which lives as long as the call: a WeakMap of all calls would cost each garbage collection. */
const CALL = Symbol('@telltale/instrumentation call')

interface ObservedRequest extends UndiciRequest {
  [CALL]?: ClientCall
}

const setter: TextMapSetter<UndiciRequest> = {
  set: (request, name, value) => request.addHeader?.(name, value),
}

export function observeUndici({ calls, originOf, spans, watch }: UndiciOptions): UndiciObserver {
  /** The span that the official instrumentation has just started for the request that comes next. */
  let started: Span | null = null
  /** The request that we saw before the official instrumentation did. */
  let unclaimed: ClientCall | null = null
  let isOfficial = false

  const onCreate = guarded((message: unknown) => {
    const { request } = message as { request: ObservedRequest }
    const other = started
    started = unclaimed = null
    const { method } = request
    if (method === 'CONNECT' || isSuppressed()) return
    const origin = originOf(String(request.origin))
    if (origin === null) return
    const call = calls.begin(method, origin, String(request.path), other)
    request[CALL] = call
    const announced = readSentHeaders(request)
    if (other === null && !isOfficial) {
      watch()
      // Who sends a trace's context along has a span for it.
      if (spans && announced.traceparent === null) calls.startSpan(call, request, setter)
      unclaimed = call
    }
    calls.sent(call, { announced, length: request.contentLength ?? null, sender: senderOf(request) })
  })

  const onHeaders = guarded((message: unknown) => {
    const { request, response } = message as { request: ObservedRequest; response: Answer }
    const call = request[CALL]
    if (call === undefined) return
    if (calls.answered(call, response.statusCode, response.headers)) observeAnswer(request, call, calls)
  })

  const onTrailers = guarded((message: unknown) => {
    const call = (message as { request: ObservedRequest }).request[CALL]
    if (call !== undefined) calls.end(call)
  })

  const onError = guarded((message: unknown) => {
    const { request, error } = message as { request: ObservedRequest; error: unknown }
    const call = request[CALL]
    if (call === undefined) return
    calls.broke(call, error)
    calls.end(call)
  })

  function listen(): void {
    subscribe('undici:request:create', onCreate)
    subscribe('undici:request:headers', onHeaders)
    subscribe('undici:request:trailers', onTrailers)
    subscribe('undici:request:error', onError)
  }

  function stop(): void {
    unsubscribe('undici:request:create', onCreate)
    unsubscribe('undici:request:headers', onHeaders)
    unsubscribe('undici:request:trailers', onTrailers)
    unsubscribe('undici:request:error', onError)
  }

  const comeLast = (): void => {
    stop()
    listen()
    unclaimed = null
  }

  listen()
  return {
    clientSpan(span, tracer) {
      if (!tracer.includes('instrumentation-undici')) return
      isOfficial = true
      if (unclaimed === null) {
        started = span
        return
      }
      // It was registered after us. Its span is the one; ours is never ended, and so never sent.
      unclaimed.span = span
      unclaimed.isOwn = false
      unclaimed = null
      queueMicrotask(comeLast)
    },
    comeLast,
    stop,
  }
}
