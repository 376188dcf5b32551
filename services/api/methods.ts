import type { HTTPMethods } from 'fastify'
import { refuse } from './envelope.ts'
import type { Api } from './zod-provider.ts'

/** Notes which methods each address takes; the function it gives then refuses all others there, with 405. */
export function trackMethods(app: Api): () => void {
  const taken = new Map<string, Set<HTTPMethods>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = taken.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one as HTTPMethods)
    taken.set(url, methods)
  })

  return () => {
    for (const [url, methods] of [...taken]) {
      const allowed = [...methods].sort().join(', ')
      app.route({
        method: app.supportedMethods.filter((method) => !methods.has(method as HTTPMethods)) as HTTPMethods[],
        url,
        // Before the body is looked at.
        onRequest: (request, reply) => {
          refuse(reply.header('allow', allowed), 'method_not_allowed', {
            message: `This address does not take ${request.method}; it takes ${allowed}.`,
          })
        },
        handler: (_request, reply) => reply,
      })
    }
  }
}
