import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { startUp, type Up } from '../e2e/up.ts'
import { startBroker } from '../kafka/broker.ts'
import { clientsOf } from '../kafka/on-broker.ts'

// Kafka's shape as processes, each of which can be killed: a broker, a store's server, intake, consumers.

const FACE = join(import.meta.dirname, 'face-child.ts')
const KILL_CONSUMER_AT = join(import.meta.dirname, 'kill-consumer-at.ts')
/** What starts while the store's server is away ends at once; whoever looks after it starts it again. */
const START_MS = 60_000

export type KafkaWorld = NonNullable<Awaited<ReturnType<typeof startKafkaWorld>>>

/** Null where there is no broker that may be killed. */
export async function startKafkaWorld(
  directory: string,
  { partitions, sessionMs }: { partitions: number; sessionMs: number },
) {
  const broker = await startBroker()
  if (broker === null) return null
  const clients = await clientsOf(broker.brokers)
  const topic = await clients.topic(partitions)
  const letters = await clients.topic(1)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const data = join(directory, 'data')
  const kafka = {
    TELLTALE_KAFKA_BROKERS: broker.brokers.join(),
    TELLTALE_KAFKA_TOPIC: topic,
    TELLTALE_KAFKA_GROUP: topic,
    TELLTALE_KAFKA_DLQ_TOPIC: letters,
    TELLTALE_KAFKA_SESSION_MS: String(sessionMs),
  }
  const everything = new Set<Up>()
  const start = async (role: 'up' | 'intake' | 'consume', env: NodeJS.ProcessEnv = {}) => {
    const up = await startUp(data, {
      role,
      env: { ...kafka, ...(role === 'intake' ? {} : { TELLTALE_CLICKHOUSE_URL: url }), ...env },
      node: role === 'consume' ? ['--import', KILL_CONSUMER_AT] : [],
    })
    everything.add(up)
    return up
  }

  let face = await startFace(directory, port)
  // It makes the schema.
  const first = await start('up')
  if ((await first.stop()) !== 0) throw new Error(first.said())

  return {
    broker,
    clients,
    topic,
    url,
    data,
    intake: () => start('intake'),
    /** `killAt`: see kill-consumer-at.ts. Tried again while it cannot start and did not strike. */
    async consumer(killAt = '', struck = (_said: string) => false): Promise<Up> {
      const deadline = performance.now() + START_MS
      for (;;) {
        try {
          return await start('consume', { KILL_AT: killAt })
        } catch (error) {
          if (struck(String(error)) || performance.now() > deadline) throw error
          await delay(200)
        }
      }
    },
    async killStore(downMs = 0): Promise<void> {
      await kill(face, 'the store’s server')
      await delay(downMs)
      face = await startFace(directory, port)
    },
    async killBroker(downMs = 0): Promise<void> {
      const victim = broker.process
      if (victim !== null) requireAlive(victim, 'the broker')
      await broker.restart('SIGKILL', downMs)
      if (victim !== null) requireKilled(victim, 'the broker')
    },
    everything,
    async close(): Promise<void> {
      for (const one of everything) one.process.kill('SIGKILL')
      face.kill('SIGKILL')
      await clients.close().catch(() => {})
      await broker.stop()
    },
  }
}

/** A kill counts when somebody was alive before it and is dead of nothing else after it. */
export async function kill(victim: ChildProcess, name: string): Promise<void> {
  requireAlive(victim, name)
  const gone = once(victim, 'close')
  victim.kill('SIGKILL')
  await gone
  requireKilled(victim, name)
}

function requireAlive({ exitCode, signalCode }: ChildProcess, name: string): void {
  if (exitCode !== null || signalCode !== null)
    throw new Error(`${name} was to be killed, but had ended before with ${exitCode ?? signalCode}`)
}

export function requireKilled({ exitCode, signalCode }: ChildProcess, name: string): void {
  if (signalCode !== 'SIGKILL')
    throw new Error(`${name} was to be killed, but ended with ${exitCode ?? signalCode}`)
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
