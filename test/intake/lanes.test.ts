import { setImmediate as turn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connect, eventually, LANES, statusesIn } from './start-intake.ts'

// Whoever reads a request, the same is taken and the same is answered, however the bytes come in pieces.

const CORS = 'https://shop.example'
/** Of an own connection; whatever came before, this ends it. */
const LAST = 'GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'

interface Message {
  line: string
  headers: string[]
  body: string
}
const bytesOf = ({ line, headers, body }: Message, newline = '\r\n') =>
  [line, ...headers, '', body].join(newline)

const name = fc.constantFrom('User-Agent', 'x-tenant', 'traceparent', 'X-B3', 'Accept', 'keep-alive')
const value = fc.constantFrom('a', 'OTel-OTLP-Exporter-JavaScript/0.203.0', 'b c', '"q"; x=1', '~!')
const body = fc.oneof(fc.constantFrom('', 'x', 'y'.repeat(70_000)), fc.string({ maxLength: 300 }))
const path = fc.constantFrom('/v1/traces', '/v1/logs', '/v1/metrics')
const proper = fc
  .record({
    path: fc.oneof(
      { weight: 6, arbitrary: path },
      fc.constantFrom('/v1/traces?a=b', '/nowhere', '/v1/tracesx'),
    ),
    method: fc.oneof({ weight: 9, arbitrary: fc.constant('POST') }, fc.constantFrom('PUT', 'OPTIONS')),
    type: fc.constantFrom('application/x-protobuf', 'application/json', 'text/plain'),
    coding: fc.constantFrom('none', 'none', 'identity', 'gzip', 'gzip but it is not', 'br'),
    framing: fc.constantFrom('length', 'length', 'length', 'chunks'),
    connection: fc.constantFrom('', '', 'keep-alive', 'Keep-Alive'),
    extra: fc.uniqueArray(fc.tuple(name, value), { maxLength: 3, selector: ([name]) => name.toLowerCase() }),
    origin: fc.constantFrom('', '', '', CORS, 'https://evil.example'),
    body,
  })
  .map(({ path, method, type, coding, framing, connection, extra, origin, body }): Message => {
    const bytes = Buffer.from(body)
    const sent = (coding === 'gzip' ? gzipSync(bytes) : bytes).toString('latin1')
    const length = sent.length.toString(16)
    return {
      line: `${method} ${path} HTTP/1.1`,
      headers: [
        'Host: localhost:4318',
        `content-type: ${type}`,
        ...(coding === 'none' ? [] : [`content-encoding: ${coding.split(' ')[0]}`]),
        ...extra.map(([name, value]) => `${name}: ${value}`),
        ...(connection === '' ? [] : [`Connection: ${connection}`]),
        ...(origin === '' ? [] : [`Origin: ${origin}`]),
        framing === 'chunks' ? 'Transfer-Encoding: chunked' : `Content-Length: ${sent.length}`,
      ],
      body: framing === 'length' ? sent : sent === '' ? '0\r\n\r\n' : `${length}\r\n${sent}\r\n0\r\n\r\n`,
    }
  })

