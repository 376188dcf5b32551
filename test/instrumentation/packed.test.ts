import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { SpanKind } from '@opentelemetry/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'telltale-hook-'))
const packing = join(directory, 'services/instrumentation')
const run = (cwd: string, command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** What it needs beside it, whatever SDK there is. */
const API = ['@opentelemetry/api', '@opentelemetry/instrumentation']
let tarball = ''
/** What an exporter sent: the attributes of every CLIENT span by their names. */
let received: Record<string, unknown>[] = []
const collector = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const body = JSON.parse(String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes))
  if (request.url === '/v1/traces') received.push(...spansOf(body))
  response.setHeader('content-type', 'application/json').end('{}')
})

/** In OTLP they are counted from 1. */
const CLIENT = SpanKind.CLIENT + 1

interface Traces {
  resourceSpans: {
    scopeSpans: { spans: { kind: number; attributes: { key: string; value: object }[] }[] }[]
  }[]
}

const spansOf = ({ resourceSpans }: Traces): Record<string, unknown>[] =>
  resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .filter(({ kind }) => kind === CLIENT)
    .map(({ attributes }) =>
      Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    )

/** Packed from a copy: a dist/ that is being built elsewhere disturbs nobody. */
beforeAll(async () => {
  mkdirSync(join(directory, 'scripts'), { recursive: true })
  for (const part of ['tsconfig.json', 'scripts/build-hook.ts']) {
    cpSync(join(repository, part), join(directory, part))
  }
  cpSync(join(repository, 'services/instrumentation'), packing, {
    recursive: true,
    filter: (from) => !/\/(?:dist|node_modules)$/.test(from),
  })
  symlinkSync(join(repository, 'node_modules'), join(directory, 'node_modules'))
  tarball = join(packing, run(packing, 'npm', 'pack', '--silent').trim().split('\n').at(-1)!)
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening))
}, 60_000)
afterAll(() => {
  collector.close()
  rmSync(directory, { recursive: true, force: true })
})

/** An application of its own, in a directory where nothing else is. */
function install(at: string, ...packages: string[]): void {
  writeFileSync(join(at, 'package.json'), '{"private":true}')
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  run(at, 'npm', 'install', ...quiet, tarball, ...packages)
}

/** The same without npm, beside packages that it has installed here already. */
function unpack(at: string, ...packages: string[]): void {
  const unpacked = join(at, 'node_modules/@telltale/instrumentation')
  mkdirSync(unpacked, { recursive: true })
  run(at, 'tar', '-xzf', tarball, '-C', unpacked, '--strip-components=1')
  mkdirSync(join(at, 'node_modules/@opentelemetry'))
  for (const name of packages)
    symlinkSync(join(repository, 'node_modules', name), join(at, 'node_modules', name))
}

async function start(cwd: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return startWith({}, cwd, ...args)
}

async function startWith(environment: Record<string, string>, cwd: string, ...args: string[]) {
  received = []
  const { port } = collector.address() as AddressInfo
  return promisify(execFile)(process.execPath, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_SERVICE_NAME: 'shop',
      ...environment,
    },
  })
}

const FAILED = {
  'http.response.status_code': 429,
  'api.error.code': 'RATE_LIMIT_EXCEEDED',
  'api.request_id': 'req_1',
  'api.ratelimit.remaining': 0,
}
const REPEATED = {
  'http.response.status_code': 200,
  'http.request.resend_count': 1,
  'api.ratelimit.remaining': 99,
}

