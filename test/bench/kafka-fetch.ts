import kafkajs from 'kafkajs'
import { registerCodecs } from '../../services/transport/kafka/codecs.ts'

// `kafka-fetch.ts BROKERS TOPIC MESSAGES`: reads a topic and does nothing with it, as the consumer would fetch it.
// Says the CPU seconds that it took once the first quarter had come.

const [brokers, topic, count] = process.argv.slice(2) as [string, string, string]
registerCodecs()
const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING })
const consumer = kafka.consumer({
  groupId: `fetch-${topic}`,
  maxWaitTimeInMs: 250,
  maxBytesPerPartition: 4 << 20,
  maxBytes: 16 << 20,
})
const messages = Number(count)
let seen = 0
let from: { seen: number; cpu: NodeJS.CpuUsage } | null = null
await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch }) => {
    seen += batch.messages.length
    if (from === null && seen >= messages / 4) from = { seen, cpu: process.cpuUsage() }
    if (seen < messages) return
    const { user, system } = process.cpuUsage(from!.cpu)
    const resident = Math.round(process.memoryUsage.rss() / 2 ** 20)
    console.log(JSON.stringify({ messages: seen - from!.seen, cpuSeconds: (user + system) / 1e6, resident }))
    process.exit(0)
  },
})
