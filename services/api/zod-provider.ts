import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifySchemaCompiler,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import { z } from 'zod'

// A route says `schema: { params, querystring, body, response }` in zod: that one schema validates the request, types
// the handler and what it answers, and is documented (openapi.ts). Answers are not validated again while serving: the
// types hold them to their schema, and the tests hold every answer they get to the document.

export interface ZodProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  /** Or the reply itself, where a handler has refused. */
  serializer: this['schema'] extends z.ZodType ? z.output<this['schema']> | FastifyReply : unknown
}

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodProvider
>

export const validateWithZod: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (input) => {
    const { data, error } = schema.safeParse(input)
    return error ? { error } : { value: data }
  }

export const serializeAsJson = () => JSON.stringify

/** Parameters by name. One that is not among them is a mistake (a filter that silently does nothing), and is refused. */
export function parameters<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape)
  return z.strictObject(shape, {
    error: ({ code }) => {
      if (code === 'unrecognized_keys')
        return `there is no such parameter; there ${names.length === 0 ? 'are none' : `are ${names.join(', ')}`}`
      return code === 'invalid_type' ? 'give a JSON object' : undefined
    },
  })
}

export interface ParameterProblem {
  parameter: string
  message: string
}

/** Each problem by the name of the parameter it is about. */
export const parameterProblems = ({ issues }: z.ZodError): ParameterProblem[] =>
  issues.flatMap(({ message, path, ...issue }) =>
    (issue.code === 'unrecognized_keys' ? issue.keys : [path.join('.') || 'body']).map((parameter) => ({
      parameter,
      message,
    })),
  )
