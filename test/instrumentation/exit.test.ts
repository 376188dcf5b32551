import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

// What a process still has is sent when it ends, and how it ends stays as it was.

const register = join(import.meta.dirname, '../../services/instrumentation/register.ts')

let received = ''
/** The API that is called, and the collector. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  if (request.url !== '/v1/traces') {
    response.writeHead(409).end(`{"error":{"code":"CODE_${request.url!.slice(1)}"}}`)
    return
  }
  const bytes = Buffer.concat(chunks)
  received += request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
  response.setHeader('content-type', 'application/json').end('{}')
})
let url = ''
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  received = ''
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const start = () => `
  const call = async (code) => (await fetch('${url}/' + code)).text()
  const staying = setInterval(() => {}, 1000)`

/** Runs it, sends it SIGTERM once it says that it is ready, and tells how it ended. */
async function end(script: string): Promise<{ code: number | null; signal: string | null }> {
  const code = `${start()}\n${script}`
  const child = spawn(process.execPath, ['--import', register, '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    },
  })
  child.stdout.once('data', () => child.kill('SIGTERM'))
  const [status, signal] = await once(child, 'exit')
  return { code: status, signal }
}

test('SIGTERM: all is sent, and it ends by the signal', async () => {
  expect(await end(`await call('FIRST'); console.log('ready')`)).toEqual({ code: null, signal: 'SIGTERM' })
  expect(received).toContain('CODE_FIRST')
})

test('SIGTERM while the application drains: what it does until it ends is sent too', async () => {
  const ended = await end(`
    process.on('SIGTERM', async () => {
      await new Promise((later) => setTimeout(later, 300))
      await call('LAST')
      clearInterval(staying)
    })
    await call('FIRST')
    console.log('ready')`)
  expect(ended).toEqual({ code: 0, signal: null })
  expect(received).toContain('CODE_FIRST')
  expect(received).toContain('CODE_LAST')
})

test('an application that ends by process.exit has sent what it did until the signal', async () => {
  const ended = await end(`
    process.on('SIGTERM', () => setTimeout(() => process.exit(3), 1000))
    await call('FIRST')
    console.log('ready')`)
  expect(ended).toEqual({ code: 3, signal: null })
  expect(received).toContain('CODE_FIRST')
})
