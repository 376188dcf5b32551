import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makePayload, post } from '../chaos/sender.ts'
import { eventually, startUp, type Up } from './up.ts'

const data = mkdtempSync(join(tmpdir(), 'telltale-stream-'))
let up: Up
afterAll(async () => {
  await up.stop()
  rmSync(data, { recursive: true, force: true })
})

/** Follows, sends a payload, and gives back what the stream said until its counts came. */
async function streamOf(body: Buffer): Promise<string> {
  const stopping = new AbortController()
  const response = await fetch(`${up.url}/api/v1/stream`, { signal: stopping.signal })
  let text = ''
  const reading = (async () => {
    for await (const part of response.body ?? []) text += Buffer.from(part).toString()
  })().catch(() => {})
  await post(`${up.otlpUrl}/v1/traces`, body)
  await eventually(
    async () => /^event: counts\ndata: .*\n\n/m.test(text) || undefined,
    'counts in the stream',
  )
  stopping.abort()
  await reading
  return text
}

test('what is stored is told; a code is new once, also after a restart', async () => {
  up = await startUp(data)
  const { body, sent } = makePayload(600)
  const first = await streamOf(body)
  const counts = JSON.parse(/^event: counts\ndata: (.*)$/m.exec(first)?.[1] ?? '{}')
  expect(counts.errors).toBe(sent.errors)
  const unknown = /^event: unknown_codes\ndata: (.*)$/m.exec(first)?.[1]
  expect(unknown).toBeDefined()
  const metrics = await (await fetch(`${up.url}/metrics`)).text()
  expect(metrics).toMatch(/^telltale_streams_dropped_total 0$/m)

  await up.stop()
  up = await startUp(data)
  expect(await streamOf(makePayload(600).body)).not.toContain('unknown_codes')
})
