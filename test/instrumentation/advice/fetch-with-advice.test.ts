import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import {
  type FetchWithAdviceOptions,
  fetchWithAdvice,
  retryBudget,
} from '../../../services/instrumentation/fetch-with-advice.ts'

const closes: (() => void)[] = []
afterEach(() => {
  for (const close of closes.splice(0)) close()
})

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Answers one after another, the last one for ever; keeps what was sent. */
async function serve(...answers: Answer[]) {
  const bodies: string[] = []
  const requests: IncomingMessage[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    bodies.push(body)
    requests.push(request)
    answers[Math.min(bodies.length, answers.length) - 1]!(request, response)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closes.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`, bodies, requests }
}

const ok: Answer = (_, response) => response.end('done')
const failing =
  (status: number, code: string, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { code } }))
const reset: Answer = (_, response) => response.destroy()

/** A clock that does not let anybody wait. */
function waiting(): { waits: number[]; options: FetchWithAdviceOptions } {
  const waits: number[] = []
  return {
    waits,
    options: {
      wait: async (ms) => {
        waits.push(ms)
      },
      random: () => 1,
      budget: retryBudget(),
    },
  }
}

test('sends again after the time that the server asks for, in full', async () => {
  const { url, bodies } = await serve(failing(429, 'RATE_LIMIT_EXCEEDED', { 'retry-after': '37' }), ok)
  const { waits, options } = waiting()
  const response = await fetchWithAdvice(url, undefined, options)
  expect([await response.text(), bodies.length, waits]).toEqual(['done', 2, [37_000]])
})

test('does not send again what can never succeed, and gives the answer back unread', async () => {
  const { url, bodies } = await serve(failing(422, 'FIELD_MISSING'))
  const response = await fetchWithAdvice(url, undefined, waiting().options)
  expect([response.status, await response.json(), bodies.length]).toEqual([
    422,
    { error: { code: 'FIELD_MISSING' } },
    1,
  ])
})

test('gives up after so many attempts, with the last answer', async () => {
  const { url, bodies } = await serve(failing(503, 'BUSY'))
  const { waits, options } = waiting()
  const response = await fetchWithAdvice(url, undefined, { ...options, maxAttempts: 3 })
  expect([response.status, bodies.length, waits]).toEqual([503, 3, [500, 1000]])
  expect(await response.json()).toEqual({ error: { code: 'BUSY' } })
})

test.each<[string, Answer]>([
  ['an answer that leaves it open', failing(504, 'BACKEND_TIMEOUT')],
  ['a connection that broke', reset],
])('after %s a POST is sent again only with an idempotency key', async (_, answer) => {
  const without = await serve(answer, ok)
  const post = { method: 'POST', body: '{"amount":1}' }
  const outcome = await fetchWithAdvice(without.url, post, waiting().options).then(
    ({ status }) => status,
    (error: Error) => error.message,
  )
  expect([504, 'fetch failed']).toContain(outcome)
  expect(without.bodies).toHaveLength(1)

  const withKey = await serve(answer, ok)
  const response = await fetchWithAdvice(
    withKey.url,
    { ...post, headers: { 'Idempotency-Key': 'k1' } },
    waiting().options,
  )
  expect([response.status, withKey.bodies]).toEqual([200, [post.body, post.body]])
})

test('after an answer that says it was not carried out, a POST is sent again', async () => {
  const { url, bodies } = await serve(failing(429, 'SLOW_DOWN'), ok)
  await fetchWithAdvice(url, { method: 'POST', body: 'x' }, waiting().options)
  expect(bodies).toEqual(['x', 'x'])
})

test('a body that is gone once it was sent is not sent again', async () => {
  const { url, bodies } = await serve(failing(503, 'BUSY'), ok)
  const body = new Blob(['x']).stream()
  const response = await fetchWithAdvice(
    url,
    { method: 'PUT', body, duplex: 'half' } as RequestInit,
    waiting().options,
  )
  expect([response.status, bodies]).toEqual([503, ['x']])
  const request = new Request(url, { method: 'PUT', body: 'y' })
  expect((await fetchWithAdvice(request, undefined, { ...waiting().options, maxAttempts: 1 })).status).toBe(
    200,
  )
})

test('an aborted wait ends at once, with the reason', async () => {
  const { url, bodies } = await serve(failing(429, 'SLOW', { 'retry-after': '50' }))
  const controller = new AbortController()
  const pending = fetchWithAdvice(url, { signal: controller.signal }, { budget: retryBudget() })
  const deadline = Date.now() + 10_000
  while (bodies.length === 0 && Date.now() < deadline) await new Promise((next) => setTimeout(next, 5))
  controller.abort(new Error('enough'))
  await expect(pending).rejects.toThrow('enough')
  expect(bodies).toHaveLength(1)
})

test('an aborted call is not sent again', async () => {
  const { url, bodies } = await serve(ok)
  await expect(fetchWithAdvice(url, { signal: AbortSignal.abort() }, waiting().options)).rejects.toThrow(
    'aborted',
  )
  expect(bodies).toHaveLength(0)
})

test('who asks for too long a wait gets no resend', async () => {
  const { url, bodies } = await serve(failing(429, 'QUIET', { 'retry-after': '3600' }))
  expect((await fetchWithAdvice(url, undefined, waiting().options)).status).toBe(429)
  expect(bodies).toHaveLength(1)
})

test('credentials are renewed once, where the application can', async () => {
  const { url, requests } = await serve(failing(401, 'TOKEN_EXPIRED'))
  const reauth = () => ({ authorization: 'Bearer new' })
  const response = await fetchWithAdvice(
    url,
    { headers: { authorization: 'Bearer old' } },
    { ...waiting().options, reauth },
  )
  expect(response.status).toBe(401)
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new'])
})

test('in an outage, resends stay a fifth of the calls', async () => {
  const { url, bodies } = await serve(failing(503, 'BUSY'))
  const { options } = waiting()
  for (let call = 0; call < 100; call++) await (await fetchWithAdvice(url, undefined, options)).text()
  expect(bodies.length).toBeGreaterThan(120)
  // A fifth of a hundred, and the ten that a good time had left.
  expect(bodies.length).toBeLessThanOrEqual(130)
})

test('an error that never ends is judged by its head, and can be read on', async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(400, { 'content-type': 'application/json' }).write('{"error":')
  })
  const response = await fetchWithAdvice(url, undefined, waiting().options)
  const { value } = await response.body!.getReader().read()
  expect([response.status, new TextDecoder().decode(value)]).toEqual([400, '{"error":'])
})

test('10 MB of error are given back whole', async () => {
  const { url } = await serve((_, response) => response.writeHead(400).end('x'.repeat(10 * 1024 * 1024)))
  const response = await fetchWithAdvice(url, undefined, waiting().options)
  expect((await response.text()).length).toBe(10 * 1024 * 1024)
})
