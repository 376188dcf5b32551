import type { ApiErrorCode } from '../contract/errors.ts'
import type { Answered } from '../intake/serve.ts'
import type { Served } from './own-spans.ts'

/** What an OTLP request failed with, in the words of our catalog: OTLP's own answers have numbers only. */
const BY_STATUS: Record<number, ApiErrorCode> = {
  400: 'invalid_payload',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
  503: 'intake_full',
}
/** What may be stored of a header that anyone may send. */
const SANE_ID = /^[A-Za-z0-9._:-]{1,128}$/

/** An OTLP request that failed, as one of the requests of our own. */
export function servedOtlp({ signal, status, code, seconds, request }: Answered): Served {
  const { 'x-request-id': id, traceparent } = request.headers
  return {
    requestId: typeof id === 'string' && SANE_ID.test(id) ? id : undefined,
    method: request.method ?? null,
    route: signal === undefined ? null : `/v1/${signal}`,
    status,
    code: code ?? BY_STATUS[status] ?? 'internal_error',
    seconds,
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  }
}
