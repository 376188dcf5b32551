import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startUp, type Up } from '../e2e/up.ts'
import { startBroker } from '../kafka/broker.ts'
import { clientsOf, NO_BROKER } from '../kafka/on-broker.ts'
import { collectorSeconds } from './kafka-collector.ts'
import { fullTopic, PARTITIONS, payloads, SPANS_A_MESSAGE } from './kafka-topic.ts'
import { quantile, table } from './measure.ts'
import { otlpPayload } from './otlp-payload.ts'
import { cpuAtRest, cpuSecondsOf, pin, residentMegabytesOf } from './process-cost.ts'

// A real broker on one core, a real process on the other: Kafka → rows in the store, from a topic that is full, beside
// fetching alone and a Collector; OTLP → acknowledged by Kafka; and how long until it can be asked for.

const [BROKER_CORE, CORE] = [0, 1]
const EXPORTERS = 8
const INTAKE_PAYLOADS = 4_000
const LATENCY_CALLS = 120
const LATENCY_EVERY_MS = 250
/** After this part of the topic the process is warm. */
const WARM = 0.25
const SHARES = [
  { errors: 0.1, messages: 8_000 },
  { errors: 0.02, messages: 8_000 },
  { errors: 1, messages: 4_000 },
]
/** `kafka.ts 0.1 --cpu-prof`: one share alone, with flags for Node. */
const [only, ...nodeFlags] = process.argv.slice(2)

