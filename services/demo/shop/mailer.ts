import { createServer } from 'node:http'
import { viaHttp } from './send.ts'
import { serve, urlOf } from './service.ts'

// Puts newsletters together, until it stops.

const headers = { 'x-api-key': 'sk_shop_mailer' }

const server = createServer(async (_request, response) => {
  await viaHttp({ method: 'GET', url: `${urlOf('storefront')}/products/7`, headers }).catch(() => null)
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"sent":true}')
})

await serve(server)
