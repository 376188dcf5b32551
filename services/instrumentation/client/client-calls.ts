import type { Span, TextMapSetter, Tracer } from '@opentelemetry/api'
import { type Attempt, Attempts } from '../calls/attempts.ts'
import { mayBeSentAgain } from '../calls/may-be-sent-again.ts'
import type { Announced } from '../calls/sent-headers.ts'
import { errorAttributes } from '../observe/error-attributes.ts'
import type { CountError } from '../observe/error-counter.ts'
import { limitAttributes } from '../observe/limit-attributes.ts'
import { CALL_ID, PROVIDER, RESEND_COUNT, STATUS } from '../observe/names.ts'
import { type ReadError, type ReadErrorOptions, readError, readLimits } from '../read-error.ts'
import type { Settings } from '../settings.ts'
import { BodyStart } from './body-start.ts'
import { errorType, markFailed, propagate, startClientSpan } from './client-span.ts'

import { limitHeaders } from './limit-headers.ts'
import type { Origin } from './origins.ts'
import { rawHeader, textHeaders } from './raw-headers.ts'

/** A request on its way, as the clients' own events tell of it. */
export interface ClientCall {
  readonly method: string
  readonly origin: Origin
  readonly path: string
  /** null where there is none, or none to be seen. */
  span: Span | null
  /** It is ours to end. */
  isOwn: boolean
  attempt: Attempt | null
  /** 0 as long as no answer came. */
  status: number
  headers: unknown
  body: BodyStart | null
  isRead: boolean
  hasEnded: boolean
}

export interface ClientCalls {
  /** `other` is the span that another instrumentation has for it. */
  begin(method: string, origin: Origin, path: string, other: Span | null): ClientCall
  /** Starts a span where no other instrumentation does, and lets the server know of it. */
  startSpan<Carrier>(call: ClientCall, carrier: Carrier, setter: TextMapSetter<Carrier>): void
  /** As soon as what is sent is known. */
  sent(call: ClientCall, what: { announced: Announced; length: number | null; sender: object | null }): void
  /** Whether its body is to be handed to `call.body`; if not, all is said. */
  answered(call: ClientCall, status: number, headers: unknown): boolean
  /** The body has ended, or was seen far enough: says what it was. While the span is still open. */
  read(call: ClientCall): void
  /** No answer came, or it broke off. */
  broke(call: ClientCall, error: unknown): void
  end(call: ClientCall): void
}

export interface Telemetry {
  readonly settings: Settings
  readonly tracer: Tracer
  readonly countError: CountError
}

const UNKNOWN: { reading: ReadErrorOptions } = { reading: {} }

export function clientCalls(telemetry: Telemetry): ClientCalls {
  const { settings } = telemetry
  const attempts = new Attempts()

  function say(call: ClientCall, error: ReadError): void {
    const provider = call.origin.provider?.name ?? null
    const { captureMessage } = settings
    const isRefused = call.status < 400
    const type = isRefused ? (error.code ?? '_OTHER') : String(call.status)
    call.span?.setAttributes(errorAttributes(error, { provider, captureMessage }))
    if (isRefused && call.span !== null) markFailed(call.span, type)
    telemetry.countError({ code: error.code, provider, status: call.status, type, host: call.origin.host })
  }

  function sayLimits({ span, headers, origin }: ClientCall): void {
    if (!settings.captureLimits || span === null || !origin.limits.areWanted()) return
    const { reading } = origin.provider ?? UNKNOWN
    const found = limitHeaders(headers, reading.limits ?? {})
    if (found === null) return
    origin.limits.wereRead()
    span.setAttributes(limitAttributes(readLimits(found, reading)))
  }

  /** So that the next send, if it is one, is known for what it is. */
  function expectRepeat(call: ClientCall, mayRepeat: boolean, waitMs: number): void {
    const { attempt, span } = call
    if (attempt === null) return
    if (!mayRepeat) {
      attempts.isFinal(attempt)
      return
    }
    if (attempt.id === null && span !== null) {
      attempt.id = span.spanContext().spanId
      span.setAttribute(CALL_ID, attempt.id)
    }
    attempts.mayRepeat(attempt, waitMs)
  }

  const calls: ClientCalls = {
    begin: (method, origin, path, other) => ({
      method,
      origin,
      path,
      span: other,
      isOwn: false,
      attempt: null,
      status: 0,
      headers: null,
      body: null,
      isRead: false,
      hasEnded: false,
    }),

    startSpan(call, carrier, setter) {
      call.span = startClientSpan(telemetry.tracer, call.method, call.origin, call.path)
      call.isOwn = true
      propagate(call.span, carrier, setter)
    },

    sent(call, { announced, length, sender }) {
      const { method, origin, path, span } = call
      const target = `${method} ${origin.text}${path}`
      const attempt = attempts.begin({ target, announced, length, sender }, span)
      call.attempt = attempt
      if (span === null) return
      if (origin.provider !== null) span.setAttribute(PROVIDER, origin.provider.name)
      if (attempt.id !== null) span.setAttribute(CALL_ID, attempt.id)
      if (attempt.number > 0) span.setAttribute(RESEND_COUNT, attempt.number)
    },

    answered(call, status, headers) {
      // Early hints come before the answer.
      if (status < 200 || call.isRead) return false
      const { origin, attempt } = call
      call.status = status
      call.headers = headers
      if (call.isOwn) {
        call.span!.setAttribute(STATUS, status)
        if (status >= 400) markFailed(call.span!, String(status))
      }
      if (attempt !== null && (status === 401 || status === 407 || (status >= 300 && status < 400))) {
        attempts.isChallenged(attempt)
      }
      if (status < 400) {
        if (status >= 300 || origin.provider?.errorsIn200 !== true) {
          call.isRead = true
          sayLimits(call)
          return false
        }
      } else if (mayBeSentAgain(status, null, origin.provider, settings.catalogs)) {
        // Some send again on the status alone, before the body is there.
        expectRepeat(call, true, 0)
      }
      call.body = new BodyStart()
      if (call.method !== 'HEAD') return true
      calls.read(call)
      return false
    },

    read(call) {
      if (call.isRead) return
      call.isRead = true
      const { status, headers, body, origin } = call
      const bytes = body?.read(rawHeader(headers, 'content-encoding')) ?? null
      call.body = null
      const error = readError(
        { status, headers: textHeaders(headers), body: bytes },
        origin.provider?.reading,
      )
      if (error === null) {
        sayLimits(call)
        return
      }
      const mayRepeat = mayBeSentAgain(status, error, origin.provider, settings.catalogs)
      expectRepeat(call, mayRepeat, error.retryAfterMs ?? 0)
      say(call, error)
    },

    broke(call, error) {
      if (call.hasEnded) return
      if (call.status > 0) calls.read(call)
      const type = errorType(error)
      if (call.isOwn) markFailed(call.span!, type)
      // Who aborts a call does not send it again, and it did not fail.
      if (call.status > 0 || type === 'AbortError' || type === 'ABORT_ERR') return
      expectRepeat(call, true, 0)
      const { provider, host } = call.origin
      telemetry.countError({ code: null, provider: provider?.name ?? null, status: null, type, host })
    },

    end(call) {
      if (call.hasEnded) return
      call.hasEnded = true
      try {
        if (call.status > 0) calls.read(call)
      } finally {
        if (call.isOwn) call.span!.end()
      }
    },
  }
  return calls
}
