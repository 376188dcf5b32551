import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Catalogs } from '../../catalog/classify.ts'
import type { Catalog } from '../../catalog/schema.ts'
import {
  catalogSummary,
  codeIn,
  codeOfCatalog,
  summaryOf,
  wholeCatalog,
  wholeOf,
} from '../catalog-answers.ts'
import { answer, refuse, success } from '../envelope.ts'
import { etagOf, isKnown } from '../etag.ts'
import { text } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { type Api, parameters } from '../zod-provider.ts'

const provider = text().meta({ description: 'Whose catalog.', examples: ['session-api'] })
const code = text().meta({ description: 'As sent, case included.', examples: ['RATE_LIMIT_EXCEEDED'] })
const common = { tags: ['catalogs'], querystring: parameters({}) }

const list = {
  ...common,
  summary: 'Whose codes are documented here',
  response: { 200: answer(z.array(catalogSummary)) },
}
const one = {
  ...common,
  summary: 'One catalog: every code, what it means and whether to retry',
  params: parameters({ provider }),
  response: { 200: answer(wholeCatalog) },
  refuses: ['catalog_not_found' as const],
}
const oneCode = {
  ...common,
  summary: 'What its publisher says about a code',
  params: parameters({ provider, code }),
  response: { 200: answer(codeOfCatalog) },
  refuses: ['catalog_not_found' as const, 'code_not_found' as const],
}

/** What the catalogs say. They change only when they are loaded again, so whoever keeps an answer may ask if it holds. */
export function registerCatalogs(app: Api, { catalogs }: Pick<Parts, 'catalogs'>): void {
  app.get('/api/v1/catalogs', { schema: list }, (request, reply) =>
    unlessKnown(request, reply, catalogs().list.map(summaryOf)),
  )

  app.get('/api/v1/catalogs/:provider', { schema: one }, (request, reply) => {
    const catalog = find(catalogs(), request.params.provider)
    if (catalog === undefined) return refuseProvider(reply, catalogs(), request.params.provider)
    return unlessKnown(request, reply, wholeOf(catalog, catalogs()))
  })

  app.get('/api/v1/catalogs/:provider/codes/:code', { schema: oneCode }, (request, reply) => {
    const { provider, code } = request.params
    const catalog = find(catalogs(), provider)
    if (catalog === undefined) return refuseProvider(reply, catalogs(), provider)
    const found = codeIn(catalog, catalogs(), code)
    return found === null ? refuseCode(reply, catalog, code) : unlessKnown(request, reply, found)
  })
}

const find = ({ list }: Catalogs, provider: string) => list.find((catalog) => catalog.provider === provider)

function unlessKnown<T>(request: FastifyRequest, reply: FastifyReply, data: T) {
  return isKnown(request, reply, etagOf(JSON.stringify(data)))
    ? reply.code(304).send()
    : success(request, data)
}

function refuseProvider(reply: FastifyReply, { list }: Catalogs, provider: string): FastifyReply {
  const providers = list.map((catalog) => catalog.provider)
  return refuse(reply, 'catalog_not_found', {
    message: `There is no catalog of ${provider}; there are ${providers.join(', ')}.`,
    details: { providers },
  })
}

/** More names than this are no help; the catalog has them all. */
const MOST_ALIKE = 20

function refuseCode(reply: FastifyReply, { provider, codes }: Catalog, code: string): FastifyReply {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const asked = plain(code)
  const alike = codes
    .map((entry) => entry.code)
    .filter((one) => asked !== '' && (plain(one).includes(asked) || asked.includes(plain(one))))
    .slice(0, MOST_ALIKE)
  const hint =
    alike.length > 0
      ? `Like it are ${alike.join(', ')}.`
      : `/api/v1/catalogs/${provider} lists the ${codes.length} there are.`
  return refuse(reply, 'code_not_found', {
    message: `The catalog of ${provider} has no code ${code}. ${hint}`,
    details: { provider, code, alike },
  })
}
