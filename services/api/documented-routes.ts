import type { Route } from './openapi/operation.ts'
import type { Api } from './zod-provider.ts'

/** Notes every route that is registered from now on and says what it is. */
export function noteDocumentedRoutes(app: Api): Route[] {
  const routes: Route[] = []
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    // fastify adds HEAD to every GET; saying so of each would only be noise.
    for (const one of [method].flat())
      if (one !== 'HEAD' && schema?.summary !== undefined)
        routes.push({ method: one, url, schema, scope: config?.scope ?? 'read' })
  })
  return routes
}
