import { failureAnswer } from '../envelope.ts'
import { byStatus, commonErrors, refusal, refusalName } from './errors.ts'
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts'
import { operationOf, pathOf, type Route } from './operation.ts'

const ABOUT = `What telltale knows about API error codes and the requests that met them.

Every answer is \`{ success, data, error, meta }\`, and so is every refusal; \`error.code\` is permanent, its message is
for people. Times are RFC 3339 or relative (\`-15m\`, \`-24h\`, \`now\`). A parameter that does not exist is refused.`

const BEARER = `A token (\`tt_…\`) with the scope that the operation names: \`read\` for questions, \`admin\` for changes,
\`ingest\` for OTLP. An instance without tokens answers on its own machine only, and asks for none.`

const TAGS: Record<string, string> = {
  requests: 'One request and what became of it.',
  codes: 'Error codes: how often, since when, and how they stand to their catalogs.',
  errors: 'Error rows as they were reported.',
  traffic: 'All calls, failed or not.',
  quotas: 'How much of the limits of other people’s APIs is left.',
  catalogs: 'What the catalogs say codes mean, and what an error at hand means.',
  stream: 'What happens now.',
  tokens: 'Who may ask and send.',
  store: 'What is done to the store as a whole: taken out, erased.',
  instance: 'The instance itself.',
}

/** The OpenAPI document of what is registered. */
export function openApiDocument(routes: Route[], version: string) {
  const schemas: Record<string, JsonSchema> = {}
  const common = commonErrors(routes.flatMap(({ schema }) => schema.refuses ?? []))
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = pathOf(route.url)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas, common) }
  }
  jsonSchemaOf(failureAnswer, 'output', schemas)
  return {
    openapi: '3.1.1',
    info: {
      title: 'telltale',
      version,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The instance that this document came from' }],
    tags: [...new Set(routes.flatMap(({ schema }) => schema.tags ?? []))].map((name) => ({
      name,
      description: TAGS[name],
    })),
    paths,
    components: {
      schemas,
      responses: Object.fromEntries(
        [...byStatus(common)].map(([status, codes]) => [refusalName(status), refusal(status, codes)]),
      ),
      headers: {
        'X-Request-Id': {
          description: 'The same as `meta.request_id`.',
          schema: { type: 'string' },
          example: 'req_0f3a9c2e',
        },
      },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: BEARER } },
    },
  }
}
