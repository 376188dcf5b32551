import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../e2e/up.ts'
import { appOnStore } from './app-on-store.ts'

const on = appOnStore()
let port: number
/** Our ends of the connections, and the server's. */
const clients: Socket[] = []
const served: Socket[] = []

beforeAll(async () => {
  on.app.server.on('connection', (socket) => served.push(socket))
  await on.app.listen({ port: 0, host: '127.0.0.1' })
  port = (on.app.server.address() as AddressInfo).port
})
afterAll(() => {
  for (const socket of clients) socket.destroy()
})

const open = (count: number): Promise<Socket[]> =>
  Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1', () => resolve(socket))
          socket.on('error', reject)
          clients.push(socket)
        }),
    ),
  )

/** What everybody else sees. */
async function othersAreServed(): Promise<void> {
  const answers = await Promise.all(
    ['/healthz', '/api/v1/codes', '/api/v1/catalogs', '/openapi.json', '/'].map(async (url) => {
      const response = await fetch(`http://127.0.0.1:${port}${url}`, { signal: AbortSignal.timeout(10_000) })
      await response.arrayBuffer()
      return response.status
    }),
  )
  expect(answers).toEqual([200, 200, 200, 200, 200])
}

test('a thousand sockets that say nothing: others are served', async () => {
  const idle = await open(1_000)
  await othersAreServed()
  expect(idle.filter(({ destroyed }) => !destroyed)).toHaveLength(1_000)
  for (const socket of idle) socket.destroy()
})

test('there is an end to connections, so that files can still be opened', () => {
  expect(on.app.server.maxConnections).toBeGreaterThan(1_000)
})

test('a client that never reads: what is kept for it is bounded, and others are served', async () => {
  const before = served.length
  const [silent] = (await open(1)) as [Socket]
  silent.pause()
  const asked = 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(2_000)
  silent.write(asked)
  await othersAreServed()
  const ours = served[before]!
  // Bytes that the kernel did not take: an answer or two, not two thousand.
  await eventually(async () => ours.writableLength > 0 || undefined, 'the kernel to take no more')
  await othersAreServed()
  expect(ours.writableLength).toBeLessThan(2 * 1024 * 1024)
  silent.destroy()
}, 60_000)

test('requests that arrive a byte at a time are ended with 408, and others are served', async () => {
  const head = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: '
  const body =
    'POST /api/v1/explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n'
  const sockets = await open(200)
  const answers = sockets.map(() => '')
  for (const [i, socket] of sockets.entries()) {
    socket.removeAllListeners('error').on('error', () => {})
    socket.on('data', (bytes) => {
      answers[i] += bytes
    })
    socket.write(i % 2 === 0 ? head : body)
  }
  const dripping = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(' ')
  }, 250)
  await othersAreServed()
  // Ten seconds for a request, looked at every five.
  await eventually(
    async () => sockets.every(({ destroyed }) => destroyed) || undefined,
    'all to be ended',
    40_000,
  )
  clearInterval(dripping)
  await othersAreServed()
  expect(answers.filter((answer) => !/^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/.test(answer))).toEqual(
    [],
  )
}, 60_000)
