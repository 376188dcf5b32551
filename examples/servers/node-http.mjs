// node --import @telltale/instrumentation/register node-http.mjs
// Nothing to register: TELLTALE_CONSUMER_HEADER=x-client-id names the callers.
import { createServer } from 'node:http'

const server = createServer((_request, response) => {
  response.writeHead(409, { 'content-type': 'application/json', 'x-request-id': 'req_8f3a' })
  response.end('{"error":{"code":"ORDER_LOCKED","message":"Another request changes this order."}}')
})
server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/orders/17`
  const response = await fetch(url, { headers: { 'x-client-id': 'shop-7' } })
  console.log(response.status, await response.text())
  server.close()
})
