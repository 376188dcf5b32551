import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeAll, expect, test } from 'vitest'
import { CONSOLE, openPlace, type Place, putFiles, servedSpans } from './node-place.ts'
import { freePort } from './workshop.ts'

// What is served "through" node:http by frameworks too large to be installed with this repository.

const OPENTELEMETRY = {
  '@opentelemetry/api': '1.10.0',
  '@opentelemetry/instrumentation': '0.301.0',
  '@opentelemetry/sdk-node': '0.301.0',
}
const REGISTER = '@telltale/instrumentation/register'

test.each([
  ['express', '/orders/:id'],
  ['fastify', '/orders/:id'],
])('Nest on %s', async (adapter, route) => {
  const nest = openPlace('nest', {
    ...OPENTELEMETRY,
    '@nestjs/common': '12.5.1',
    '@nestjs/core': '12.5.1',
    '@nestjs/platform-express': '12.5.1',
    '@nestjs/platform-fastify': '12.5.0',
    'reflect-metadata': '0.2.2',
    rxjs: '7.8.2',
  })
  putFiles(nest, 'test/interop/nest')
  const env = { TELLTALE_CONSUMER_HEADER: 'x-client-id' }
  const said = await nest.run(process.execPath, ['--import', REGISTER, 'app.cjs', adapter], env)
  expect(said).toContain('409 {"error":{"code":"ORDER_LOCKED"')
  const spans = servedSpans(said)
  expect(spans.map(({ attributes }) => attributes['http.response.status_code'])).toEqual(['409', '500'])
  expect(spans[0]).toMatchObject({
    name: `GET ${route}`,
    attributes: {
      'api.error.code': 'ORDER_LOCKED',
      'api.request_id': 'req_8f3a',
      'api.consumer': 'shop-7',
      'http.route': route,
    },
  })
})

let next: Place
beforeAll(async () => {
  next = openPlace('next', { ...OPENTELEMETRY, next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1' })
  putFiles(next, 'test/interop/next')
  await next.run(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    NEXT_TELEMETRY_DISABLED: '1',
  })
}, 600_000)

test('Next', async () => {
  const port = await freePort()
  const options = ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', String(port)]
  const server = spawn(process.execPath, ['--import', REGISTER, ...options], {
    cwd: next.directory,
    env: { PATH: process.env.PATH, NEXT_TELEMETRY_DISABLED: '1', ...CONSOLE },
  })
  let said = ''
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  try {
    await expect.poll(() => said, { timeout: 60_000 }).toContain('Ready')
    const url = `http://127.0.0.1:${port}/api/orders`
    const locked = await fetch(`${url}/17`)
    expect([locked.status, await locked.json()]).toMatchObject([409, { error: { code: 'ORDER_LOCKED' } }])
    expect((await fetch(`${url}/broken`)).status).toBe(500)
  } finally {
    const closed = once(server, 'close')
    server.kill('SIGTERM')
    await closed
  }
  const spans = servedSpans(said)
  expect(spans.map(({ name }) => name)).toEqual(['GET /api/orders/[id]', 'GET /api/orders/[id]'])
  expect(spans[0]!.attributes).toMatchObject({
    'http.response.status_code': '409',
    'http.route': '/api/orders/[id]',
    'api.error.code': 'ORDER_LOCKED',
    'api.request_id': 'req_8f3a',
  })
  expect(spans[1]!.attributes['http.response.status_code']).toBe('500')
})
