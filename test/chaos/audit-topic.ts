import type { Kafka } from 'kafkajs'
import { openStore } from '../../services/store/connect/open.ts'
import { registerCodecs } from '../../services/transport/kafka/codecs.ts'
import { ExportTraceServiceRequest } from '../otlp-proto.ts'

interface Span {
  attributes: { key: string }[]
}
interface Held {
  errors: number
  calls: number
}

/**
 * Reads a topic from its first record to its last with another decoder than the product's, leaves out what was sent
 * again, and holds each partition against the rows that say they came from it.
 */
export async function auditTopic(
  kafka: Kafka,
  topic: string,
  { data, url }: { data: string; url: string },
): Promise<{ differences: string[]; resends: number }> {
  const { held, resends } = await read(kafka, topic)
  const clickhouse = { database: 'telltale', user: '', password: '', url }
  const store = await openStore({ data, memoryBytes: 1e9, clickhouse })
  const differences: string[] = []
  try {
    for (const [partition, { errors, calls }] of held) {
      const of = `startsWith(origin, 'kafka:${topic}:${partition}:')`
      const ask = async (sql: string) => Number((await store.reader.query(sql))[0]?.n)
      const rows = await ask(`SELECT count() AS n FROM errors WHERE ${of}`)
      const places = await ask(
        `SELECT uniqExact(origin, origin_offset, origin_index) AS n FROM errors WHERE ${of}`,
      )
      const counted = await ask(`SELECT sum(calls) AS n FROM traffic WHERE ${of}`)
      if (rows !== errors) differences.push(`partition ${partition}: ${rows} errors instead of ${errors}`)
      if (places !== rows) differences.push(`partition ${partition}: ${rows} errors from ${places} places`)
      if (counted !== calls) differences.push(`partition ${partition}: ${counted} calls instead of ${calls}`)
    }
  } finally {
    await store.close()
  }
  return { differences, resends }
}

async function read(kafka: Kafka, topic: string): Promise<{ held: Map<number, Held>; resends: number }> {
  registerCodecs()
  const admin = kafka.admin()
  await admin.connect()
  const ends = new Map(
    (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]),
  )
  await admin.disconnect()
  const held = new Map([...ends.keys()].map((partition) => [partition, { errors: 0, calls: 0 }]))
  const left = new Set([...ends].filter(([, end]) => end > 0).map(([partition]) => partition))
  const known = new Set<string>()
  let resends = 0

  const consumer = kafka.consumer({ groupId: `audit-${topic}`, allowAutoTopicCreation: false })
  const all = Promise.withResolvers<void>()
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) {
        const hash = key!.toString('hex')
        if (known.has(hash)) resends++
        else add(held.get(batch.partition)!, value!)
        known.add(hash)
      }
      if (Number(batch.lastOffset()) + 1 >= ends.get(batch.partition)!) left.delete(batch.partition)
      if (left.size === 0) all.resolve()
    },
  })
  if (left.size > 0) await all.promise
  await consumer.disconnect()
  return { held, resends }
}

function add(to: Held, payload: Buffer): void {
  const { resourceSpans } = ExportTraceServiceRequest.decode(payload) as unknown as {
    resourceSpans: { scopeSpans: { spans: Span[] }[] }[]
  }
  for (const { scopeSpans } of resourceSpans)
    for (const { spans } of scopeSpans)
      for (const { attributes } of spans) {
        to.calls++
        if (attributes.some(({ key }) => key === 'api.error.code')) to.errors++
      }
}
