import type { FastifySchema } from 'fastify'
import type { z } from 'zod'
import type { ApiErrorCode } from '../../contract/errors.ts'
import type { Scope } from '../../contract/scopes.ts'
import { byStatus, refusal, refusalName } from './errors.ts'
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts'

/** A documented route as it was registered. */
export interface Route {
  method: string
  url: string
  schema: FastifySchema
  /** What a token needs. */
  scope: Scope | 'anyone'
}

type Shared = Record<string, JsonSchema>

export const pathOf = (url: string): string => url.replace(/:(\w+)/g, '{$1}')

/** What one route does, in the words of OpenAPI. */
export function operationOf({ method, url, schema, scope }: Route, shared: Shared, common: ApiErrorCode[]) {
  return {
    operationId: operationId(method, url),
    summary: schema.summary,
    description: schema.description,
    tags: schema.tags,
    security: scope === 'anyone' ? [] : [{ bearer: [scope] }, {}],
    parameters: [
      ...parametersOf(schema.params as z.ZodType | undefined, 'path', shared),
      ...parametersOf(schema.querystring as z.ZodType | undefined, 'query', shared),
    ],
    requestBody: schema.body === undefined ? undefined : bodyOf(schema.body as z.ZodType, shared),
    responses: { 200: goodAnswer(schema, shared), ...refusalsOf(schema, common) },
  }
}

/** `GET /api/v1/catalogs/:provider` is getCatalogsByProvider. */
const operationId = (method: string, url: string): string =>
  method.toLowerCase() +
  url
    .replace(/^\/api\/v1/, '')
    .replaceAll('/:', '/by_')
    .replace(/[^A-Za-z0-9]+([A-Za-z0-9]?)/g, (_, letter: string) => letter.toUpperCase())

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', shared: Shared) {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input', shared) as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, examples, ...own }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    description,
    example: (examples as unknown[] | undefined)?.[0],
    schema: own,
  }))
}

const bodyOf = (schema: z.ZodType, shared: Shared) => {
  const { examples, ...own } = jsonSchemaOf(schema, 'input', shared)
  return {
    required: true,
    content: { 'application/json': { schema: own, example: (examples as unknown[] | undefined)?.[0] } },
  }
}

function goodAnswer({ response, alsoAnswers = [] }: FastifySchema, shared: Shared) {
  const answer = (response as { 200?: z.ZodType } | undefined)?.[200]
  const texts = alsoAnswers.map((type) => [type, { schema: { type: 'string' } }])
  return {
    description: 'As asked.',
    headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
    content: {
      ...(answer && { 'application/json': { schema: jsonSchemaOf(answer, 'output', shared) } }),
      ...Object.fromEntries(texts),
    },
  }
}

/** The refusal that all share at a status, or one that names the route's own codes beside the common ones. */
function refusalsOf({ refuses = [] }: FastifySchema, common: ApiErrorCode[]) {
  const shared = [...byStatus(common).keys()].map((status) => [
    status,
    { $ref: `#/components/responses/${refusalName(status)}` },
  ])
  const statuses = new Set([...byStatus(refuses).keys()])
  const own = [...byStatus([...refuses, ...common])]
    .filter(([status]) => statuses.has(status))
    .map(([status, codes]) => [status, refusal(status, codes)])
  return Object.fromEntries([...shared, ...own])
}
