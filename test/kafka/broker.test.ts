import { afterAll, expect, test } from 'vitest'
import { NO_BROKER, onBroker } from './on-broker.ts'

const broker = await onBroker()
afterAll(() => broker?.close())

test('what a topic is given, it gives back', async ({ skip }) => {
  skip(broker === null, NO_BROKER)
  const topic = await broker!.topic(2)
  await broker!.producer.send({ topic, messages: [{ value: 'a', partition: 1 }] })
  const offsets = await broker!.admin.fetchTopicOffsets(topic)
  expect(offsets.map(({ partition, high }) => [partition, high]).sort()).toEqual([
    [0, '0'],
    [1, '1'],
  ])
})
