import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A ClickHouse server as it answers the first questions: of some version, to some user, or with an error. */
export async function startOtherServer(
  says: { version?: string; identity?: string; readonly?: string } | { code: number; message: string },
) {
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/ping') response.end('Ok.\n')
    else if ('code' in says) {
      response.writeHead(says.code === 516 ? 403 : 500, { 'x-clickhouse-exception-code': String(says.code) })
      response.end(`Code: ${says.code}. DB::Exception: ${says.message} (version 25.8.1.1 (official build))\n`)
    } else {
      const usual = { version: '25.8.1.1', identity: 'other other', readonly: '0' }
      response.end(`${JSON.stringify({ ...usual, ...says })}\n`)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
