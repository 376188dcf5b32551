import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { promisify } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import type { Accepted } from '../../services/contract/accepted.ts'
import { connect, eventually, LANES, MiB, post, replyTo, statusesIn } from './start-intake.ts'

describe.each(LANES)('%s', (_lane, startIntake) => {
  const HEAD = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n'
  const DONE: Accepted = { status: 'done', rejectedSpans: 0 }

  /** A next stage that answers when the test says so. */
  function gate() {
    const { promise, resolve } = Promise.withResolvers<Accepted>()
    return { next: () => promise, open: () => resolve(DONE) }
  }

  test('what is announced takes no memory before it comes, and a body that outgrows its place stays whole', async () => {
    const { port, counters, received } = await startIntake()
    const before = process.memoryUsage().arrayBuffers
    const announced = await Promise.all(Array.from({ length: 30 }, () => connect(port)))
    for (const { socket } of announced) socket.write(`${HEAD}Content-Length: ${20 * MiB}\r\n\r\nx`)
    await eventually(() => expect(counters.inFlightBytes).toBe(30))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60 * MiB)
    for (const { socket } of announced) socket.destroy()
    const body = randomBytes(5 * MiB + 3)
    expect((await post(port, { body, headers: { 'content-length': body.length } })).status).toBe(200)
    expect(received[0]!.body.equals(body)).toBe(true)
  })

  describe('keep-alive', () => {
    test('one connection serves many requests, also after refusals with a body', async () => {
      const { port, intake } = await startIntake(undefined, { bodyBytes: 1 * MiB })
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      const sockets = new Set<unknown>()
      agent.on('free', (socket) => sockets.add(socket))
      const statuses = []
      for (const request of [
        { body: Buffer.alloc(500_000) },
        { body: Buffer.alloc(500_000), path: '/nowhere' },
        { body: Buffer.alloc(500_000), type: 'text/plain' },
        { body: Buffer.alloc(1.5 * MiB) },
        { body: 'x' },
      ]) {
        const reply = await post(port, { ...request, agent })
        statuses.push(reply.status)
        expect(reply.headers['keep-alive']).toBe('timeout=120')
      }
      expect(statuses).toEqual([200, 404, 415, 413, 200])
      expect(sockets.size).toBe(1)
      await intake.close(0)
      agent.destroy()
    })

    test('requests sent ahead are answered in order', async () => {
      const { port } = await startIntake()
      const { socket, text } = await connect(port)
      socket.write(
        `${HEAD}Content-Length: 1\r\n\r\na`.repeat(3) +
          `${HEAD}Content-Length: 1\r\n\r\nb`.replace('traces', 'x'),
      )
      await eventually(() => expect(statusesIn(text())).toEqual([200, 200, 200, 404]))
    })
  })

  test('another expectation than 100-continue is not minded', async () => {
    const { port } = await startIntake()
    const { socket, text } = await connect(port)
    socket.write(`${HEAD}Expect: the-best\r\nContent-Length: 1\r\n\r\na`)
    await eventually(() => expect(statusesIn(text())).toEqual([200]))
  })

  describe('Expect: 100-continue', () => {
    const ask = (port: number, headers: http.OutgoingHttpHeaders) =>
      http.request({
        host: '127.0.0.1',
        port,
        path: '/v1/traces',
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json', expect: '100-continue', ...headers },
      })

    test('goes on', async () => {
      const { port, received } = await startIntake()
      const request = ask(port, { 'content-length': 5 })
      request.flushHeaders()
      await once(request, 'continue')
      request.end('hello')
      expect(await replyTo(request)).toMatchObject({ status: 200, body: Buffer.from('{}') })
      expect(received).toMatchObject([{ body: Buffer.from('hello') }])
    })

    test('or is told no before the body is sent', async () => {
      const { port } = await startIntake()
      const request = ask(port, { 'content-length': 1_000_000_000 })
      request.on('error', () => undefined)
      request.flushHeaders()
      expect(await replyTo(request)).toMatchObject({ status: 413, headers: { connection: 'close' } })
    })
  })

  describe('clients that break off', () => {
    test('in the middle of a body, announced or in chunks', async () => {
      const { port, received, counters } = await startIntake()
      for (const start of [
        'Content-Length: 100\r\n\r\nhalf',
        'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
      ]) {
        const { socket } = await connect(port)
        socket.write(HEAD + start)
        await eventually(() => expect(counters.inFlightBytes).toBe(4))
        socket.resetAndDestroy()
        await eventually(() => expect(counters.inFlightBytes).toBe(0))
      }
      // One that closes its half and waits: it will never be whole.
      const { socket, isClosed } = await connect(port)
      socket.end(`${HEAD}Content-Length: 100\r\n\r\nhalf`)
      await eventually(() => expect(isClosed()).toBe(true))
      await eventually(() => expect(counters.aborted).toBe(3))
      expect(received).toEqual([])
    })

    test('by closing their half before the answer is there', async () => {
      const { next, open } = gate()
      const { port, received, counters } = await startIntake(next)
      const { socket, text, isClosed } = await connect(port)
      socket.end(`${HEAD}Content-Length: 1\r\n\r\nx`)
      await eventually(() => expect(received).toHaveLength(1))
      await eventually(() => expect(isClosed()).toBe(true))
      open()
      await eventually(() => expect(counters).toMatchObject({ aborted: 1, inFlightBytes: 0 }))
      expect(text()).toBe('')
    })

    test('while the answer is being made', async () => {
      const { next, open } = gate()
      const { port, received, counters } = await startIntake(next)
      const { socket } = await connect(port)
      socket.write(`${HEAD}Content-Length: 1\r\n\r\nx`)
      await eventually(() => expect(received).toHaveLength(1))
      socket.resetAndDestroy()
      const other = await connect(port)
      other.socket.write(`${HEAD}Content-Length: 1\r\n\r\nx`)
      await eventually(() => expect(received).toHaveLength(2))
      open()
      await eventually(() => expect(counters).toMatchObject({ aborted: 1, inFlightBytes: 0 }))
      await eventually(() => expect(statusesIn(other.text())).toEqual([200]))
    })
  })

  describe('bytes that are no proper HTTP', () => {
    test.each([
      ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
      ['an unknown method', 'FETCH /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`, 400],
      ['a length and chunks', `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
      ['a negative length', `${HEAD}Content-Length: -1\r\n\r\n`, 400],
      ['a chunk size that is no number', `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
      ['garbage without end', 'x'.repeat(1_000_000), 400],
      ['endless headers', `${HEAD}X: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
    ])('%s', async (_name, bytes, status) => {
      const { port, received } = await startIntake()
      const { socket, text, isClosed } = await connect(port)
      socket.write(bytes, 'latin1')
      await eventually(() => expect(isClosed()).toBe(true))
      expect(statusesIn(text())).toEqual([status])
      const body = text().slice(text().indexOf('\r\n\r\n') + 4)
      expect(JSON.parse(body)).toMatchObject({ code: 3 })
      expect(received).toEqual([])
      expect((await post(port)).status).toBe(200)
    })

    test('more than was announced is a second request, and no proper one', async () => {
      const { port, received } = await startIntake()
      const { socket, isClosed } = await connect(port)
      socket.write(`${HEAD}Content-Length: 3\r\n\r\nabcdef\r\n\r\n`)
      await eventually(() => expect(isClosed()).toBe(true))
      expect(received.map(({ body }) => body.toString())).toEqual(['abc'])
    })
  })

  describe('bounds', () => {
    test('a request that does not come to its end is told to try again', async () => {
      const timeouts = { headersMs: 50, requestMs: 100 }
      const { port, counters } = await startIntake(undefined, { timeouts })
      for (const start of ['POST /v1/tra', `${HEAD}Content-Length: 10\r\n\r\nhalf`]) {
        const { socket, text, isClosed } = await connect(port)
        socket.write(start)
        await eventually(() => expect(isClosed()).toBe(true))
        expect(statusesIn(text())).toEqual([503])
        expect(text()).toContain('retry-after: 1')
      }
      await eventually(() => expect(counters.inFlightBytes).toBe(0))
    })

    test('nor does one that was refused and goes on sending slowly keep its connection', async () => {
      const { port } = await startIntake(undefined, { timeouts: { headersMs: 50, requestMs: 100 } })
      const { socket, text, isClosed } = await connect(port)
      socket.write(`${HEAD}Content-Length: 10\r\n\r\nhalf`.replace('traces', 'nowhere'))
      await eventually(() => expect(isClosed()).toBe(true))
      expect(statusesIn(text())).toEqual([404])
    })

    test('a connection that rests is closed', async () => {
      const { port, intake } = await startIntake(undefined, { timeouts: { keepAliveMs: 1_000 } })
      const { socket, text, isClosed } = await connect(port)
      socket.write(`${HEAD}Content-Length: 1\r\n\r\nx`)
      await eventually(() => expect(statusesIn(text())).toEqual([200]))
      expect(text()).toContain('Keep-Alive: timeout=1\r\n')
      await eventually(() => expect(isClosed()).toBe(true))
      const open = promisify(intake.server.getConnections.bind(intake.server))
      await vi.waitFor(async () => expect(await open()).toBe(0))
    })

    test('nor is one kept on which nothing is ever said', async () => {
      const { port, counters } = await startIntake(undefined, { timeouts: { headersMs: 50 } })
      const { text, isClosed } = await connect(port)
      await eventually(() => expect(isClosed()).toBe(true))
      expect([statusesIn(text()), counters.answers.other]).toEqual([[503], { 503: 1 }])
    })

    test('a client that sends without end after its refusal is cut off', async () => {
      const { port } = await startIntake(undefined, { bodyBytes: 1 * MiB })
      const { socket, text, isClosed } = await connect(port)
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`)
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
      let sent = 0
      await eventually(() => {
        if (!isClosed()) for (let i = 0; i < 16; i++, sent++) socket.write(chunk)
        expect(isClosed()).toBe(true)
      })
      expect(statusesIn(text())).toEqual([413])
      expect(sent).toBeGreaterThan(32)
    })

    test('bodies share a memory: beyond it the answer is 503, and it is given back', async () => {
      const { next, open } = gate()
      const { port, counters, received } = await startIntake(next, {
        bodyBytes: 1 * MiB,
        inFlightBytes: 1 * MiB,
      })
      const first = post(port, { body: Buffer.alloc(600_000) })
      await eventually(() => expect(received).toHaveLength(1))
      const chunked = { 'transfer-encoding': 'chunked' }
      for (const headers of [{}, chunked]) {
        const reply = await post(port, { body: Buffer.alloc(600_000), headers })
        expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
      }
      expect(counters.inFlightBytes).toBe(600_000)
      open()
      expect((await first).status).toBe(200)
      expect(counters.inFlightBytes).toBe(0)
      expect((await post(port, { body: Buffer.alloc(600_000) })).status).toBe(200)
    })

    test('an announcement alone takes no memory from the others', async () => {
      const { port, counters } = await startIntake(undefined, { bodyBytes: 1 * MiB, inFlightBytes: 1 * MiB })
      for (let i = 0; i < 5; i++) {
        const { socket } = await connect(port)
        socket.write(`${HEAD}Content-Length: 1000000\r\n\r\nx`)
      }
      await eventually(() => expect(counters.inFlightBytes).toBe(5))
      expect((await post(port, { body: Buffer.alloc(1_000_000) })).status).toBe(200)
    })
  })

  describe('close', () => {
    test('answers what it has, takes nothing new and lets go of idle connections', async () => {
      const { next, open } = gate()
      const { port, intake, received } = await startIntake(next)
      const idle = await connect(port)
      const agent = new http.Agent({ keepAlive: true })
      const pending = post(port, { body: 'x', agent })
      await eventually(() => expect(received).toHaveLength(1))
      const closed = intake.close()
      await expect(post(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
      open()
      expect(await pending).toMatchObject({ status: 200, headers: { connection: 'close' } })
      await closed
      await eventually(() => expect(idle.isClosed()).toBe(true))
      agent.destroy()
    })

    test('cuts what outlasts the grace', async () => {
      const { port, intake, counters } = await startIntake(gate().next)
      const uploading = await connect(port)
      uploading.socket.write(`${HEAD}Content-Length: 10\r\n\r\nhalf`)
      await eventually(() => expect(counters.inFlightBytes).toBe(4))
      await intake.close(10)
      await eventually(() => expect(uploading.isClosed()).toBe(true))
    })

    test('a port that is taken is the caller’s to hear of', async () => {
      const { port } = await startIntake()
      const { intake } = await startIntake()
      await intake.close()
      await expect(intake.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    })
  })
})
