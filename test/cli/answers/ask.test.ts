import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { ask } from '../../../services/cli/answers/ask.ts'

test('a token that no header can carry is not echoed', async () => {
  const answer = await ask('http://127.0.0.1:1', '/healthz', { token: 'hun\nter2' })
  expect(answer).toMatchObject({ status: 'failed', message: expect.stringMatching(/token/) })
  expect(JSON.stringify(answer)).not.toMatch(/hun|ter2/)
})

test.each(['127.0.0.1', 'localhost'])('nobody at %s is somebody absent', async (host) => {
  expect(await ask(`http://${host}:1`, '/healthz')).toEqual({ status: 'absent' })
})

test.each([
  ['no HTTP', '220 mail.example ESMTP\r\n', /does not answer: ./],
  ['an answer that is cut off', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"succ', /does not answer: ./],
  [
    'a way elsewhere',
    'HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n',
    /no telltale \(HTTP 302\)/,
  ],
])('%s is told, and never thrown', async (_, bytes, told) => {
  const server = createServer((socket: Socket) => socket.once('data', () => socket.end(bytes))).listen(0)
  await once(server, 'listening')
  const answer = await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '/healthz')
  server.close()
  expect(answer).toMatchObject({ status: 'failed', message: expect.stringMatching(told) })
})
