import { createServer, type RequestListener, request as send } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'

/** Another address of a ClickHouse server, that can go away, come back, and break off. */
export async function startAddress(
  target: string,
  { port = 0, tls }: { port?: number; tls?: { cert: Buffer; key: Buffer } } = {},
) {
  let breaks = false
  /** How each statement begins, wherever in its request it stands. */
  const statements: string[] = []
  const serve: RequestListener = (request, response) => {
    const inAddress = new URL(request.url!, target).searchParams.get('query')
    if (inAddress !== null) statements.push(inAddress.slice(0, 200))
    else request.once('data', (piece: Buffer) => statements.push(piece.toString('utf8', 0, 200)))
    if (breaks) {
      breaks = false
      request.socket.destroy()
      return
    }
    const { method, headers } = request
    const onward = send(new URL(request.url!, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      pipeline(answer, response, () => {})
    })
    onward.on('error', () => request.socket.destroy())
    pipeline(request, onward, () => {})
  }
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statements,
    /** The connection breaks before the next statement gets on. */
    breakNext: () => {
      breaks = true
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
