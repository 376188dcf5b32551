import { once } from 'node:events'
import http from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { eventually } from './up.ts'
import { upForAll } from './up-for-all.ts'

// Clients that hold a connection and do not use it, or not as one should: others are served all the same.

const up = upForAll('crowd')

async function open(url: string, count: number, say = ''): Promise<Socket[]> {
  const { hostname, port } = new URL(url)
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      if (say !== '') socket.write(say)
      return socket
    }),
  )
}

const send = (headers = {}) =>
  fetch(`${up.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"resourceSpans":[]}',
  })

test.each([
  ['a thousand that say nothing', ''],
  ['a thousand in the middle of their headers', 'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
  [
    'a thousand in the middle of a body',
    'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
  ],
])('%s, on each port', async (_, said) => {
  const sockets = [...(await open(up.url, 500, said)), ...(await open(up.otlpUrl, 500, said))]
  expect((await fetch(`${up.url}/api/v1/codes`)).status).toBe(200)
  expect((await send()).status).toBe(200)
  for (const socket of sockets) socket.destroy()
})

test('a client that asks and asks and never reads', async () => {
  const request = 'GET /api/v1/codes HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const [greedy] = await open(up.url, 1)
  greedy.pause()
  for (let i = 0; i < 2_000; i++) greedy.write(request)
  expect((await fetch(`${up.url}/api/v1/codes`)).status).toBe(200)
  expect((await send()).status).toBe(200)
  greedy.destroy()
})

test('slow headers are given up: 408, and the connection is closed', async () => {
  const [slow] = await open(up.url, 1, 'GET /api/v1/codes HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
  let text = ''
  slow.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  const trickle = setInterval(() => slow.write('x'), 200)
  await eventually(async () => (slow.closed ? true : undefined), 'the end of a slow request', 25_000)
  clearInterval(trickle)
  expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*"request_timeout"/)
})

test('a Host that is not this machine is refused on both ports', async () => {
  for (const [url, method] of [
    [`${up.url}/api/v1/codes`, 'GET'],
    [`${up.otlpUrl}/v1/traces`, 'POST'],
  ]) {
    const headers = { host: 'evil.example', 'content-type': 'application/json' }
    const [response] = await once(http.request(url, { method, headers }).end(), 'response')
    expect([url, response.statusCode]).toEqual([url, 403])
    response.resume()
  }
})
