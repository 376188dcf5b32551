// node --import @telltale/instrumentation/register express.mjs
import { apiErrorsExpress } from '@telltale/instrumentation'
import express from 'express'

const app = express()
app.use(apiErrorsExpress({ consumer: (request) => request.get('x-client-id'), requestId: true }))

app.get('/orders/:id', () => {
  throw Object.assign(new Error('Another request changes this order.'), { code: 'ORDER_LOCKED', status: 409 })
})
app.use((error, _request, response, _next) => {
  response.status(error.status ?? 500).json({ error: { code: error.code, message: error.message } })
})

const server = app.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/orders/17`
  const response = await fetch(url, { headers: { 'x-client-id': 'shop-7' } })
  console.log(response.status, await response.text())
  server.close()
})
