require('reflect-metadata')
const { Controller, Get, HttpException, Module, Param } = require('@nestjs/common')
const { NestFactory } = require('@nestjs/core')
const { apiErrors } = require('@telltale/instrumentation')

class Orders {
  find(id) {
    if (id === 'broken') throw new Error('out of paper')
    const error = { code: 'ORDER_LOCKED', message: 'Another request changes this order.' }
    throw new HttpException({ error }, 409)
  }
}
// What TypeScript makes of decorators.
Param('id')(Orders.prototype, 'find', 0)
Get(':id')(Orders.prototype, 'find', Object.getOwnPropertyDescriptor(Orders.prototype, 'find'))
Controller('orders')(Orders)
class App {}
Module({ controllers: [Orders] })(App)

async function onFastify() {
  const { FastifyAdapter } = require('@nestjs/platform-fastify')
  const app = await NestFactory.create(App, new FastifyAdapter(), { logger: false })
  // Fastify tells its route to plugins alone.
  await app.register(apiErrors)
  return app
}

async function main() {
  const app =
    process.argv[2] === 'fastify' ? await onFastify() : await NestFactory.create(App, { logger: false })
  app.use((_request, response, next) => {
    response.setHeader('x-request-id', 'req_8f3a')
    next()
  })
  await app.listen(0, '127.0.0.1')
  for (const id of ['17', 'broken']) {
    const response = await fetch(`${await app.getUrl()}/orders/${id}`, {
      headers: { 'x-client-id': 'shop-7' },
    })
    console.log(response.status, await response.text())
  }
  await app.close()
}

main()
