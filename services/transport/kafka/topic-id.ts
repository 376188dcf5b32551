import { createRequire } from 'node:module'
import type { Kafka } from 'kafkajs'

// Which life of a topic this is: Kafka gives a topic an id when it is made, so one that was deleted and made again has
// another. kafkajs asks for metadata in a version before that, so this asks by itself, through kafkajs' connection.

interface Entry {
  request: { apiKey: number; apiVersion: number; apiName: string; encode: () => Promise<unknown> }
  response: { decode: (bytes: Buffer) => Promise<Answer>; parse: (answer: Answer) => Promise<Answer> }
}
interface Answer {
  error: number
  id: string
}
interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  brokerPool: {
    findConnectedBroker(): Promise<{ connectionPool: { send(entry: Entry): Promise<Answer> } }>
    versions: Record<number, { maxVersion: number }>
  }
}

const METADATA = 3
/** The first that asks by name and answers ids as we read them. */
const VERSION = 12
const UUID_BYTES = 16

/** As hex; null where the brokers are from before topics had ids (2.8), or the topic does not exist. */
export async function topicId(kafka: Kafka, topic: string): Promise<string | null> {
  const cluster = clusterOf(kafka)
  await cluster.connect()
  try {
    const broker = await cluster.brokerPool.findConnectedBroker()
    if ((cluster.brokerPool.versions[METADATA]?.maxVersion ?? 0) < VERSION) return null
    const { error, id } = await broker.connectionPool.send(question(topic))
    return error !== 0 || /^0+$/.test(id) ? null : id
  } finally {
    await cluster.disconnect()
  }
}

const require = createRequire(import.meta.url)

function clusterOf(kafka: Kafka): Cluster {
  const all = kafka as unknown as Record<symbol, (options: object) => Cluster>
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  )
  // The version of kafkajs is pinned, and a test asks for an id.
  if (symbol === undefined) throw new Error('this is another kafkajs than the one that topic-id.ts knows')
  return all[symbol]!({ allowAutoTopicCreation: false })
}

function question(topic: string): Entry {
  const name = Buffer.from(topic)
  const body = Buffer.concat([
    Buffer.from([0]), // no tags in the header
    Buffer.from([2]), // one topic
    Buffer.alloc(UUID_BYTES), // by its name
    varint(name.length + 1),
    name,
    Buffer.from([0, 0, 0, 0]), // no tags; do not create it; no list of permissions; no tags
  ])
  return {
    request: {
      apiKey: METADATA,
      apiVersion: VERSION,
      apiName: 'Metadata',
      encode: async () => {
        const Encoder = require('kafkajs/src/protocol/encoder') as new () => {
          writeBuffer(b: Buffer): unknown
        }
        return new Encoder().writeBuffer(body)
      },
    },
    response: { decode: async (bytes) => read(bytes), parse: async (answer) => answer },
  }
}

/** Up to the id of the first topic; what follows is not asked for. */
function read(bytes: Buffer): Answer {
  let at = 1 + 4 // no tags in the header; throttle time
  const number = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes.readUInt8(at++)
      value |= (byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const text = () => {
    const length = number() - 1
    at += Math.max(0, length)
  }
  for (let brokers = number() - 1; brokers > 0; brokers--) {
    at += 4
    text()
    at += 4
    text()
    at += 1
  }
  text()
  at += 4
  number()
  const error = bytes.readInt16BE(at)
  at += 2
  text()
  return { error, id: bytes.toString('hex', at, at + UUID_BYTES) }
}

const varint = (value: number): Buffer =>
  value < 128 ? Buffer.from([value]) : Buffer.from([(value & 127) | 128, value >> 7])
