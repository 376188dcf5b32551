import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePayload, post } from '../chaos/sender.ts'
import { eventually, startUp, type Up } from './up.ts'

const data = mkdtempSync(join(tmpdir(), 'telltale-metrics-'))
let up: Up
beforeAll(async () => {
  up = await startUp(data)
})
afterAll(async () => {
  await up.stop()
  rmSync(data, { recursive: true, force: true })
})

async function metrics(): Promise<Map<string, number>> {
  const response = await fetch(`${up.url}/metrics`)
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const [, name, value] = /^(\S+) (\S+)$/.exec(line)!
      return [name!, Number(value)]
    }),
  )
}

test('every limit and every payload shows in the metrics', async () => {
  const { body, sent } = makePayload(40)
  for (let times = 0; times < 2; times++) expect(await post(`${up.otlpUrl}/v1/traces`, body)).toBe(200)
  expect(await post(`${up.otlpUrl}/v1/traces`, Buffer.from('no protobuf'))).toBe(400)
  const seen = await eventually(async () => {
    const now = await metrics()
    return now.get('telltale_blocks_total') === 1 ? now : undefined
  }, 'the block in the store')
  expect(Object.fromEntries(seen)).toMatchObject({
    telltale_spans_total: 40,
    telltale_spans_kept_total: sent.errors,
    telltale_spans_counted_total: sent.calls,
    telltale_spans_rejected_total: 0,
    telltale_times_clamped_total: 0,
    telltale_payloads_total: 1,
    telltale_payloads_duplicate_total: 1,
    telltale_payloads_refused_total: 1,
    'telltale_values_other_total{in="payload"}': 0,
    'telltale_otlp_requests_total{signal="traces",status="200"}': 2,
    'telltale_otlp_requests_total{signal="traces",status="400"}': 1,
  })
})
