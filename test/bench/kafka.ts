import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startUp, type Up } from '../e2e/up.ts'
import { startBroker } from '../kafka/broker.ts'
import { clientsOf, NO_BROKER, type OnBroker } from '../kafka/on-broker.ts'
import { table } from './measure.ts'
import { otlpPayload } from './otlp-payload.ts'
import { cpuSecondsOf, residentMegabytesOf } from './process-cost.ts'
import { renewable } from './renewable.ts'

// A real broker, and the real processes: Kafka → rows in the store, from a topic that is full; and OTLP → acknowledged
// by Kafka. CPU of the process alone, from the moment that it is warm.

const SPANS_A_MESSAGE = 500
const TEMPLATES = 16
const PARTITIONS = 2
const EXPORTERS = 8
const INTAKE_PAYLOADS = 4_000
/** After this part of the topic the process is warm. */
const WARM = 0.25
const SHARES = [
  { errors: 0.02, messages: 4_000 },
  { errors: 0.1, messages: 4_000 },
  { errors: 1, messages: 1_000 },
]

const broker = await startBroker()
if (broker === null) {
  console.error(NO_BROKER)
  process.exit(1)
}
const clients = await clientsOf(broker.brokers)
const directory = mkdtempSync(join(tmpdir(), 'telltale-bench-kafka-'))
const environment = (topic: string) => ({
  TELLTALE_KAFKA_BROKERS: broker.brokers.join(),
  TELLTALE_KAFKA_TOPIC: topic,
  TELLTALE_KAFKA_GROUP: topic,
  TELLTALE_KAFKA_DLQ_TOPIC: `${topic}-dead`,
})
// As the Collector writes them: fields in descending order.
const templatesOf = (errors: number) =>
  Array.from({ length: TEMPLATES }, (_, i) =>
    renewable(
      otlpPayload({ spans: SPANS_A_MESSAGE, errors, order: 'descending', seed: i + 1, now: Date.now() }),
      true,
    ),
  )
const read = async (up: Up, name: string): Promise<number> => {
  const text = await (await fetch(`${up.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}

async function fill(on: OnBroker, topic: string, errors: number, messages: number): Promise<number> {
  const templates = templatesOf(errors)
  let bytes = 0
  for (let i = 0; i < messages; i++) {
    const value = Buffer.from(templates[i % TEMPLATES]!())
    bytes += value.length
    await on.producer.send({ topic, messages: [{ value, partition: i % PARTITIONS }] })
  }
  return bytes / messages / SPANS_A_MESSAGE
}

const stored: Record<string, string | number>[] = []
for (const { errors, messages } of SHARES) {
  const topic = await clients.topic(PARTITIONS)
  const bytes = await fill(clients, topic, errors, messages)
  const data = join(directory, topic)
  const up = await startUp(data, { env: environment(topic) })
  const pid = up.process.pid!
  const records = () => read(up, 'telltale_block_records_total')
  let most = 0
  const until = async (count: number) => {
    while ((await records()) < count) {
      most = Math.max(most, residentMegabytesOf(pid))
      // Asking costs the process a millisecond and more.
      await delay(250)
    }
  }
  await until(messages * WARM)
  const from = await records()
  const [cpu, started] = [cpuSecondsOf(pid), performance.now()]
  await until(messages)
  const spans = (messages - from) * SPANS_A_MESSAGE
  const seconds = (performance.now() - started) / 1000
  const used = cpuSecondsOf(pid) - cpu
  stored.push({
    errors: `${errors * 100} %`,
    'bytes a span': Math.round(bytes),
    'CPU-s per M spans': ((used / spans) * 1e6).toFixed(2),
    'spans a second': Math.round(spans / seconds),
    'resident MB, most': most,
  })
  up.process.kill('SIGKILL')
  rmSync(data, { recursive: true, force: true })
}
table('Kafka → rows in the store, engine included', stored)

const topic = await clients.topic(PARTITIONS)
const intake = await startUp(join(directory, 'intake'), { role: 'intake', env: environment(topic) })
const agent = new Agent({ keepAlive: true, maxSockets: EXPORTERS })
const templates = templatesOf(0.1)
const post = (body: Buffer) =>
  new Promise<number>((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length }
    const message = request(`${intake.otlpUrl}/v1/traces`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!))
    })
    message.on('error', reject).end(body)
  })
const sendAll = async (payloads: number) => {
  let next = 0
  await Promise.all(
    Array.from({ length: EXPORTERS }, async () => {
      while (next < payloads) {
        const body = Buffer.from(templates[next++ % TEMPLATES]!())
        while ((await post(body)) !== 200) await delay(200)
      }
    }),
  )
}
await sendAll(500)
const pid = intake.process.pid!
const [cpu, started] = [cpuSecondsOf(pid), performance.now()]
await sendAll(INTAKE_PAYLOADS)
const used = cpuSecondsOf(pid) - cpu
const spans = INTAKE_PAYLOADS * SPANS_A_MESSAGE
table('OTLP/HTTP → acknowledged by Kafka', [
  {
    'spans a payload': SPANS_A_MESSAGE,
    'spans per CPU-second': `${(spans / used / 1e6).toFixed(2)} M`,
    'spans a second': Math.round(spans / ((performance.now() - started) / 1000)),
    'resident MB': residentMegabytesOf(pid),
  },
])
intake.process.kill('SIGKILL')
agent.destroy()
await clients.close()
await broker.stop()
rmSync(directory, { recursive: true, force: true })
process.exit(0)
