import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OWNERS_GUARD } from '../../services/access/guard.ts'
import { buildApp } from '../../services/api/app.ts'
import type { Api } from '../../services/api/zod-provider.ts'
import { accessOn } from './access.ts'
import { appOnStore } from './app-on-store.ts'
import { store } from './stored-rows.ts'

// The API asked from its own document: every operation, every parameter, with what is right, what is nearly right and
// what is hostile, in all combinations.

interface Schema {
  type?: string
  enum?: string[]
  minimum?: number
  maximum?: number
}
interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  example?: unknown
  schema: Schema
}
interface Operation {
  path: string
  method: string
  parameters: Parameter[]
  example?: Record<string, unknown>
  refusals: string[]
}
interface Documented {
  parameters: Parameter[]
  requestBody?: { content: { 'application/json': { example: Record<string, unknown> } } }
  responses: Record<string, { content: Record<string, unknown> }>
}

const on = appOnStore()
let app: Api
let operations: Operation[]

beforeAll(async () => {
  // Tokens are made on the way: then whoever has none would be refused everything else.
  app = buildApp({ ...on.parts, ...(await accessOn(on.client)), guard: OWNERS_GUARD })
  await store(on.client, 'errors', [{ ts: Date.now() - 60_000, request_id: 'req_8f3a' }])
  const document: { paths: Record<string, Record<string, Documented>> } = (
    await app.inject('/openapi.json')
  ).json()
  operations = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod)
      // It never ends by itself; its parameters are fuzzed by its own test.
      .filter(([, { responses }]) => !('text/event-stream' in (responses['200']?.content ?? {})))
      .map(([method, { parameters, requestBody, responses }]) => ({
        path,
        method,
        parameters,
        example: requestBody?.content['application/json'].example,
        refusals: Object.keys(responses),
      })),
  )
})

afterAll(() => app.close())

const RUNS = 150
/** The most that any answer may be, whatever is asked: a page of a thousand rows, or a large time series. */
const MOST_BYTES = 8 * 1024 * 1024

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'x'.repeat(10_240),
    "'; DROP TABLE errors; --",
    '{provider:String}',
    '../../etc/passwd',
    '..%2f..%2f',
    '%',
    '%zz',
    '%00',
    '\r\nX-Injected: 1',
    '<script>',
    '__proto__',
    'constructor',
    '-1',
    '0',
    '1e9',
    '99999999999999999999',
    '0x10',
    'NaN',
    'null',
    'true',
    '[]',
    '2026-02-30T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '1970-01-01T00:00:00Z',
    '2026-11-21T14:00:00+14:00',
    '-999999999w',
    '-1s',
    '-30d',
    'now',
    '🙂',
    'ä'.repeat(300),
    '\u202e',
    '\ud800',
  ),
)

const fitting = ({ example, schema }: Parameter) =>
  fc.oneof(
    fc.constant(String(example ?? 'x')),
    schema.enum ? fc.constantFrom(...schema.enum) : fc.constantFrom('-1h', '-40d', 'session-api'),
    schema.type === 'integer'
      ? fc.integer({ min: (schema.minimum ?? 0) - 2, max: (schema.maximum ?? 10) + 2 }).map(String)
      : fc.constant(String(example ?? 'y')),
  )

const value = (parameter: Parameter) =>
  fc.oneof({ weight: 3, arbitrary: fitting(parameter) }, { weight: 2, arbitrary: hostile })

/** Well formed: a lone surrogate cannot be written in an address. */
const escaped = (text: string) => encodeURIComponent(text.toWellFormed())

/** An address of the operation: some of its parameters, perhaps twice, perhaps one that is none, perhaps not escaped. */
const addressOf = ({ path, parameters }: Operation) =>
  fc
    .record({
      inPath: fc.tuple(
        ...parameters
          .filter((one) => one.in === 'path')
          .map((one) => fc.tuple(fc.constant(one.name), value(one))),
      ),
      query: fc
        .tuple(
          ...parameters
            .filter((one) => one.in === 'query')
            .map((one) =>
              fc.array(
                value(one).map((text) => [one.name, text] as const),
                { maxLength: 2, size: '-1' },
              ),
            ),
        )
        .map((lists) => lists.flat()),
      stranger: fc.option(fc.tuple(hostile, hostile), { freq: 12 }),
      raw: fc.option(fc.constantFrom('&%', '&from=%zz', '&=', '&&&', '&from[]=1', '#x', '&limit'), {
        freq: 12,
      }),
    })
    .map(({ inPath, query, stranger, raw }) => {
      const at = inPath.reduce((url, [name, text]) => url.replace(`{${name}}`, () => escaped(text)), path)
      const pairs = [...query, ...(stranger ? [stranger] : [])]
      return `${at}?${pairs.map(([name, text]) => `${escaped(name)}=${escaped(text)}`).join('&')}${raw ?? ''}`
    })

