import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { logAnswer } from '../../services/api/answered.ts'
import { buildApp } from '../../services/api/app.ts'
import { eventually } from '../e2e/up.ts'
import { appOnStore } from './app-on-store.ts'

const on = appOnStore()

/** What is told of the request with this id. */
const told = (id: string) =>
  eventually(async () => on.answered.find(({ requestId }) => requestId === id), `the answer to ${id}`)

describe('of every answer is told', () => {
  test.each([
    ['/api/v1/codes', 200, '/api/v1/codes', null],
    ['/api/v1/requests/req_none', 404, '/api/v1/requests/:id', 'request_not_found'],
    ['/nothing', 404, null, 'not_found'],
    ['/api/v1/requests/%zz', 400, null, 'invalid_request'],
    ['/api/v1/codes?limit=none', 400, '/api/v1/codes', 'invalid_parameter'],
  ])('%s: %s', async (url, status, route, code) => {
    const id = `told-${Math.random()}`
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const { statusCode } = await on.app.inject({ url, headers: { 'x-request-id': id, traceparent } })
    expect(statusCode).toBe(status)
    expect(await told(id)).toEqual({
      requestId: id,
      method: 'GET',
      route,
      status,
      code,
      seconds: expect.any(Number),
      traceparent,
    })
  })

  test('also where what came is no HTTP, and where the client did not wait', async () => {
    const asked = Promise.withResolvers<void>()
    const app = buildApp({
      ...on.parts,
      readiness: () => {
        asked.resolve()
        return new Promise(() => {})
      },
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo

    const broken = connect(port, '127.0.0.1')
    broken.write('no http\r\n\r\n')
    const [answer] = await once(broken, 'data')
    const { meta } = JSON.parse(String(answer).split('\r\n\r\n')[1])
    expect(await told(meta.request_id)).toMatchObject({
      method: null,
      route: null,
      status: 400,
      code: 'invalid_request',
    })

    const impatient = connect(port, '127.0.0.1')
    impatient.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: left-early\r\n\r\n')
    await asked.promise
    impatient.destroy()
    expect(await told('left-early')).toMatchObject({ route: '/readyz', status: null, code: null })
    app.server.closeAllConnections()
    await app.close()
  })
})

test('a line in the log: only our own failures stand out', () => {
  const lines: [string, object][] = []
  const log = {
    debug: (fields: object) => void lines.push(['debug', fields]),
    warn: (fields: object) => void lines.push(['warn', fields]),
  }
  const answer = { requestId: 'a', method: 'GET', route: null, seconds: 0.0124, traceparent: undefined }
  const fields = { request_id: 'a', method: 'GET', route: null, ms: 12 }
  logAnswer(log, { ...answer, status: 200, code: null })
  logAnswer(log, { ...answer, status: 404, code: 'not_found' })
  logAnswer(log, { ...answer, status: null, code: null })
  logAnswer(log, { ...answer, status: 503, code: 'not_ready' })
  expect(lines).toEqual([
    ['debug', { ...fields, status: 200, code: null }],
    ['debug', { ...fields, status: 404, code: 'not_found' }],
    ['debug', { ...fields, status: null, code: null }],
    ['warn', { ...fields, status: 503, code: 'not_ready' }],
  ])
})