/** Where the standard forbids, or says otherwise, or is silent. */
const odd = fc.constantFrom<(message: Message) => string>(
  ...[
    'Content-Length: 1',
    'content-length: 05',
    'Content-Length: +1',
    'Content-Length: 1, 1',
    'Content-Length : 1',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding:\x0bchunked',
    'Host: y',
    'Content-Type: application/json',
    'Connection: close',
    'Connection: close, keep-alive',
    'Proxy-Connection: close',
    'Expect: 100-continue',
    'Expect: more',
    'Te: trailers',
    'Upgrade: websocket',
    'Trailer: x',
    'X:y',
    'X:  y',
    'X: y ',
    'X:',
    ' X: folded',
    'X y: z',
    'X: \xfc',
    'X: \x00',
    'X: a\rb',
    'X: a\nb',
    ': nameless',
    'no colon',
    '__proto__: x',
    `X: ${'x'.repeat(9_000)}`,
    `X: ${'x'.repeat(20_000)}`,
  ].map((line) => (message: Message) => bytesOf({ ...message, headers: [...message.headers, line] })),
  (message) => bytesOf({ ...message, headers: message.headers.slice(1) }),
  (message) => bytesOf({ ...message, headers: message.headers.slice(0, -1) }),
  (message) => bytesOf({ ...message, line: message.line.replace('1.1', '1.0') }),
  (message) => bytesOf({ ...message, line: message.line.replace('1.1', '1.2') }),
  (message) => bytesOf({ ...message, line: message.line.replace(' ', '  ') }),
  (message) => bytesOf({ ...message, line: message.line.toLowerCase() }),
  (message) => bytesOf({ ...message, line: message.line.replace('/', 'http://x/') }),
  (message) => bytesOf(message, '\n'),
  (message) => `\r\n${bytesOf(message)}`,
  (message) => `${bytesOf(message)}\r\n`,
  (message) => `${bytesOf(message)}surplus`,
)
const cuts = fc.array(fc.nat(), { maxLength: 6 })

const answersIn = (text: string) => statusesIn(text).filter((status) => status !== 100)

/** What an intake took, and what it answered, on one connection; each step waits for an answer to the one before. */
async function exchange([, start]: (typeof LANES)[number], steps: string[], cuts: number[]) {
  const { port, received, counters } = await start(undefined, { corsOrigins: [CORS] })
  const { socket, text, isClosed } = await connect(port)
  for (const step of [...steps, LAST]) {
    const answered = answersIn(text()).length
    const bytes = Buffer.from(step, 'latin1')
    const at = [...new Set(cuts.map((cut) => cut % bytes.length))].toSorted((a, b) => a - b)
    for (const [index, from] of [0, ...at].entries()) {
      socket.write(bytes.subarray(from, at[index]))
      await turn()
    }
    await eventually(() => expect(isClosed() || answersIn(text()).length > answered).toBe(true))
  }
  await eventually(() => expect(isClosed()).toBe(true))
  expect(counters.inFlightBytes).toBe(0)
  const { answers, aborted, failures } = counters
  return {
    // node:http reads ahead: what needs no unpacking may be taken before what does.
    taken: received.map(({ body, encoding }) => `${encoding} ${body.toString('latin1')}`).toSorted(),
    answers: text().replace(/^Date: .*$/gm, 'Date:'),
    counters: { answers, aborted, failures },
  }
}

test('proper requests, the next one ahead of the answer or after it', { timeout: 90_000 }, async () => {
  const messages = fc.array(
    proper.map((message) => bytesOf(message)),
    { minLength: 1, maxLength: 4 },
  )
  await fc.assert(
    fc.asyncProperty(messages, fc.boolean(), cuts, async (messages, isAhead, cuts) => {
      const steps = isAhead ? [messages.join('')] : messages
      const [straight, byNode] = await Promise.all(LANES.map((lane) => exchange(lane, steps, cuts)))
      expect(straight).toEqual(byNode)
      expect(answersIn(straight!.answers)).toHaveLength(messages.length + 1)
    }),
    { numRuns: 40 },
  )
})

test('an odd one after a proper one: the same is taken and answered', { timeout: 90_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(proper, { maxLength: 1 }),
      proper,
      odd,
      cuts,
      async (before, message, change, cuts) => {
        const steps = [...before.map((one) => bytesOf(one)), change(message)]
        const [straight, byNode] = await Promise.all(LANES.map((lane) => exchange(lane, steps, cuts)))
        expect(straight!.taken).toEqual(byNode!.taken)
        expect(told(straight!.answers)).toEqual(told(byNode!.answers))
      },
    ),
    { numRuns: 100 },
  )
})

/** Of what comes behind a request, and is wrong, node:http says so only if the request was answered by then. */
function told(text: string): number[] {
  const answers = answersIn(text)
  return answers.length > 1 && answers.at(-1) === 400 ? answers.slice(0, -1) : answers
}
