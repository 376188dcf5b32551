import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { connect, eventually, post, startIntake, statusesIn } from '../start-intake.ts'

const HEAD = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n'

/** An intake, and how many requests node:http parsed. */
async function watched(next?: Parameters<typeof startIntake>[0]) {
  const started = await startIntake(next, { isPlain: true })
  let byNode = 0
  started.intake.server.on('request', () => byNode++)
  return { ...started, byNode: () => byNode }
}

test('what exporters send does not reach node:http, refused or not', async () => {
  const { port, received, byNode } = await watched()
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const body = Buffer.alloc(300_000, 'x')
  const packed = { body: gzipSync(body), headers: { 'content-encoding': 'gzip' } }
  for (const request of [{ body }, packed, { body, type: 'text/plain' }, { body, path: '/v1/logs' }, {}])
    await post(port, { agent, ...request })
  expect([byNode(), received.map((one) => one.body.length)]).toEqual([0, [300_000, 300_000, 0]])
  agent.destroy()
})

test('after the first byte that is not usual, a connection is node:http’s', async () => {
  const { port, received, byNode } = await watched()
  const { socket, text } = await connect(port)
  const usual = `${HEAD}Content-Length: 1\r\n\r\na`
  const chunked = `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n`
  socket.write(usual + usual + chunked + usual)
  await eventually(() => expect(statusesIn(text())).toEqual([200, 200, 200, 200]))
  expect([byNode(), received.map(({ body }) => String(body))]).toEqual([2, ['a', 'a', 'b', 'a']])
})

test('who sends far ahead and reads late gets every answer, in order', async () => {
  let number = 0
  const { port } = await watched(() => ({
    status: 'done',
    rejectedSpans: ++number,
    message: 'x'.repeat(500),
  }))
  const { socket, text } = await connect(port)
  socket.pause()
  const many = 15_000
  for (let i = 0; i < many; i++)
    socket.write(`${HEAD.replace('x-protobuf', 'json')}Content-Length: 1\r\n\r\na`)
  // Until the intake stops reading, because it cannot write either; or has read all.
  let before = -1
  await eventually(() => {
    const now = number
    const isStill = now === before && now > 0
    before = now
    expect(isStill).toBe(true)
  })
  socket.resume()
  await eventually(() => expect(text().slice(-1_000)).toContain(`"rejectedSpans":"${many}"`))
  const told = [...text().matchAll(/"rejectedSpans":"(\d+)"/g)].map(([, count]) => Number(count))
  expect(told).toEqual(Array.from({ length: many }, (_, i) => i + 1))
})
