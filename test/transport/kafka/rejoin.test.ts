import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { startBroker } from '../../kafka/broker.ts'
import { clientsOf, NO_BROKER } from '../../kafka/on-broker.ts'
import { kafkaPartitions } from './partitions.ts'

// A broker that is killed: none that others use.
const broker = await startBroker()
const clients = broker && (await clientsOf(broker.brokers))
beforeEach(({ skip }) => skip(broker === null, NO_BROKER))
afterAll(async () => {
  await clients?.close()
  await broker?.stop()
})

const until = async (condition: () => boolean, what: string, said = () => '') => {
  const deadline = performance.now() + 20_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within 20 s: ${what} ${said()}`)
    await delay(20)
  }
}

test('a consumer whose broker dies while it joins the group again is a member soon after the broker is back', async () => {
  const topic = await clients!.topic(2)
  const input = kafkaPartitions({ brokers: broker!.brokers, topic, sessionMs: 1_500 })
  await input.partition(1)
  // Another member, which holds the group up: it does not join again while it is at work on a message. The broker, when
  // it is back, waits for it as long as its session.
  const held = Promise.withResolvers<void>()
  const working = Promise.withResolvers<void>()
  const other = clients!.kafka.consumer({
    groupId: `g-${topic}`,
    sessionTimeout: 6_000,
    maxWaitTimeInMs: 100,
  })
  await other.connect()
  await other.subscribe({ topics: [topic], fromBeginning: true })
  await other.run({
    autoCommit: false,
    eachBatch: () => {
      working.resolve()
      return held.promise
    },
  })
  await clients!.producer.send({ topic, messages: [0, 1].map((partition) => ({ value: 'a', partition })) })
  await working.promise
  await until(() => input.handed.some((one) => one.isOwned()), 'both are members')
  // As after a long stop of the process; the broker has forgotten it.
  const stop = performance.now() + 2_200
  while (performance.now() < stop);
  await until(() => !input.stats().isJoined, 'it joins again')
  await broker!.restart('SIGKILL')
  held.resolve()
  await other.disconnect()
  const isMember = () => {
    const { isJoined, partitions, problem } = input.stats()
    return isJoined && partitions === 2 && problem === null
  }
  await until(isMember, 'it is a member again', () => JSON.stringify([input.stats(), input.notices]))
  for (const partition of [0, 1]) expect((await input.partition(partition)).isOwned()).toBe(true)
  await input.close()
})
