import { etagOf, isKnown } from '../etag.ts'
import { openApiDocument } from '../openapi/document.ts'
import type { Route } from '../openapi/operation.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const make = (document: string) => ({ document, etag: etagOf(document) })

/** What is registered, as a document; made when it is first asked for. */
export function registerOpenApi(app: Api, routes: Route[], { version }: Pick<Parts, 'version'>): void {
  let made: { document: string; etag: string } | undefined
  app.get('/openapi.json', { config: { scope: 'anyone' } }, (request, reply) => {
    made ??= make(JSON.stringify(openApiDocument(routes, version)))
    if (isKnown(request, reply, made.etag)) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').send(made.document)
  })
}
