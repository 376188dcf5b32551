import type { FastifyReply } from 'fastify'
import { API_ERRORS, type ApiErrorCode } from '../contract/errors.ts'

interface Meta {
  request_id: string
  version: 'v1'
}
export interface Success<T> {
  success: true
  data: T
  error: null
  meta: Meta
}
export interface Failure {
  success: false
  data: null
  error: { code: ApiErrorCode; message: string; details: unknown }
  meta: Meta
}

const meta = (requestId: string): Meta => ({ request_id: requestId, version: 'v1' })

export const success = <T>(request: { id: string }, data: T): Success<T> => ({
  success: true,
  data,
  error: null,
  meta: meta(request.id),
})

interface Precisely {
  /** In place of the table's general words. */
  message?: string
  details?: unknown
  retryAfterSeconds?: number
}

export const failure = (
  requestId: string,
  code: ApiErrorCode,
  { message, details }: Precisely = {},
): Failure => ({
  success: false,
  data: null,
  error: { code, message: message ?? API_ERRORS[code].message, details: details ?? null },
  meta: meta(requestId),
})

/** Answers with an error of the table. */
export function refuse(reply: FastifyReply, code: ApiErrorCode, precisely: Precisely = {}): FastifyReply {
  if (precisely.retryAfterSeconds !== undefined) reply.header('retry-after', precisely.retryAfterSeconds)
  return reply.code(API_ERRORS[code].status).send(failure(reply.request.id, code, precisely))
}
