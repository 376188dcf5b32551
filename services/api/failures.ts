import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ZodError } from 'zod'
import type { ApiErrorCode } from '../contract/errors.ts'
import { refuse } from './envelope.ts'
import type { Log } from './log.ts'
import { storeFailure } from './store-failure.ts'
import { parameterProblems } from './zod-provider.ts'

/** Whatever goes wrong on the way to an answer, said in the envelope and without our insides. */
export const answerFailure =
  (log: Log) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    // A ZodError without a context is a row of the store that is not as its query says: our mistake, not theirs.
    if (error instanceof ZodError && error.validationContext) return refuseParameters(error, reply)

    const store = storeFailure(error)
    if (store) {
      log.warn({ err: error, request_id: request.id, url: request.url }, `answered ${store.code}`)
      return refuse(reply, store.code, store)
    }

    if (NO_JSON.has(error.code)) {
      const details = [{ parameter: 'body', message: 'is not JSON' }]
      return refuse(reply, 'invalid_parameter', { message: 'body: is not JSON.', details })
    }
    const status = error.statusCode ?? 500
    if (status >= 400 && status < 500) return refuse(reply, BY_STATUS[status] ?? 'invalid_request')

    log.error({ err: error, request_id: request.id, url: request.url }, 'answered internal_error')
    return refuse(reply, 'internal_error')
  }

const NO_JSON = new Set(['FST_ERR_CTP_EMPTY_JSON_BODY', 'FST_ERR_CTP_INVALID_JSON_BODY'])

/** What fastify refuses by itself, before any of our code. */
const BY_STATUS: Record<number, ApiErrorCode> = {
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
}

function refuseParameters(error: ZodError, reply: FastifyReply): FastifyReply {
  const details = parameterProblems(error)
  const message = details.map(({ parameter, message }) => `${parameter}: ${message}`).join('; ')
  return refuse(reply, 'invalid_parameter', { message: `${message}.`, details })
}
