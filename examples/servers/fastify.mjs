// node --import @telltale/instrumentation/register fastify.mjs
import { apiErrors } from '@telltale/instrumentation'
import Fastify from 'fastify'

const app = Fastify()
app.register(apiErrors, { consumer: 'x-client-id', requestId: true })

app.get('/orders/:id', async (_request, reply) => {
  reply.code(409)
  return { error: { code: 'ORDER_LOCKED', message: 'Another request changes this order.' } }
})

const url = await app.listen({ port: 0, host: '127.0.0.1' })
const response = await fetch(`${url}/orders/17`, { headers: { 'x-client-id': 'shop-7' } })
console.log(response.status, await response.text())
await app.close()
