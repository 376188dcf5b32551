import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Attributes, type Context, type Span, SpanStatusCode } from '@opentelemetry/api'
import { callIdOf } from '../calls/call-id.ts'
import { guarded } from '../guard.ts'
import { errorAttributes } from '../observe/error-attributes.ts'
import { CALL_ID, CONSUMER, ERROR_TYPE, REQUEST_ID, ROUTE, STATUS } from '../observe/names.ts'
import { readError } from '../read-error.ts'
import { consumerText } from './consumer.ts'
import { errorBody } from './error-body.ts'
import { routeOf } from './route.ts'
import { rpcMetadata } from './rpc-metadata.ts'
import { sentHeaders } from './sent-headers.ts'
import { COPY, callOf, mine, remember, type ServedCall } from './served-call.ts'
import { activeServerSpan, startServerSpan } from './server-span.ts'
import type { ServerTelemetry } from './server-telemetry.ts'

/** The call of a request, from now on seen to; undefined where another copy sees to it. */
export function beginCall(
  telemetry: ServerTelemetry,
  request: IncomingMessage,
  response: ServerResponse,
): ServedCall | undefined {
  const known = callOf(response)
  if (known !== undefined) return known.copy === COPY ? known : undefined
  const call: ServedCall = {
    copy: COPY,
    telemetry,
    request,
    response,
    span: null,
    isOwn: false,
    rpc: null,
    route: null,
    consumerOf: null,
    body: [],
    bodyLength: 0,
    hasReported: false,
    hasClosed: false,
  }
  remember(call)
  // Before the listeners of others, which end their spans.
  response.prependListener('close', onClose)
  return call
}

/** Finds the span that others made for this call. */
export function adoptSpan(call: ServedCall): Span | null {
  if (call.span !== null) return call.span
  call.rpc = rpcMetadata()
  call.span = call.rpc?.span ?? activeServerSpan()
  return call.span
}

/** Where nobody made a span: makes one, and the context that its handlers are to run in. */
export function ensureSpan(call: ServedCall): Context | null {
  const { spans, tracer } = call.telemetry
  if (adoptSpan(call) !== null || !spans) return null
  const own = startServerSpan(tracer, call.request)
  call.span = own.rpc.span
  call.rpc = own.rpc
  call.isOwn = true
  return own.context
}

/** All of the answer was handed to Node, or it was cut short: says what it was. */
export function answered(call: ServedCall): void {
  if (call.hasReported) return
  call.hasReported = true
  const span = adoptSpan(call)
  const { request, response, telemetry } = call
  const attributes: Attributes = {}
  const key = request.headers['idempotency-key']
  if (typeof key === 'string' && key !== '') attributes[CALL_ID] = callIdOf(key)
  if (call.consumerOf !== null || telemetry.consumerOf !== null) tellConsumer(call, attributes)
  const route = routeOf(call)
  if (route !== null) {
    // The official instrumentation of HTTP names its span after it when it ends it.
    if (call.rpc !== null) call.rpc.route ??= route
    attributes[ROUTE] = route
  }
  if (response.statusCode >= 400) tellError(call, attributes)
  // Of most there is nothing to say.
  for (const name in attributes) span?.setAttribute(name, attributes[name]!)
  if (call.isOwn && route !== null) span?.updateName(`${request.method} ${route}`)
}

const tellConsumer = guarded((call: ServedCall, attributes: Attributes) => {
  const consumer = consumerText(call.consumerOf?.() ?? call.telemetry.consumerOf?.(call.request))
  if (consumer !== null) attributes[CONSUMER] = consumer
})

const tellError = guarded((call: ServedCall, attributes: Attributes) => {
  const { envelope, captureMessage, countError } = call.telemetry
  const { statusCode: status } = call.response
  const headers = sentHeaders(call.response)
  const error = readError({ status, headers, body: errorBody(call, headers) }, { envelope })
  countError({ code: error?.code ?? null, provider: null, status, type: String(status) })
  if (error === null) return
  Object.assign(attributes, errorAttributes(error, { provider: null, captureMessage }))
  const asked = call.request.headers['x-request-id']
  if (error.requestId === null && typeof asked === 'string' && asked !== '') {
    attributes[REQUEST_ID] = asked.slice(0, 256)
  }
})

/** Shared by all calls: this runs for each. */
function onClose(this: ServerResponse): void {
  const call = mine(this)
  if (call !== undefined) closed(call)
}

const closed = guarded((call: ServedCall) => {
  if (call.hasClosed) return
  call.hasClosed = true
  const { response, span, isOwn } = call
  // Cut short: what was sent until then is what the caller has.
  if (response.headersSent) answered(call)
  call.body = []
  if (!isOwn || span === null) return
  if (response.headersSent) {
    const { statusCode } = response
    span.setAttribute(STATUS, statusCode)
    if (statusCode >= 500) {
      span.setAttribute(ERROR_TYPE, String(statusCode))
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
  }
  span.end()
})
