import kafkajs, { type Kafka, type Producer } from 'kafkajs'
import type { Appended } from '../../contract/accepted.ts'
import type { Notice } from '../../contract/notice.ts'
import { errorOf } from '../../contract/thrown.ts'
import { type ClientOptions, createClient } from './client.ts'
import { Outgoing, produceInPieces } from './produce.ts'
import type { OutMessage } from './record-batch.ts'

export interface SenderOptions extends ClientOptions {
  topic: string
  /** Of payloads that are not acknowledged yet; beyond it `append` answers "retry". */
  maxPendingBytes?: number
  /** How long an append may wait for Kafka; less than an exporter waits for us. */
  patienceMs?: number
}

export interface SenderStats {
  problem: string | null
  pendingBytes: number
  messages: number
  bytes: number
  failures: number
}

export interface Sender {
  /** Answers when all in-sync replicas have it; the buffers must stay until then. */
  append(message: OutMessage): Promise<Appended>
  stats(): SenderStats
  /** Sends what is waiting; what comes after is answered "retry". */
  close(): Promise<void>
}

/**
 * What the broker takes by default is 1,048,588 bytes of one batch for one partition, with some of them for headers:
 * so much goes into one request, and a message must be smaller.
 */
export const MESSAGE_BYTES = 1_000_000
const OVERHEAD_BYTES = 200
const MAX_PENDING_BYTES = 64 << 20
const PATIENCE_MS = 8_000
/** After a failure nobody waits for the next one for so long. */
const PAUSE_MS = 1_000

interface Waiting {
  message: Outgoing
  bytes: number
  answer: (appended: Appended) => void
}

const STORED: Appended = Object.freeze({ status: 'done', duplicate: false })
const retry = (error: Error): Appended => ({ status: 'retry', error })

/** With the broker's own defaults; where this user may not, somebody else has to. */
async function createIfMissing(kafka: Kafka, topic: string, notice: Notice): Promise<void> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    if (await admin.createTopics({ topics: [{ topic }] }))
      notice(
        `there was no topic ${topic}: it is made, as the broker makes topics; if its name is mistyped, nobody reads it`,
        { topic },
      )
  } catch {
    // What is wrong shows when it is written to.
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

/** Writes messages to a topic, as many as fit with one request, one request at a time. */
export function openSender(options: SenderOptions): Sender {
  const { topic, maxPendingBytes = MAX_PENDING_BYTES, patienceMs = PATIENCE_MS } = options
  produceInPieces()
  const kafka = createClient(options)
  const waiting: Waiting[] = []
  const stats: SenderStats = { problem: null, pendingBytes: 0, messages: 0, bytes: 0, failures: 0 }
  let producer: Producer | null = null
  let pausedUntil = Number.NEGATIVE_INFINITY
  let running: Promise<void> | null = null
  let closed = false

  async function connected(): Promise<Producer> {
    if (producer !== null) return producer
    const fresh = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: true,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
    })
    await fresh.connect()
    await createIfMissing(kafka, topic, options.notice)
    producer = fresh
    return fresh
  }

  async function send(group: Waiting[]): Promise<void> {
    const messages = group.map(({ message }) => message)
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error('Kafka does not answer')), patienceMs)
    try {
      await Promise.race([connected().then((one) => one.send({ topic, messages, acks: -1 })), late.promise])
      stats.messages += messages.length
      stats.bytes += group.reduce((sum, { bytes }) => sum + bytes, 0)
      stats.problem = null
      for (const { answer } of group) answer(STORED)
    } catch (thrown) {
      const error = errorOf(thrown)
      stats.failures++
      for (const message of messages) message.isGivenUp = true
      stats.problem = error.message
      pausedUntil = performance.now() + PAUSE_MS
      // What an idempotent producer thinks of its sequence may be wrong now. Whatever was written nevertheless and
      // comes again is known by its hash.
      const broken = producer
      producer = null
      void broken?.disconnect().catch(() => {})
      for (const { answer } of group) answer(retry(error))
    } finally {
      clearTimeout(timer)
      for (const { bytes } of group) stats.pendingBytes -= bytes
    }
  }

  async function run(): Promise<void> {
    // What comes in the same turn goes together.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      let bytes = 0
      let count = 0
      while (count < waiting.length && (count === 0 || bytes + waiting[count]!.bytes <= MESSAGE_BYTES))
        bytes += waiting[count++]!.bytes
      await send(waiting.splice(0, count))
    }
    running = null
  }

  return {
    append(message) {
      if (closed) return Promise.resolve(retry(new Error('Kafka is not written to any more')))
      const bytes = message.value.length + OVERHEAD_BYTES
      if (stats.pendingBytes > 0 && stats.pendingBytes + bytes > maxPendingBytes)
        return Promise.resolve(retry(new Error('too much is waiting to be written to Kafka')))
      if (stats.problem !== null && performance.now() < pausedUntil)
        return Promise.resolve(retry(new Error(stats.problem)))
      stats.pendingBytes += bytes
      return new Promise((answer) => {
        waiting.push({ message: new Outgoing(message), bytes, answer })
        running ??= run()
      })
    },
    stats: () => ({ ...stats }),
    async close() {
      closed = true
      await running
      await producer?.disconnect().catch(() => {})
    },
  }
}
