import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TABLE_NAMES } from '../../services/contract/tables.ts'
import { makePayload, post } from '../chaos/sender.ts'
import { type Family, parseMetrics } from './prometheus-text.ts'
import { eventually } from './up.ts'
import { upForAll } from './up-for-all.ts'

const up = upForAll('metrics')

async function scrape(): Promise<string> {
  const response = await fetch(`${up.url}/metrics`)
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  return response.text()
}

/** Every sample, by name and labels as they are written. */
const samplesOf = (families: Family[]) =>
  Object.fromEntries(
    families.flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) => {
        const inside = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
        return [inside.length > 0 ? `${name}{${inside}}` : name, value]
      }),
    ),
  )

async function once(isSo: (samples: Record<string, number>) => boolean, what: string) {
  return eventually(async () => {
    const samples = samplesOf(parseMetrics(await scrape()))
    return isSo(samples) ? samples : undefined
  }, what)
}

test('every payload, span, block, insert and byte shows', async () => {
  const { body, sent } = makePayload(40)
  for (let times = 0; times < 2; times++) expect(await post(`${up.otlpUrl}/v1/traces`, body)).toBe(200)
  expect(await post(`${up.otlpUrl}/v1/traces`, Buffer.from('no protobuf'))).toBe(400)
  const seen = await once((now) => now.telltale_blocks_total === 1, 'the block in the store')
  const tables = TABLE_NAMES.filter(
    (table) => `telltale_store_insert_seconds_count{table="${table}"}` in seen,
  )
  expect(tables).toContain('errors')
  expect(seen).toMatchObject({
    telltale_spans_total: 40,
    telltale_spans_kept_total: sent.errors,
    telltale_spans_counted_total: sent.calls,
    'telltale_spans_rejected_total{reason="truncated"}': 0,
    telltale_times_clamped_total: 0,
    telltale_payloads_total: 1,
    telltale_payloads_duplicate_total: 1,
    telltale_payloads_deferred_total: 0,
    'telltale_payloads_refused_total{reason="protobuf"}': 1,
    'telltale_values_other_total{in="payload"}': 0,
    'telltale_otlp_requests_total{signal="traces",status="200"}': 2,
    'telltale_otlp_requests_total{signal="traces",status="400"}': 1,
    telltale_otlp_request_seconds_count: 3,
    telltale_otlp_wire_bytes_total: 2 * body.length + 'no protobuf'.length,
    telltale_otlp_body_bytes_total: 2 * body.length + 'no protobuf'.length,
    telltale_otlp_in_flight_bytes: 0,
    telltale_block_records_total: 1,
    telltale_block_rows_count: 1,
    telltale_block_seconds_count: 1,
    telltale_blocks_stuck: 0,
    telltale_blocks_refused: 0,
    telltale_blocks_recovered: 1,
    telltale_journal_records: 0,
    telltale_journal_groups_total: 1,
    telltale_journal_failing: 0,
    'telltale_open_connections{to="api"}': expect.any(Number),
    'telltale_store_insert_seconds_count{table="errors"}': 1,
  })
  expect(seen.telltale_block_rows_sum).toBeGreaterThanOrEqual(sent.errors)
  expect(seen['telltale_open_connections{to="api"}']).toBeGreaterThanOrEqual(1)
  expect(seen.telltale_disk_free_bytes).toBeGreaterThan(0)
  expect(seen.telltale_journal_limit_bytes).toBe(1024 ** 3)
})

test('a malformed span shows with what is wrong with it, and the others are taken', async () => {
  // Two spans of one scope: an id of three bytes, and nothing at all.
  const [span, empty] = [Buffer.from([0x12, 0x05, 0x0a, 0x03, 1, 2, 3]), Buffer.from([0x12, 0x00])]
  const nested = (content: Buffer, field: number) =>
    Buffer.concat([Buffer.of((field << 3) | 2, content.length), content])
  const body = nested(nested(Buffer.concat([span, empty]), 2), 1)
  expect(await post(`${up.otlpUrl}/v1/traces`, body)).toBe(200)
  await once((now) => now['telltale_spans_rejected_total{reason="id"}'] === 1, 'the rejected span')
})

test('answers of the API show by route, status and code, and never by what a client made up', async () => {
  for (const path of [
    '/api/v1/requests/req_nobody_has',
    '/api/v1/codes?limit=none',
    '/made/up/by"a\\client',
    '/api/v1/codes/%zz',
  ])
    await (await fetch(`${up.url}${path}`)).text()
  const seen = await once(
    (now) => now['telltale_api_errors_total{code="invalid_parameter"}'] === 1,
    'the refused request',
  )
  expect(seen).toMatchObject({
    'telltale_api_requests_total{route="/api/v1/requests/:id",status="404"}': 1,
    'telltale_api_requests_total{route="/api/v1/codes",status="400"}': 1,
    'telltale_api_requests_total{route="none",status="404"}': expect.any(Number),
    'telltale_api_errors_total{code="request_not_found"}': 1,
    'telltale_api_request_seconds_count{route="/api/v1/codes"}': 1,
  })
  expect(seen.telltale_store_query_seconds_count).toBeGreaterThanOrEqual(1)
  expect(await scrape()).not.toContain('made')
})

test('the sizes of the tables show after a scrape', async () => {
  const seen = await once((now) => 'telltale_store_rows{table="errors"}' in now, 'the sizes')
  expect(seen['telltale_store_bytes{table="errors"}']).toBeGreaterThanOrEqual(0)
})

test('names have their units, counters their suffix, histograms their sums', async () => {
  for (const { name, type, help, samples } of parseMetrics(await scrape())) {
    expect(name, name).toMatch(/^(telltale|process|nodejs)_[a-z0-9_]+$/)
    expect(help, name).not.toBe('')
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
    // Milliseconds, kilobytes and the like are for people.
    expect(name, name).not.toMatch(/_(ms|millis|milliseconds|kb|mb|percent)(_|$)/)
    if (type !== 'histogram') continue
    const counts = new Map<string, number>()
    for (const { name: sample, labels, value } of samples) {
      const { le, ...others } = labels
      const key = JSON.stringify(others)
      if (sample.endsWith('_bucket')) {
        expect(value, `${sample} ${le}`).toBeGreaterThanOrEqual(counts.get(key) ?? 0)
        counts.set(key, value)
      } else if (sample.endsWith('_count')) expect(value, sample).toBe(counts.get(key))
    }
  }
})

test('promtool finds nothing to say', async ({ skip }) => {
  const present = await new Promise((resolve) =>
    execFile('promtool', ['--version'], (error) => resolve(error === null)),
  )
  skip(!present, 'needs promtool in the PATH (apt-get install prometheus)')
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: await scrape(),
    encoding: 'utf8',
  })
  expect(`${stdout}${stderr}`).toBe('')
  expect(status).toBe(0)
})

test('docs/reference.md lists every metric as it is', async ({ skip }) => {
  skip(process.platform !== 'linux', 'other systems tell less of a process')
  const reference = readFileSync(join(import.meta.dirname, '../../docs/reference.md'), 'utf8')
  // Those of Kafka are held to it where there is a broker.
  const listed = reference.match(/^\| `(?!telltale_kafka_)(?:telltale|process|nodejs)_\w+` \|.*$/gm) ?? []
  const served = parseMetrics(await scrape()).map(
    ({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`,
  )
  expect(listed.sort()).toEqual(served.sort())
})
