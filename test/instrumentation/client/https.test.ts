import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SpanKind } from '@opentelemetry/api'
import axios from 'axios'
import got from 'got'
import nodeFetch from 'node-fetch'
import * as undici from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { canSign, selfSigned } from '../../access/self-signed.ts'
import { type Official, startTelemetry, type Telemetry, until } from '../telemetry.ts'

const directory = mkdtempSync(join(tmpdir(), 'telltale-https-'))
const BODY = '{"error":{"code":"LOCKED"}}'

let server: https.Server | undefined
let url = ''
let ca = ''
let telemetry: Telemetry

/** Each with our certificate, as an application would give it. */
const CLIENTS: Record<string, () => Promise<string>> = {
  https: async () => {
    const [response] = await once(https.get(url, { ca, agent: false }), 'response')
    return (await response.setEncoding('utf8').toArray()).join('')
  },
  axios: async () => {
    const httpsAgent = new https.Agent({ ca })
    const { data } = await axios.get(url, { httpsAgent, validateStatus: null, responseType: 'text' })
    return data
  },
  got: () => got(url, { https: { certificateAuthority: ca }, throwHttpErrors: false }).text(),
  'node-fetch': () => nodeFetch(url, { agent: new https.Agent({ ca }) }).then((response) => response.text()),
  undici: async () => {
    const dispatcher = new undici.Agent({ connect: { ca } })
    const { body } = await undici.request(url, { dispatcher })
    const text = await body.text()
    await dispatcher.close()
    return text
  },
}

describe('https', () => {
  beforeEach(({ skip }) => skip(!canSign, 'needs openssl on PATH to make certificates'))
  beforeAll(async () => {
    if (!canSign) return
    const files = selfSigned(directory)
    ca = readFileSync(files.cert, 'utf8')
    const listening = https.createServer({ cert: ca, key: readFileSync(files.key) }, (_, response) => {
      response.writeHead(423, { 'x-request-id': 'req_s' }).end(BODY)
    })
    server = listening
    await once(listening.listen(0, '127.0.0.1'), 'listening')
    url = `https://127.0.0.1:${(listening.address() as AddressInfo).port}/orders?key=secret`
  })
  afterAll(() => {
    server?.closeAllConnections()
    server?.close()
    rmSync(directory, { recursive: true })
  })

  describe.each<Official>(['none', 'before', 'after'])('official instrumentations: %s', (official) => {
    beforeEach(async () => {
      telemetry = await startTelemetry({}, official)
    })
    afterEach(() => telemetry.stop())

    test.each(Object.keys(CLIENTS))('%s: the caller and the server have one span each', async (name) => {
      expect(await CLIENTS[name]!()).toBe(BODY)
      await until(() => telemetry.spans().filter(({ kind }) => kind !== SpanKind.INTERNAL).length >= 2)
      const spans = telemetry.spans().filter(({ kind }) => kind !== SpanKind.INTERNAL)
      expect(spans.map(({ kind }) => kind).sort()).toEqual([SpanKind.SERVER, SpanKind.CLIENT])
      const [client, served] = [SpanKind.CLIENT, SpanKind.SERVER].map(
        (kind) => spans.find((span) => span.kind === kind)!,
      )
      for (const { attributes } of [client!, served!]) {
        expect(attributes).toMatchObject({ 'api.error.code': 'LOCKED', 'api.request_id': 'req_s' })
      }
      expect(served!.parentSpanContext?.spanId).toBe(client!.spanContext().spanId)
      if (official === 'none') expect(String(client!.attributes['url.full'])).toMatch(/^https:.*\/orders$/)
    })
  })
})