const broker = await startBroker()
if (broker === null) {
  console.error(NO_BROKER)
  process.exit(1)
}
if (broker.process !== null) pin(broker.process.pid!, BROKER_CORE)
pin(process.pid, BROKER_CORE)
const clients = await clientsOf(broker.brokers)
const directory = mkdtempSync(join(tmpdir(), 'telltale-bench-kafka-'))
const environment = (topic: string) => ({
  TELLTALE_KAFKA_BROKERS: broker.brokers.join(),
  TELLTALE_KAFKA_TOPIC: topic,
  TELLTALE_KAFKA_GROUP: topic,
  TELLTALE_KAFKA_DLQ_TOPIC: `${topic}-dead`,
})
async function start(topic: string, role?: string): Promise<Up> {
  const up = await startUp(join(directory, topic), { env: environment(topic), role, node: nodeFlags })
  pin(up.process.pid!, CORE)
  return up
}
const read = async (up: Up, name: string): Promise<number> => {
  const text = await (await fetch(`${up.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}
const perMillion = (cpuSeconds: number, spans: number) => Number(((cpuSeconds / spans) * 1e6).toFixed(2))

function fetchAlone(topic: string, messages: number) {
  const script = join(import.meta.dirname, 'kafka-fetch.ts')
  const flags = [
    '-c',
    String(CORE),
    process.execPath,
    script,
    broker!.brokers.join(),
    topic,
    String(messages),
  ]
  const said = JSON.parse(execFileSync('taskset', flags, { encoding: 'utf8' })) as Record<string, number>
  return perMillion(said.cpuSeconds!, said.messages! * SPANS_A_MESSAGE)
}

/** From spans that are decoded when the process is warm to the last one stored, and the merges after it. */
async function storing(topic: string, messages: number) {
  const up = await start(topic)
  const pid = up.process.pid!
  let most = 0
  const until = async (name: string, count: number) => {
    while ((await read(up, name)) < count) {
      most = Math.max(most, residentMegabytesOf(pid))
      // A look at the metrics costs milliseconds, which count.
      await delay(1_000)
    }
  }
  const all = messages * SPANS_A_MESSAGE
  await until('telltale_spans_total', all * WARM)
  const from = await read(up, 'telltale_spans_total')
  const [cpu, started] = [cpuSecondsOf(pid), performance.now()]
  await until('telltale_block_records_total', messages)
  const seconds = (performance.now() - started) / 1000
  const used = (await cpuAtRest([pid])) - cpu
  const blocks = await read(up, 'telltale_blocks_total')
  if (nodeFlags.length > 0) await up.stop()
  else up.process.kill('SIGKILL')
  return {
    'CPU-s per M spans': perMillion(used, all - from),
    'spans a second': Math.round((all - from) / seconds),
    blocks,
    'resident MB, most': most,
  }
}

const stored: Record<string, string | number>[] = []
for (const { errors, messages } of SHARES.filter((share) => !only || share.errors === Number(only))) {
  const { topic, spanBytes } = await fullTopic(clients, errors, messages)
  const fetching = fetchAlone(topic, messages)
  const ours = await storing(topic, messages)
  rmSync(join(directory, topic), { recursive: true, force: true })
  const spans = messages * SPANS_A_MESSAGE
  const theirs = only ? null : await collectorSeconds(broker.brokers, topic, spans, { core: CORE, directory })
  // Minutes pass between the rows.
  console.error(`${errors * 100} % errors done`)
  stored.push({
    errors: `${errors * 100} %`,
    'bytes a span': spanBytes,
    ...ours,
    'fetching alone': fetching,
    'a Collector, without the engine': theirs === null ? '–' : perMillion(theirs, spans),
  })
}
table('Kafka → rows in the store, engine included', stored)
if (!only) {
  table('OTLP/HTTP → acknowledged by Kafka', [await intake()])
  table('Sent → found by its request id, through Kafka, at low load', [await latency()])
}
await clients.close()
await broker.stop()
rmSync(directory, { recursive: true, force: true })
process.exit(0)

function post(to: Up, agent: Agent, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length }
    const message = request(`${to.otlpUrl}/v1/traces`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!))
    })
    message.on('error', reject).end(body)
  })
}

async function intake() {
  const up = await start(await clients.topic(PARTITIONS), 'intake')
  const agent = new Agent({ keepAlive: true, maxSockets: EXPORTERS })
  const payload = payloads(0.1)
  const sendAll = async (count: number) => {
    let next = 0
    await Promise.all(
      Array.from({ length: EXPORTERS }, async () => {
        while (next++ < count) {
          const body = payload()
          while ((await post(up, agent, body)) !== 200) await delay(200)
        }
      }),
    )
  }
  await sendAll(500)
  const pid = up.process.pid!
  const [cpu, started] = [cpuSecondsOf(pid), performance.now()]
  await sendAll(INTAKE_PAYLOADS)
  const used = cpuSecondsOf(pid) - cpu
  const spans = INTAKE_PAYLOADS * SPANS_A_MESSAGE
  const resident = residentMegabytesOf(pid)
  up.process.kill('SIGKILL')
  agent.destroy()
  return {
    'spans a payload': SPANS_A_MESSAGE,
    'spans per CPU-second': `${(spans / used / 1e6).toFixed(2)} M`,
    'spans a second': Math.round(spans / ((performance.now() - started) / 1000)),
    'resident MB': resident,
  }
}

async function latency() {
  const up = await start(await clients.topic(PARTITIONS))
  const agent = new Agent({ keepAlive: true })
  const found: number[] = []
  const one = async (number: number) => {
    const body = otlpPayload({ spans: 1, errors: 1, seed: 1_000 + number })
    const id = /req_[0-9a-f]{16}/.exec(body.toString('latin1'))![0]
    const began = performance.now()
    await post(up, agent, body)
    while ((await fetch(`${up.url}/api/v1/requests/${id}`)).status !== 200) await delay(20)
    found.push(performance.now() - began)
  }
  await one(0)
  found.length = 0
  const all: Promise<void>[] = []
  for (let i = 1; i <= LATENCY_CALLS; i++) {
    all.push(one(i))
    await delay(LATENCY_EVERY_MS)
  }
  await Promise.all(all)
  up.process.kill('SIGKILL')
  agent.destroy()
  return {
    calls: LATENCY_CALLS,
    'p50 ms': Math.round(quantile(found, 0.5)),
    'p99 ms': Math.round(quantile(found, 0.99)),
  }
}
