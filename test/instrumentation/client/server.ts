import http, { type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Api {
  url: string
  close(): Promise<void>
}

export async function startApi(answer: RequestListener): Promise<Api> {
  const server = http.createServer(answer)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
