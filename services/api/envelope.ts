import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { API_ERRORS, type ApiErrorCode } from '../contract/errors.ts'
import { withoutTokens } from '../contract/token-text.ts'

const meta = z
  .object({
    request_id: z
      .string()
      .describe('Also in the header X-Request-Id and in the log.')
      .meta({ examples: ['req_0f3a9c2e'] }),
    version: z.literal('v1'),
  })
  .meta({ id: 'Meta' })

/** The schema of an answer, by the schema of its data. */
export const answer = <Data extends z.ZodType>(data: Data) =>
  z.object({ success: z.literal(true), data, error: z.null(), meta })

const listMeta = meta
  .extend({
    next_cursor: z
      .string()
      .nullable()
      .describe('Asks for the next page of the same list, as the parameter `cursor`; null on the last one.'),
  })
  .meta({ id: 'ListMeta' })

/** The schema of a page of a list, by the schema of its rows. */
export const listAnswer = <Row extends z.ZodType>(row: Row) =>
  z.object({ success: z.literal(true), data: z.array(row), error: z.null(), meta: listMeta })

export interface Success<T> extends z.output<ReturnType<typeof answer<z.ZodType<T>>>> {}

const CODES = Object.keys(API_ERRORS) as ApiErrorCode[]

/** The schema of every refusal. */
export const failureAnswer = z
  .object({
    success: z.literal(false),
    data: z.null(),
    error: z.object({
      code: z.enum(CODES).describe('Permanent: programs may depend on it.'),
      message: z.string().describe('For a person. Its words may change.'),
      details: z.unknown().describe('More about it, or null; of a wrong parameter, which and why.'),
    }),
    meta,
  })
  .meta({ id: 'Failure' })
export type Failure = z.output<typeof failureAnswer>

const metaOf = (requestId: string): z.output<typeof meta> => ({ request_id: requestId, version: 'v1' })

export const success = <T>(request: { id: string }, data: T): Success<T> => ({
  success: true,
  data,
  error: null,
  meta: metaOf(request.id),
})

export const successPage = <Row>(request: { id: string }, rows: Row[], nextCursor: string | null) => ({
  success: true as const,
  data: rows,
  error: null,
  meta: { ...metaOf(request.id), next_cursor: nextCursor },
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
  // What was asked for is quoted in them.
  error: {
    code,
    message: withoutTokens(message ?? API_ERRORS[code].message),
    details: JSON.parse(withoutTokens(JSON.stringify(details ?? null))),
  },
  meta: metaOf(requestId),
})

/** Answers with an error of the table. */
export function refuse(reply: FastifyReply, code: ApiErrorCode, precisely: Precisely = {}): FastifyReply {
  reply.errorCode = code
  if (precisely.retryAfterSeconds !== undefined) reply.header('retry-after', precisely.retryAfterSeconds)
  return reply.code(API_ERRORS[code].status).send(failure(reply.request.id, code, precisely))
}

/** Answers that a parameter is wrong, where that takes more to know than its schema. */
export const refuseParameter = (reply: FastifyReply, problem: { parameter: string; message: string }) =>
  refuse(reply, 'invalid_parameter', {
    message: `${problem.parameter}: ${problem.message}.`,
    details: [problem],
  })
