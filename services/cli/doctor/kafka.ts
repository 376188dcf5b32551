import type { Config } from '../../config.ts'
import { errorOf } from '../../contract/thrown.ts'
import { counted } from '../text/numbers.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Are the brokers there, do they let us in, is there the topic? */
export async function checkKafka({ kafka }: Config): Promise<Finding[]> {
  const { brokers, topic } = kafka
  if (brokers.length === 0) return []
  try {
    // Here, not above: who has no Kafka need not wait for its client.
    const { createClient } = await import('../../transport/kafka/client.ts')
    const { clientOptions } = await import('../../transport/kafka/settings.ts')
    const admin = createClient(await clientOptions(kafka, () => {})).admin({ retry: { retries: 1 } })
    try {
      await admin.connect()
      const topics = await admin.listTopics()
      if (!topics.includes(topic))
        return [
          warn(
            'kafka',
            `${brokers.join()} has no topic ${topic}`,
            `Create it, with as many partitions as there may be consumers, or set kafka.topic.`,
          ),
        ]
      const { topics: described } = await admin.fetchTopicMetadata({ topics: [topic] })
      return [ok('kafka', `${topic} has ${counted(described[0]?.partitions.length ?? 0, 'partition')}`)]
    } finally {
      await admin.disconnect().catch(() => {})
    }
  } catch (thrown) {
    const found = `${brokers.join()} cannot be used: ${errorOf(thrown).message}`
    return [fail('kafka', found, 'Look at the addresses, TLS and SASL settings, and at the brokers.')]
  }
}