/** A body of the operation: its example with parts left out, replaced or added, or something else altogether. */
const bodyOf = ({ example = {} }: Operation) =>
  fc.oneof(
    fc
      .tuple(
        ...Object.entries(example).map(([name, right]) =>
          fc.tuple(
            fc.constant(name),
            fc.oneof(fc.constant(right), fc.jsonValue(), hostile, fc.constant(undefined)),
          ),
        ),
      )
      .map((parts) => JSON.stringify(Object.fromEntries(parts))),
    fc.jsonValue({ maxDepth: 8 }).map((json) => JSON.stringify(json)),
    hostile,
    fc.constantFrom(
      '[['.repeat(5_000),
      '{"a":'.repeat(5_000),
      '"'.repeat(3),
      `{"code":"${'x'.repeat(70_000)}"}`,
    ),
  )

async function check(operation: Operation, response: LightMyRequestResponse, asked: string) {
  const { statusCode, body, headers } = response
  expect(statusCode, `${asked} answered ${body}`).toBeLessThan(500)
  expect(body.length, asked).toBeLessThanOrEqual(MOST_BYTES)
  expect(headers).not.toHaveProperty('x-injected')
  expect(headers['x-request-id'], asked).toMatch(/^req_/)
  if (statusCode === 200 && !String(headers['content-type']).startsWith('application/json')) return
  const json = JSON.parse(body)
  expect(Object.keys(json).sort(), asked).toEqual(['data', 'error', 'meta', 'success'])
  expect(json.success, asked).toBe(statusCode === 200)
  if (statusCode === 200) return
  // An empty or broken part of a path leads elsewhere, where there is nothing.
  expect([...operation.refusals, '404', '405'], asked).toContain(String(statusCode))
  if (json.error.code !== 'invalid_parameter') return
  expect(json.error.details.length, asked).toBeGreaterThan(0)
  for (const { parameter, message } of json.error.details) {
    expect(typeof parameter).toBe('string')
    expect(message.length, asked).toBeGreaterThan(3)
  }
}

test('whatever is asked, never a 5xx, always the envelope, never more than the limits', async () => {
  for (const operation of operations) {
    const request = fc.record({
      url: addressOf(operation),
      payload: operation.example ? bodyOf(operation) : fc.constant(undefined),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ url, payload }) => {
        const response = await app.inject({
          method: operation.method.toUpperCase() as 'GET',
          url,
          payload,
          headers: payload === undefined ? {} : { 'content-type': 'application/json' },
        })
        await check(operation, response, `${operation.method} ${url} ${payload?.slice(0, 200) ?? ''}`)
      }),
      { numRuns: RUNS },
    )
  }
}, 120_000)

test('a name that is none is refused with those there are, everywhere', async () => {
  for (const { path, method, parameters, example } of operations) {
    if (!path.startsWith('/api/v1/')) continue
    const url = parameters
      .filter((one) => one.in === 'path')
      .reduce((at, { name, example }) => at.replace(`{${name}}`, escaped(String(example))), path)
    const query = parameters.filter((one) => one.in === 'query')
    const needed = query.filter(({ required }) => required)
    const response = await app.inject({
      method: method.toUpperCase() as 'GET',
      url: `${url}?no_such=1${needed.map((one) => `&${one.name}=${escaped(String(one.example))}`).join('')}`,
      payload: example,
    })
    expect([url, response.statusCode]).toEqual([url, 400])
    const { error } = response.json()
    expect(error).toMatchObject({ code: 'invalid_parameter', details: [{ parameter: 'no_such' }] })
    for (const { name } of query) expect(error.message).toContain(name)
  }
})

test('no more rows in a page than a thousand', async () => {
  for (const { path, parameters } of operations) {
    const limit = parameters.find(({ name }) => name === 'limit')
    if (limit === undefined) continue
    expect(limit.schema.maximum, path).toBeGreaterThan(0)
    expect((await app.inject(`${path}?limit=1000`)).statusCode, path).toBe(200)
    for (const limit of ['1001', '0', '-1', '1e3', '99999999999'])
      expect((await app.inject(`${path}?limit=${limit}`)).statusCode, `${path} ${limit}`).toBe(400)
  }
})
