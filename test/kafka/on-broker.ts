import { randomBytes } from 'node:crypto'
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs'
import { inject } from 'vitest'

process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1'

/** Why tests of Kafka are skipped where they are; a machine that builds releases must have a broker. */
export const NO_BROKER =
  'there is no Kafka broker: set TEST_KAFKA_BROKERS, or have Docker, or Java 17 and Maven'

export interface OnBroker {
  brokers: string[]
  kafka: Kafka
  admin: Admin
  producer: Producer
  /** A topic of its own; names are never used twice, for a producer forgets a deleted one badly. */
  topic(partitions?: number, config?: Record<string, string>): Promise<string>
  close(): Promise<void>
}

/** Null where there is none. */
export async function onBroker(): Promise<OnBroker | null> {
  const named = process.env.TEST_KAFKA_BROKERS?.split(',')
  const brokers = named ?? (await shared())
  if (brokers === null) {
    if (process.env.CI) throw new Error(NO_BROKER)
    return null
  }
  return clientsOf(brokers)
}

export async function clientsOf(brokers: string[]): Promise<OnBroker> {
  const kafka = new Kafka({
    brokers,
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 60, maxRetryTime: 250 },
  })
  const admin = kafka.admin()
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await Promise.all([admin.connect(), producer.connect()])
  return {
    brokers,
    kafka,
    admin,
    producer,
    async topic(partitions = 1, config = {}) {
      const topic = `t-${randomBytes(6).toString('hex')}`
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
      await admin.createTopics({
        topics: [{ topic, numPartitions: partitions, configEntries }],
        waitForLeaders: false,
      })
      // Not by kafkajs: it takes a busy broker that knows nothing of the topic yet for a failure.
      const deadline = performance.now() + 20_000
      while (!(await isLed(admin, topic, partitions)))
        if (performance.now() > deadline) throw new Error(`no leaders for the topic ${topic}`)
      // The first question about a group makes the broker's own topic for groups, and fails until that is there.
      while (!(await asksOfGroup(admin, topic)))
        if (performance.now() > deadline) throw new Error('the broker has no coordinator for groups')
      return topic
    },
    async close() {
      await Promise.all([admin.disconnect(), producer.disconnect()])
    },
  }
}

const isLed = (admin: Admin, topic: string, partitions: number): Promise<boolean> =>
  admin.fetchTopicMetadata({ topics: [topic] }).then(
    ({ topics: [found] }) =>
      found!.partitions.length === partitions && found!.partitions.every(({ leader }) => leader >= 0),
    () => false,
  )

const asksOfGroup = (admin: Admin, topic: string): Promise<boolean> =>
  admin.fetchOffsets({ groupId: 'warm', topics: [topic] }).then(
    () => true,
    () => false,
  )

async function shared(): Promise<string[] | null> {
  const response = await fetch(inject('kafka'))
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as string[] | null
}
