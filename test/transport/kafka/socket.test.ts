import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { Frames } from '../../../services/transport/kafka/frames.ts'
import { socketFactory } from '../../../services/transport/kafka/socket.ts'

test('an answer that its reader cannot make sense of costs the connection, and not the process', async () => {
  const server = createServer((socket) => socket.end(Buffer.from([0, 0, 0, 1, 7])))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connect = socketFactory(new Frames())
  const socket = connect({ host: '127.0.0.1', port, onConnect: () => {} } as Parameters<typeof connect>[0])
  // As kafkajs reads the number of the request, which is not all there.
  socket.on('data', (bytes: Buffer) => bytes.readInt32BE(4))
  const [error] = await once(socket, 'error')
  expect(error).toBeInstanceOf(RangeError)
  await new Promise((resolve) => server.close(resolve))
})
