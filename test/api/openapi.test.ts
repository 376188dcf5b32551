import type { AddressInfo } from 'node:net'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OWNERS_GUARD } from '../../services/access/guard.ts'
import { buildApp } from '../../services/api/app.ts'
import type { Api } from '../../services/api/zod-provider.ts'
import { putToken } from '../../services/store/queries/tokens.ts'
import { accessOn } from './access.ts'
import { appOnStore } from './app-on-store.ts'
import { noteUndocumented } from './documented-answers.ts'
import { store } from './stored-rows.ts'

interface Operation {
  operationId: string
  parameters: { name: string; in: string; required: boolean; example?: unknown }[]
  responses: { 200: { content: Record<string, unknown> } }
  requestBody?: { content: { 'application/json': { example: object } } }
}

const on = appOnStore()
let document: { paths: Record<string, Record<string, Operation>> }

/** What the examples ask for. */
beforeAll(async () => {
  await store(on.client, 'errors', [{ ts: Date.now() - 60_000, request_id: 'req_8f3a' }])
  document = (await on.app.inject('/openapi.json')).json()
})

test('a linter finds nothing wrong with the document', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] })
  const problems = await lintFromString({ source: JSON.stringify(document), config })
  expect(
    problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`),
  ).toEqual([])
})

test('every route of the API is in it', () => {
  const printed = on.app.printRoutes({ commonPrefix: false })
  const registered = [...printed.matchAll(/(api\/v1\/\S+) \(/g)].map(
    ([, url]) => `/${url?.replace(/:(\w+)/g, '{$1}')}`,
  )
  expect(registered).toContain('/api/v1/codes')
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(registered))
})

describe('every example', () => {
  let app: Api
  let undocumented: string[]
  beforeAll(async () => {
    await putToken(on.client.command, {
      id: 'tok_5c1f0b7f2f0e',
      name: '',
      scopes: ['read'],
      hash: 'ab'.repeat(32),
      created_at: new Date().toISOString(),
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
    })
    app = buildApp({ ...on.parts, ...(await accessOn(on.client)), guard: OWNERS_GUARD })
    undocumented = noteUndocumented(app)
  })
  afterAll(() => app.close())

  test('is answered with 200', async () => {
    const answers: Record<string, unknown> = {}
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const { status, body } = await ask(app, path, method, operation)
        answers[operation.operationId] = status === 200 ? 200 : body
      }
    }
    expect(new Set(Object.values(answers)), JSON.stringify(answers, null, 2)).toEqual(new Set([200]))
    expect(undocumented).toEqual([])
  })
})

async function ask(
  app: Api,
  path: string,
  method: string,
  { parameters, requestBody, responses }: Operation,
) {
  const query = new URLSearchParams()
  let url = path
  for (const { name, in: place, example } of parameters) {
    if (place === 'path') url = url.replace(`{${name}}`, encodeURIComponent(String(example)))
    else if (example !== undefined) query.set(name, String(example))
  }
  // Never ends by itself.
  if ('text/event-stream' in responses[200].content) return firstOf(app, `${url}?${query}`)
  const response = await app.inject({
    method: method as 'GET',
    url: `${url}?${query}`,
    payload: requestBody?.content['application/json'].example,
  })
  return { status: response.statusCode, body: response.body }
}

async function firstOf(app: Api, url: string) {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${url}`)
  await response.body?.cancel()
  return { status: response.status, body: '' }
}
