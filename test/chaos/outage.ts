import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Up } from '../e2e/up.ts'
import { audit } from './audit.ts'
import { auditTopic } from './audit-topic.ts'
import { type KafkaWorld, startKafkaWorld } from './kafka-world.ts'
import { generationsIn } from './kill-consumer-at.ts'
import { metricsOf } from './metrics-of.ts'
import { type PatientClients, patientClients } from './patient-clients.ts'

// npm run outage store|broker [MINUTES]: intake, a consumer, a broker and a store's server as processes, and clients
// that go on sending while one of the two is away for so long. Says every 30 s how the processes do; at the end every
// table is held against what was acknowledged, and the command exits with 1 when anything is off.

const PARTITIONS = 4
/** The default. */
const SESSION_MS = 10_000
/** A payload of 40 spans a second each: eight hundred calls a second. */
const CLIENTS = 20
/** Blocks wait up to five seconds to be filled; what is older is of the outage. */
const USUAL_LAG_S = 10
const SAMPLE_MS = 30_000
const CAUGHT_UP_MS = 10 * 60_000

const [what, minutes = '10'] = process.argv.slice(2)
if ((what !== 'store' && what !== 'broker') || !(Number(minutes) > 0)) {
  console.error('usage: npm run outage store|broker [MINUTES]')
  process.exit(2)
}
const directory = mkdtempSync(join(tmpdir(), 'telltale-outage-'))
const world = await startKafkaWorld(directory, { partitions: PARTITIONS, sessionMs: SESSION_MS })
if (world === null) {
  console.error('there is no Kafka broker that may be killed: this needs Docker, or Java 17 and Maven')
  process.exit(1)
}
const wrong = await outage(world, what, Number(minutes) * 60_000).finally(() => world.close())
for (const one of wrong) console.log(`WRONG ${one}`)
console.log(wrong.length === 0 ? 'every table agrees with what was acknowledged' : `kept: ${directory}`)
if (wrong.length === 0) rmSync(directory, { recursive: true })
process.exit(wrong.length === 0 ? 0 : 1)

async function outage(world: KafkaWorld, what: 'store' | 'broker', downMs: number): Promise<string[]> {
  const wrong: string[] = []
  const intake = await world.intake()
  const consumer = await world.consumer()
  const clients = patientClients(intake.otlpUrl, CLIENTS)
  const began = performance.now()
  const say = async (moment: string) => {
    const seconds = Math.round((performance.now() - began) / 1000)
    console.log(
      `${String(seconds).padStart(5)} s  ${moment.padEnd(12)}  ${await stateOf(consumer, intake, clients)}`,
    )
  }
  const reasons = new Set<string>()

  await delay(SAMPLE_MS)
  await say('before')
  const generations = generationsIn(consumer.said()).length
  let isBack = false
  const away = (what === 'store' ? world.killStore(downMs) : world.killBroker(downMs)).then(() => {
    isBack = true
  })
  for (;;) {
    await Promise.race([away, delay(SAMPLE_MS)])
    if (isBack) break
    await say(`${what} away`)
    for (const one of [consumer, intake])
      for (const reason of await reasonsOf(one))
        reasons.add(`${one === intake ? 'intake' : 'consumer'}: ${reason}`)
  }
  const returned = performance.now()
  for (const reason of reasons) console.log(`/readyz of ${reason}`)
  if (reasons.size === 0) wrong.push('no /readyz said anything')
  const joined = generationsIn(consumer.said()).length - generations
  console.log(`the consumer joined its group ${joined} times while the ${what} was away`)
  if (what === 'store' && joined > 0) wrong.push('its partitions were given to others although it lived')

  const acknowledged = clients.ledger.payloads
  for (
    let said = returned;
    (await oldestOf(consumer)) > USUAL_LAG_S || clients.ledger.payloads === acknowledged;
  ) {
    if (performance.now() - returned > CAUGHT_UP_MS) throw new Error(`not caught up:\n${consumer.said()}`)
    await delay(200)
    if (performance.now() - said < SAMPLE_MS) continue
    await say('catching up')
    said = performance.now()
  }
  const seconds = ((performance.now() - returned) / 1000).toFixed(1)
  console.log(`caught up ${seconds} s after the ${what} was back, while clients went on sending`)
  await say('caught up')
  await clients.end()
  while ((await lagOf(consumer)) > 0) await delay(200)
  await say('clients gone')
  for (const one of [intake, consumer]) {
    const code = await one.stop()
    if (code !== 0) wrong.push(`a process ended with ${code}`)
  }
  const { payloads, errors, calls } = clients.ledger
  console.log(`${payloads} payloads acknowledged, with ${errors} errors in ${calls} calls`)
  return [
    ...wrong,
    ...clients.wrong,
    ...(await audit(world.data, clients.ledger, world.url)),
    ...(await auditTopic(world.clients.kafka, world.topic, world)).differences,
  ]
}

async function stateOf(consumer: Up, intake: Up, clients: PatientClients): Promise<string> {
  const [consuming, taking] = await Promise.all([metricsOf(consumer), metricsOf(intake)])
  const mega = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  return [
    `consumer ${mega(residentOf(consumer))}`,
    `queue ${mega(consuming('telltale_kafka_queue_bytes'))}`,
    `lag ${consuming('telltale_kafka_lag_records')} records, ${Math.round(consuming('telltale_kafka_lag_seconds', (a, b) => Math.max(a, b)))} s`,
    `stuck ${consuming('telltale_blocks_stuck')}`,
    `intake ${mega(residentOf(intake))}`,
    `pending ${mega(taking('telltale_kafka_pending_bytes'))}`,
    `answers ${[...clients.answers].map(([status, count]) => `${status}: ${count}`).join(', ')}`,
  ].join(' · ')
}

async function oldestOf(consumer: Up): Promise<number> {
  return (await metricsOf(consumer))('telltale_kafka_lag_seconds', (a, b) => Math.max(a, b))
}

async function lagOf(consumer: Up): Promise<number> {
  return (await metricsOf(consumer))('telltale_kafka_lag_records')
}

async function reasonsOf({ url }: Up): Promise<string[]> {
  const answer = await fetch(`${url}/readyz`)
  if (answer.ok) return []
  const { error } = (await answer.json()) as { error: { details: { checks: { reason?: string }[] } } }
  return error.details.checks.flatMap(({ reason }) => reason ?? [])
}

/** As the kernel counts it. */
function residentOf({ process: { pid } }: Up): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
}
