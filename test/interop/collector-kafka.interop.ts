import { execFile as execFileCallback } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually, startUp, type Up } from '../e2e/up.ts'
import { NO_BROKER, onBroker } from '../kafka/on-broker.ts'
import { caseOf } from './case.ts'
import { freePort, type Running } from './workshop.ts'

const execFile = promisify(execFileCallback)
const SPANS = join(import.meta.dirname, 'shop-spans.ts')

const collector = caseOf('collector-kafka.md', { needs: ['go'], manifest: 'builder.yaml', keeps: 'bin' })
const broker = await onBroker()
beforeEach(({ skip }) => skip(broker === null, NO_BROKER))

const running: Running[] = []
let up: Up
let env: Record<string, string>
beforeAll(async () => {
  if (collector.bench === undefined || broker === null) return
  env = { TELLTALE_KAFKA_BROKERS: broker.brokers.join(), TELLTALE_KAFKA_TOPIC: await broker.topic(2) }
  up = await startUp(join(collector.workshop.directory, 'data'), {
    env: {
      ...env,
      TELLTALE_KAFKA_GROUP: env.TELLTALE_KAFKA_TOPIC,
      TELLTALE_KAFKA_DLQ_TOPIC: await broker.topic(),
    },
  })
})
afterAll(async () => {
  for (const one of running) await one.stop()
  await up?.stop()
  await broker?.close()
})

async function start(script: string, more: Record<string, string>): Promise<Running> {
  const one = collector.workshop.start(script, { ...env, ...more })
  running.push(one)
  await eventually(async () => (one.said().includes('Everything is ready') ? true : undefined), script).catch(
    (error: Error) => {
      throw new Error(`${error.message}\n${one.said()}`)
    },
  )
  return one
}
const send = (service: string, endpoint: string) =>
  execFile(process.execPath, [SPANS, 'telltale'], {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: service },
  })
const counts = (url: string, service: string, one: Running) =>
  eventually(
    async () => {
      const answer = await fetch(`${url}/api/v1/traffic?by=service&from=-1h&service=${service}&side=client`)
      const [found] = ((await answer.json()) as { data: { calls: number }[] }).data
      return found !== undefined && found.calls >= 300 ? found : undefined
    },
    `300 calls of ${service}`,
    30_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${one.said()}`)
  })
const EXPECTED = { calls: 300, errors: 200, retries: 200, logical_calls: 100 }

test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
  'what a Collector writes with compression %s is counted',
  async (compression) => {
    const port = await freePort()
    const one = await start('to-kafka.sh', { COLLECTOR_PORT: String(port), COMPRESSION: compression })
    await send(`by-${compression}`, `http://127.0.0.1:${port}`)
    expect(await counts(up.url, `by-${compression}`, one)).toMatchObject(EXPECTED)
    await one.stop()
  },
)

test('what a Collector writes as otlp_json is counted', async () => {
  const port = await freePort()
  const one = await start('to-kafka.sh', { COLLECTOR_PORT: String(port), ENCODING: 'otlp_json' })
  await send('by-json', `http://127.0.0.1:${port}`)
  expect(await counts(up.url, 'by-json', one)).toMatchObject(EXPECTED)
  await one.stop()
})

test('what intake wrote is read by a Collector', async () => {
  await send('by-intake', up.otlpUrl)
  const one = await start('from-kafka.sh', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.bench.up.otlpUrl })
  expect(await counts(up.url, 'by-intake', one)).toMatchObject(EXPECTED)
  expect(await counts(collector.bench.up.url, 'by-intake', one)).toMatchObject(EXPECTED)
})
