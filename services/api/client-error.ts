import type { Socket } from 'node:net'
import type { ConnectionError } from 'fastify'
import { API_ERRORS, type ApiErrorCode } from '../contract/errors.ts'
import { STATUS_CODES } from '../contract/node-http.ts'
import type { Answered } from './answered.ts'
import { failure } from './envelope.ts'
import { newRequestId } from './request-id.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

const BY_CODE: Record<string, ApiErrorCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
}

/** Bytes that Node could not read as a request: there is no request to reply to, only a socket to write on. */
export function answerBrokenRequest(
  error: ConnectionError,
  socket: Socket,
  answered: (answer: Answered) => void,
): void {
  // The other side is gone, or an answer is already on its way.
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy()
  const code = BY_CODE[error.code] ?? 'invalid_request'
  const { status } = API_ERRORS[code]
  const requestId = newRequestId()
  const body = JSON.stringify(failure(requestId, code))
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    connection: 'close',
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`)
  answered({ requestId, method: null, route: null, status, code, seconds: 0, traceparent: undefined })
}
