import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchemaCompiler,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import { z } from 'zod'

// A route says `schema: { params, querystring }` in zod; that one schema validates the request and types the handler.
// The schemas stay reachable through fastify's onRoute hook, for whoever wants to document them.

export interface ZodProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
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

/** Parameters by name. One that is not among them is a mistake (a filter that silently does nothing), and is refused. */
export function parameters<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape)
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? `there is no such parameter; there ${names.length === 0 ? 'are none' : `are ${names.join(', ')}`}`
        : undefined,
  })
}

export interface ParameterProblem {
  parameter: string
  message: string
}

/** Each problem by the name of the parameter it is about. */
export const parameterProblems = ({ issues }: z.ZodError): ParameterProblem[] =>
  issues.flatMap(({ message, path, ...issue }) =>
    (issue.code === 'unrecognized_keys' ? issue.keys : [path.join('.')]).map((parameter) => ({
      parameter,
      message,
    })),
  )
