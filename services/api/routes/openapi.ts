import { etagOf, isKnown } from '../etag.ts'
import { openApiDocument } from '../openapi/document.ts'
import type { Route } from '../openapi/operation.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const make = (document: string) => ({ document, etag: etagOf(document) })

/** Notes every route that is registered from now on and says what it is; `/openapi.json` tells of them. */
export function registerOpenApi(app: Api, { version }: Pick<Parts, 'version'>): void {
  const routes: Route[] = []
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    // fastify adds HEAD to every GET; saying so of each would only be noise.
    for (const one of [method].flat())
      if (one !== 'HEAD' && schema?.summary !== undefined)
        routes.push({ method: one, url, schema, scope: config?.scope ?? 'read' })
  })

  let made: { document: string; etag: string } | undefined
  app.get('/openapi.json', { config: { scope: 'anyone' } }, (request, reply) => {
    made ??= make(JSON.stringify(openApiDocument(routes, version)))
    if (isKnown(request, reply, made.etag)) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').send(made.document)
  })
}
