import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openPlace, type Place, putFiles, sentSpans, servedSpans } from './node-place.ts'

// The hook as it is packed on every Node that its README names, with the oldest and the newest OpenTelemetry for it.

const binaries = `npm:node-${process.platform}-${process.arch}`
const VERSIONS = { node20: '20.20.2', node22: '22.23.3', node24: '24.21.0', node26: '26.10.0' }
const SDKS = {
  '0.200.0': { '@opentelemetry/api': '1.9.0', '@opentelemetry/instrumentation': '0.200.0' },
  '0.301.0': { '@opentelemetry/api': '1.10.0', '@opentelemetry/instrumentation': '0.301.0' },
}
/** Which the newer ones refuse. */
const OLDEST_NODE_ONLY = ['0.200.0']

let nodes: Place
beforeAll(() => {
  const aliases = Object.entries(VERSIONS).map(([name, version]) => [name, `${binaries}@${version}`])
  nodes = openPlace('nodes', Object.fromEntries(aliases))
}, 600_000)

describe.each(Object.entries(SDKS))('SDK %s', (sdk, packages) => {
  let place: Place
  beforeAll(() => {
    place = openPlace('hook', { ...packages, '@opentelemetry/sdk-node': sdk, fastify: '5.12.8' })
    putFiles(place, 'examples/hook', 'examples/servers')
  }, 600_000)

  const able = Object.keys(VERSIONS).filter((name) => name !== 'node20' || OLDEST_NODE_ONLY.includes(sdk))
  describe.each(able)('%s', (name) => {
    const node = () => join(nodes.directory, 'node_modules', name, 'bin/node')
    const register = ['--import', '@telltale/instrumentation/register']

    test.each(['app.mjs', 'app.cjs'])('%s', async (app) => {
      const sent = sentSpans(await place.run(node(), [...register, app]))
      expect(sent.map(({ attributes }) => attributes)).toEqual([
        expect.objectContaining({ 'api.error.code': 'RATE_LIMIT_EXCEEDED', 'api.request_id': 'req_1' }),
        expect.objectContaining({ 'http.request.resend_count': '1' }),
      ])
    })

    test('fastify.mjs', async () => {
      const env = { TELLTALE_CONSUMER_HEADER: 'x-client-id' }
      const [span, ...more] = servedSpans(await place.run(node(), [...register, 'fastify.mjs'], env))
      expect(more).toEqual([])
      expect(span!.attributes).toMatchObject({
        'api.error.code': 'ORDER_LOCKED',
        'api.consumer': 'shop-7',
        'http.response.status_code': '409',
      })
    })
  })
})
