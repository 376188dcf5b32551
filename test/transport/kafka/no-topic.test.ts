import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { openSender } from '../../../services/transport/kafka/sender.ts'
import { NO_BROKER, onBroker } from '../../kafka/on-broker.ts'
import { kafkaPartitions } from './partitions.ts'

const broker = await onBroker()
afterAll(() => broker?.close())

test('a topic that is not there is said once, with what to do, and consumed when it is made', async ({
  skip,
}) => {
  skip(broker === null, NO_BROKER)
  const topic = `made-later-${randomBytes(4).toString('hex')}`
  const input = kafkaPartitions({ brokers: broker!.brokers, topic })
  try {
    const said = () => input.notices.map(({ message }) => message).filter((message) => message !== 'Kafka')
    const missing = expect.stringMatching(/^there is no topic made-later.* make it .*kafka\.topic/)
    await expect.poll(said, { timeout: 20_000 }).toContainEqual(missing)
    expect(input.stats().problem).toEqual(missing)
    await broker!.admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
    await input.partition(0)
    await expect.poll(() => input.stats().problem, { timeout: 20_000 }).toBeNull()
    // It was tried more than once until then.
    expect(said().filter((message, i, all) => message === all[i - 1])).toEqual([])
  } finally {
    await input.close()
  }
})

test('whoever writes to a topic that is not there makes it, and says so once', async ({ skip }) => {
  skip(broker === null, NO_BROKER)
  const topic = `made-by-writing-${randomBytes(4).toString('hex')}`
  const said: string[] = []
  const write = async () => {
    const sender = openSender({
      brokers: broker!.brokers,
      tls: null,
      sasl: null,
      topic,
      notice: (message) => said.push(message),
    })
    const message = { key: Buffer.from('k'), value: Buffer.from('v'), headers: {} }
    await expect.poll(() => sender.append(message), { timeout: 20_000 }).toMatchObject({ status: 'done' })
    await sender.close()
  }
  await write()
  await write()
  expect(said.filter((message) => message !== 'Kafka')).toEqual([
    expect.stringMatching(`^there was no topic ${topic}: it is made`),
  ])
})
