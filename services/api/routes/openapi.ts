import { openApiDocument } from '../openapi/document.ts'
import type { Route } from '../openapi/operation.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

/** Notes every route that is registered from now on and says what it is; `/openapi.json` tells of them. */
export function registerOpenApi(app: Api, { version }: Pick<Parts, 'version'>): void {
  const routes: Route[] = []
  app.addHook('onRoute', ({ method, url, schema }) => {
    // fastify adds HEAD to every GET; saying so of each would only be noise.
    for (const one of [method].flat())
      if (one !== 'HEAD' && schema?.summary !== undefined) routes.push({ method: one, url, schema })
  })

  let document: string | undefined
  app.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(routes, version))
    return reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(document)
  })
}
