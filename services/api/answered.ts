import { finished } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiErrorCode } from '../contract/errors.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** What it failed with, if it did. */
    errorCode?: ApiErrorCode
  }
}

/** One answer, when it is over: what metrics, the log and our own spans are made of. Nothing in it is secret. */
export interface Answered {
  requestId: string
  /** null: what came was no HTTP. */
  method: string | null
  /** As it stands in the routes, `/api/v1/requests/:id`; null: there is nothing at that address. */
  route: string | null
  /** null: the client went away before it was told one. */
  status: number | null
  /** Set by a failure. */
  code: ApiErrorCode | null
  seconds: number
  /** Of the caller's span, where it sends one. */
  traceparent: string | undefined
}

/** Tells of an answer when its last byte is sent or its client is gone. */
export function watchAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  answered: (answer: Answered) => void,
): void {
  const started = performance.now()
  const { raw } = reply
  finished(raw, () => {
    const { traceparent } = request.headers
    answered({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: raw.headersSent ? raw.statusCode : null,
      code: reply.errorCode ?? null,
      seconds: (performance.now() - started) / 1000,
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    })
  })
}

/** A line for each answer; those that are our failure stand out. An address may hold anything, so the log has the route. */
export function logAnswer(
  log: Record<'debug' | 'warn', (fields: object, message: string) => void>,
  { requestId, method, route, status, code, seconds }: Omit<Answered, 'traceparent'>,
): void {
  const fields = { request_id: requestId, method, route, status, code, ms: Math.round(seconds * 1000) }
  if (status !== null && status >= 500) log.warn(fields, 'answered')
  else log.debug(fields, 'answered')
}
