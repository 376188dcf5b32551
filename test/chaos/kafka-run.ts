import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { startUp, type Up } from '../e2e/up.ts'
import { startBroker } from '../kafka/broker.ts'
import { clientsOf } from '../kafka/on-broker.ts'
import { audit } from './audit.ts'
import { keepSending, nothingSent } from './sender.ts'

const FACE = join(import.meta.dirname, 'face-child.ts')
const PARTITIONS = 4
const SENDERS = 6
const CONSUMERS = 2
/** Long enough for some blocks, short enough for many kills. */
const LONGEST_LIFE_MS = 2_000
const CAUGHT_UP_MS = 120_000
const SESSION_MS = 2_000

/** What happens to whom, by turns: the first six once each. */
export const TURNS = [
  'kill a consumer',
  'kill the broker',
  'add a consumer',
  'kill the store',
  'kill intake',
  'remove a consumer',
  'kill a consumer',
  'kill a consumer',
] as const
/** After so many each has had its turn. */
export const EACH_ONCE = new Set(TURNS).size

export interface KafkaReport {
  turns: Map<string, number>
  payloads: number
  errors: number
  calls: number
  rebalances: number
  mended: number
  differences: string[]
}

/**
 * Intake, consumers, a broker and a store's server, each a process; in turn one is killed with SIGKILL, or a consumer is
 * added or stopped, while clients send each payload until it is acknowledged. Then every table is held against what
 * was acknowledged. Null where there is no broker that may be killed.
 */
export async function chaosOnKafka(
  directory: string,
  count: number,
  progress: (line: string) => void = () => {},
): Promise<KafkaReport | null> {
  const broker = await startBroker()
  if (broker === null) return null
  const clients = await clientsOf(broker.brokers)
  const topic = await clients.topic(PARTITIONS)
  const letters = await clients.topic(1)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const kafka = {
    TELLTALE_KAFKA_BROKERS: broker.brokers.join(),
    TELLTALE_KAFKA_TOPIC: topic,
    TELLTALE_KAFKA_GROUP: topic,
    TELLTALE_KAFKA_DLQ_TOPIC: letters,
    TELLTALE_KAFKA_SESSION_MS: String(SESSION_MS),
  }
  const data = join(directory, 'data')
  const report = { turns: new Map<string, number>(), rebalances: 0, mended: 0 }
  const everything = new Set<Up>()
  const start = async (role: string, env: NodeJS.ProcessEnv) => {
    const up = await startUp(data, { role, env })
    everything.add(up)
    return up
  }
  const consume = () => start('consume', { ...kafka, TELLTALE_CLICKHOUSE_URL: url })

  let face = await startFace(directory, port)
  const first = await start('up', { ...kafka, TELLTALE_CLICKHOUSE_URL: url })
  if ((await first.stop()) !== 0) throw new Error(first.said())
  let intake: Up | null = await start('intake', kafka)
  const consumers: Up[] = []
  while (consumers.length < CONSUMERS) consumers.push(await consume())

  const ledger = nothingSent()
  let enough = false
  const sending = Promise.all(
    Array.from({ length: SENDERS }, () =>
      keepSending(
        () => intake?.otlpUrl ?? null,
        () => enough,
        ledger,
      ),
    ),
  )
  sending.catch(() => {})

  const kill = async (up: Up) => {
    const gone = once(up.process, 'exit')
    up.process.kill('SIGKILL')
    await gone
  }
  const someConsumer = () => Math.floor(Math.random() * consumers.length)
  const act: Record<(typeof TURNS)[number], () => Promise<unknown>> = {
    async 'kill a consumer'() {
      const [one] = consumers.splice(someConsumer(), 1)
      await kill(one!)
      consumers.push(await consume())
    },
    async 'add a consumer'() {
      consumers.push(await consume())
    },
    async 'remove a consumer'() {
      const [one] = consumers.splice(someConsumer(), 1)
      const code = await one!.stop()
      if (code !== 0) throw new Error(`a consumer ended with ${code}:\n${one!.said()}`)
    },
    'kill the broker': () => broker.restart('SIGKILL'),
    async 'kill the store'() {
      const gone = once(face, 'exit')
      face.kill('SIGKILL')
      await gone
      face = await startFace(directory, port)
    },
    async 'kill intake'() {
      const before = intake!
      intake = null
      await kill(before)
      intake = await start('intake', kafka)
    },
  }

  try {
    for (let turn = 0; turn < count; turn++) {
      await delay(Math.random() * LONGEST_LIFE_MS)
      const what = TURNS[turn % TURNS.length]!
      report.turns.set(what, (report.turns.get(what) ?? 0) + 1)
      await act[what]()
      progress(`${turn + 1}/${count} ${what}; ${ledger.payloads} payloads acknowledged`)
    }
    enough = true
    await sending
    await caughtUp(consumers)
    for (const one of consumers) {
      const said = await (await fetch(`${one.url}/metrics`)).text()
      report.rebalances += Number(/^telltale_kafka_rebalances_total (\d+)$/m.exec(said)?.[1] ?? 0)
    }
    for (const one of [intake!, ...consumers]) {
      const code = await one.stop()
      if (code !== 0) throw new Error(`a process ended with ${code}:\n${one.said()}`)
    }
    for (const one of everything) report.mended += one.said().split('mended what').length - 1
    const { payloads, errors, calls } = ledger
    return { ...report, payloads, errors, calls, differences: await audit(data, ledger, url) }
  } finally {
    enough = true
    for (const one of everything) one.process.kill('SIGKILL')
    face.kill('SIGKILL')
    await clients.close().catch(() => {})
    await broker.stop()
  }
}

async function caughtUp(consumers: Up[]): Promise<void> {
  const deadline = performance.now() + CAUGHT_UP_MS
  for (;;) {
    const states = await Promise.all(consumers.map(stateOf))
    const partitions = states.reduce((sum, state) => sum + state.partitions, 0)
    if (partitions === PARTITIONS && states.every(({ isReady, lag }) => isReady && lag === 0)) return
    if (performance.now() > deadline)
      throw new Error(
        `not caught up: ${JSON.stringify(states)}\n${consumers.map((one) => one.said()).join('\n')}`,
      )
    await delay(200)
  }
}

async function stateOf({ url }: Up): Promise<{ isReady: boolean; lag: number; partitions: number }> {
  const ready = await fetch(`${url}/readyz`)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const lags = [...metrics.matchAll(/^telltale_kafka_lag_records\{.*\} (\d+)$/gm)]
  return {
    isReady: ready.ok,
    lag: lags.reduce((sum, [, n]) => sum + Number(n), 0),
    partitions: Number(/^telltale_kafka_partitions (\d+)$/m.exec(metrics)?.[1] ?? 0),
  }
}

async function startFace(directory: string, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [FACE, join(directory, 'store'), String(port)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await Promise.race([
    once(createInterface(child.stdout!), 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the store's server ended with ${code}`)
    }),
  ])
  return child
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
