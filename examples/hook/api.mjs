// Stands for somebody else's API, so that the examples run anywhere: the first call is one too many.
import { createServer } from 'node:http'

export async function startApi() {
  let calls = 0
  const server = createServer((_request, response) => {
    response.setHeader('x-request-id', `req_${++calls}`)
    response.setHeader('x-ratelimit-limit', '100')
    if (calls > 1) {
      response.setHeader('x-ratelimit-remaining', '99').end('{"ok":true}')
      return
    }
    response.writeHead(429, {
      'content-type': 'application/json',
      'retry-after': '0',
      'x-ratelimit-remaining': '0',
    })
    response.end('{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Too many requests."}}')
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}