describe.each([
  // The oldest and the newest that the package says it works with.
  ['oldest', (at: string) => install(at, '@opentelemetry/api@1.9.0', '@opentelemetry/sdk-node@0.200.0')],
  ['newest', (at: string) => unpack(at, ...API, '@opentelemetry/sdk-node')],
])('the package, with the %s SDK', (name, prepare) => {
  const at = mkdtempSync(join(tmpdir(), `telltale-hook-${name}-`))
  beforeAll(() => {
    prepare(at)
    cpSync(join(repository, 'examples/hook'), at, { recursive: true })
  }, 120_000)
  afterAll(() => rmSync(at, { recursive: true, force: true }))

  test.each([
    ['ESM', 'app.mjs', '--import', '@telltale/instrumentation/register'],
    ['CommonJS', 'app.cjs', '--import', '@telltale/instrumentation/register'],
    ['CommonJS, required', 'app.cjs', '--require', '@telltale/instrumentation/register'],
    ['an SDK of its own', 'app.mjs', '--import', './sdk.mjs'],
    ['both', 'app.mjs', '--import', './sdk.mjs', '--import', '@telltale/instrumentation/register'],
  ])('%s', async (what, app, ...options) => {
    const { stdout } = await start(at, ...options, app)
    expect(stdout).toMatch(/^429 .*\n200 .*\n$/)
    expect(received).toEqual([expect.objectContaining(FAILED), expect.objectContaining(REPEATED)])
    const provider = what === 'an SDK of its own' || what === 'both' ? 'shop' : undefined
    expect(received[0]!['api.provider']).toBe(provider)
  })

  test.each(['app.mjs', 'app.cjs'])('%s by NODE_OPTIONS', async (app) => {
    const environment = { NODE_OPTIONS: '--import @telltale/instrumentation/register' }
    expect((await startWith(environment, at, app)).stdout).toMatch(/^429 .*\n200 .*\n$/)
    expect(received).toEqual([expect.objectContaining(FAILED), expect.objectContaining(REPEATED)])
  })

  test('nothing but what it needs comes along', async () => {
    const { dependencies } = JSON.parse(
      readFileSync(join(at, 'node_modules/@telltale/instrumentation/package.json'), 'utf8'),
    )
    expect(Object.keys(dependencies)).toEqual(['@opentelemetry/instrumentation'])
  })

  test('its types are those of the program that uses it', async () => {
    writeFileSync(
      join(at, 'use.ts'),
      `import { ApiErrorInstrumentation, readError, withCall } from '@telltale/instrumentation'
       import { parseCatalogs } from '@telltale/instrumentation/catalogs'
       import { NodeSDK } from '@opentelemetry/sdk-node'
       new NodeSDK({ instrumentations: [new ApiErrorInstrumentation({ captureMessage: false })] })
       const code: string | null | undefined = readError({ status: 400 })?.code
       const done: Promise<number> = withCall('id', async () => 1)
       // @ts-expect-error
       new ApiErrorInstrumentation({ captureMesage: false })
       export const all = [code, done, parseCatalogs('{}')]`,
    )
    const tsc = join(repository, 'node_modules/typescript/bin/tsc')
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022']
    const types = ['--typeRoots', join(repository, 'node_modules/@types'), '--types', 'node']
    expect(run(at, process.execPath, tsc, ...options, ...types, 'use.ts')).toBe('')
  })
})

test('it takes less than 300 kB, holds compiled code only, and works without an SDK', async () => {
  const at = mkdtempSync(join(tmpdir(), 'telltale-hook-alone-'))
  try {
    unpack(at, ...API)
    const unpacked = join(at, 'node_modules/@telltale/instrumentation')
    const files = await readdir(unpacked, { recursive: true, withFileTypes: true })
    const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
    expect(paths.filter((path) => !/\.(?:js|d\.ts|md)$|\/package\.json$|\/LICENSE$/.test(path))).toEqual([])
    expect(paths.reduce((bytes, path) => bytes + statSync(path).size, 0)).toBeLessThan(300_000)
    // Without an SDK there is still something to use, and --import says what is missing.
    const read = `import { readError } from '@telltale/instrumentation/read-error'
      console.log(readError({ status: 400, body: '{"code":"NO"}' }).code)`
    expect((await start(at, '--input-type=module', '--eval', read)).stdout).toBe('NO\n')
    const { stderr } = await start(at, '--import', '@telltale/instrumentation/register', '--eval', '0')
    expect(stderr).toContain('npm install @opentelemetry/sdk-node')
  } finally {
    rmSync(at, { recursive: true, force: true })
  }
}, 60_000)
