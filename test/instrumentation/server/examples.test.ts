import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { SpanKind } from '@opentelemetry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../../..')
const directory = mkdtempSync(join(tmpdir(), 'telltale-examples-'))
const examples = join(directory, 'examples')

interface Traces {
  resourceSpans: {
    scopeSpans: { spans: { kind: number; name: string; attributes: { key: string; value: object }[] }[] }[]
  }[]
}

/** What came over OTLP: name and attributes of every SERVER span. */
const received: Record<string, unknown>[] = []
const collector = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const body = JSON.parse(
    String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes),
  ) as Traces
  const spans = body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
  // In OTLP the kinds are counted from 1.
  for (const { name, attributes } of spans.filter(({ kind }) => kind === SpanKind.SERVER + 1)) {
    received.push({
      name,
      ...Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    })
  }
  response.setHeader('content-type', 'application/json').end('{}')
})

/** The package is built from a copy: a dist/ that is being built elsewhere disturbs nobody. */
beforeAll(async () => {
  for (const part of ['tsconfig.json', 'scripts/build-hook.ts', 'services/instrumentation']) {
    cpSync(join(repository, part), join(directory, part), {
      recursive: true,
      filter: (from) => !/\/(?:dist|node_modules)$/.test(from),
    })
  }
  symlinkSync(join(repository, 'node_modules'), join(directory, 'node_modules'))
  execFileSync(process.execPath, [join(directory, 'scripts/build-hook.ts')], { stdio: 'ignore' })
  cpSync(join(repository, 'examples/servers'), examples, { recursive: true })
  mkdirSync(join(examples, 'node_modules/@telltale'), { recursive: true })
  symlinkSync(
    join(directory, 'services/instrumentation'),
    join(examples, 'node_modules/@telltale/instrumentation'),
  )
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening))
}, 60_000)
afterAll(() => {
  collector.close()
  rmSync(directory, { recursive: true, force: true })
})

test.each([
  ['fastify.mjs', 'GET /orders/:id'],
  ['express.mjs', 'GET /orders/:id'],
  ['node-http.mjs', 'GET'],
])('examples/servers/%s tells its error', async (file, name) => {
  received.length = 0
  const { port } = collector.address() as AddressInfo
  const options = ['--import', '@telltale/instrumentation/register', file]
  const { stdout } = await promisify(execFile)(process.execPath, options, {
    cwd: examples,
    env: {
      PATH: process.env.PATH,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      TELLTALE_CONSUMER_HEADER: 'x-client-id',
    },
  })
  expect(stdout).toBe(
    '409 {"error":{"code":"ORDER_LOCKED","message":"Another request changes this order."}}\n',
  )
  expect(received).toEqual([
    expect.objectContaining({
      name,
      'api.error.code': 'ORDER_LOCKED',
      'api.consumer': 'shop-7',
      'api.request_id': expect.stringMatching(/^req_/),
      'http.response.status_code': 409,
    }),
  ])
})
