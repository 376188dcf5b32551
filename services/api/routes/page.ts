import type { FastifyReply, FastifyRequest } from 'fastify'
import { isKnown } from '../etag.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

/** There is no secret in the page; what it asks for needs a token. */
const config = { scope: 'anyone' } as const

type Asset = Parts['page'][number]

/** The page and its files, from memory. Deep links are the same page; it reads its own address. */
export function registerPage(app: Api, { page }: Pick<Parts, 'page'>): void {
  const index = page.find(({ name }) => name === 'index.html')
  if (!index) throw new Error('the page has no index.html')

  for (const url of ['/', '/requests/:id']) app.get(url, { config }, serve(index))
  for (const asset of page) {
    if (asset !== index) app.get(`/assets/${asset.name}`, { config }, serve(asset))
  }
}

const serve = (asset: Asset) => (request: FastifyRequest, reply: FastifyReply) => {
  // Kept by browsers, asked for every time: an upgrade is seen at once and an unchanged file is not sent again.
  if (isKnown(request, reply, asset.etag)) return reply.code(304).send()
  return reply.type(asset.type).send(asset.body)
}
