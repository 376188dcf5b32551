import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Partition } from '../../../services/transport/kafka/partition.ts'
import { HASH_HEADER } from '../../../services/transport/kafka/payload-hash.ts'
import { NO_BROKER, onBroker } from '../../kafka/on-broker.ts'
import { kafkaPartitions } from './partitions.ts'

const broker = await onBroker()
const opened: { close(): Promise<void> }[] = []
const open = (topic: string, more: Partial<Parameters<typeof kafkaPartitions>[0]> = {}) => {
  const input = kafkaPartitions({ brokers: broker!.brokers, topic, ...more })
  opened.push(input)
  return input
}
beforeEach(({ skip }) => skip(broker === null, NO_BROKER))
afterAll(async () => {
  for (const input of opened) await input.close()
  await broker?.close()
})

const until = async (condition: () => boolean, what: string) => {
  const deadline = performance.now() + 20_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within 20 s: ${what}`)
    await delay(20)
  }
}
const next = async ({ source }: Partition, from: number) => {
  await source.wait(from, AbortSignal.timeout(15_000))
  const [record] = await source.read(from, 1)
  if (record === undefined) throw new Error(`nothing from ${from} on`)
  return record
}
const send = (
  topic: string,
  ...messages: { value: string | Buffer; partition?: number; headers?: object }[]
) => broker!.producer.send({ topic, messages: messages as kafkajs.Message[] })

test('every compression that Kafka knows is read, and messages of several megabytes', async () => {
  const topic = await broker!.topic(1, { 'max.message.bytes': '8000000' })
  const input = open(topic)
  const partition = await input.partition(0)
  const { CompressionTypes } = kafkajs
  const types = [
    CompressionTypes.None,
    CompressionTypes.GZIP,
    CompressionTypes.Snappy,
    CompressionTypes.LZ4,
    CompressionTypes.ZSTD,
  ]
  // Compresses well, and is not the same everywhere.
  const values = types.map((_, i) => Buffer.from(`${i} `.repeat(2_000_000 + i)))
  for (const [i, compression] of types.entries())
    await broker!.producer.send({ topic, compression, messages: [{ value: values[i]! }] })
  // On the wire the first is 4 MB; in Kafka's limit are the others by far.
  for (const [offset, value] of values.entries()) {
    const { record } = await next(partition, offset)
    expect(record.equals(value)).toBe(true)
  }
})

test('offsets that hold no record are passed over: ends of transactions, and those that were aborted', async () => {
  const topic = await broker!.topic(1)
  const partition = await open(topic).partition(0)
  const producer = broker!.kafka.producer({
    transactionalId: topic,
    maxInFlightRequests: 1,
    idempotent: true,
  })
  await producer.connect()
  for (const [value, end] of [
    ['a', 'commit'],
    ['b', 'abort'],
    ['c', 'commit'],
  ] as const) {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ value }] })
    await transaction[end]()
  }
  await producer.disconnect()
  await send(topic, { value: 'd' })
  const seen: [number, string][] = []
  for (let from = 0; from < 7; from = seen.at(-1)![0] + 1) {
    const { offset, record } = await next(partition, from)
    seen.push([offset, String(record)])
  }
  expect(seen).toEqual([
    [0, 'a'],
    [4, 'c'],
    [6, 'd'],
  ])
})

test('a queue that is full stops its partition and no other, and goes on when there is room', async () => {
  const topic = await broker!.topic(2)
  const input = open(topic, { queueBytes: 2 << 20 })
  const [full, other] = [await input.partition(0), await input.partition(1)]
  const value = randomBytes(400_000)
  for (let i = 0; i < 12; i++) await send(topic, { value, partition: 0 })
  await until(() => input.stats().queueBytes >= 1 << 20, 'the queue fills up')
  await send(topic, { value: 'small', partition: 1 })
  expect(String((await next(other, 0)).record)).toBe('small')
  // Half of the limit and one fetch beyond it is the most there may be.
  expect(input.stats().queueBytes).toBeLessThan(4_800_000)
  for (let offset = 0; offset < 12; offset++) expect((await next(full, offset)).record).toHaveLength(400_000)
})

describe('rebalancing', () => {
  test('what stays goes on, what goes is fenced, and its successor finds the intent', async () => {
    const topic = await broker!.topic(2)
    const a = open(topic)
    const mine = [await a.partition(0), await a.partition(1)]
    await send(
      topic,
      ...[0, 1].flatMap((partition) => ['a', 'b', 'c'].map((value) => ({ value, partition }))),
    )
    for (const partition of mine) await next(partition, 2)
    for (const { ledger } of mine) await ledger.intend({ first: 0, end: 2, shape: { clock: 1 } })

    const b = open(topic)
    await until(() => a.stats().partitions === 1 && b.handed.length > 0, 'a partition moves')
    const moved = b.handed[0]!
    const stays = mine[1 - moved.partition]!
    const left = mine[moved.partition]!
    expect(moved.ledger.read()).toEqual({ position: 0, intent: { first: 0, end: 2, shape: { clock: 1 } } })
    expect(moved.source.origin).toBe(left.source.origin)
    await until(() => stays.isOwned(), 'the other one is settled')

    // The one that lost it wakes up late: it neither inserts nor commits, nor does it read on.
    expect(left.isOwned()).toBe(false)
    await left.ledger.advance(2)
    await expect(left.ledger.intend({ first: 2, end: 3 })).rejects.toThrow(/not this consumer/)
    expect(await left.source.read(2, 1)).toEqual([])
    await moved.ledger.advance(2)
    expect(String((await next(moved, 2)).record)).toBe('c')
    await moved.ledger.intend({ first: 2, end: 3 })

    // The one that kept the other has not begun anew.
    expect(a.handed.filter(({ partition }) => partition === stays.partition)).toHaveLength(1)
    await stays.ledger.advance(2)
    expect(String((await next(stays, 2)).record)).toBe('c')
    await stays.ledger.intend({ first: 2, end: 3 })
    await b.close()
    await until(() => a.handed.length === 3, 'the partition comes back')
    expect(a.handed[2]!.ledger.read()).toEqual({ position: 2, intent: { first: 2, end: 3 } })
  })

  test('a consumer that the broker has forgotten owns nothing from then on, and begins anew', async () => {
    const topic = await broker!.topic(1)
    const a = open(topic, { sessionMs: 1_500 })
    const before = await a.partition(0)
    await send(topic, { value: 'a' })
    await next(before, 0)
    // As after a long stop of the process: no sign of life, and then a moment before it knows.
    const stop = performance.now() + 2_500
    while (performance.now() < stop);
    expect(before.isOwned()).toBe(false)
    await expect(before.ledger.intend({ first: 0, end: 1 })).rejects.toThrow(/not this consumer/)
    await until(() => a.handed.some((one) => one.isOwned()), 'it is a member again')
  })
})

describe('offsets', () => {
  test('that were reset lead back over what is stored, block by block', async () => {
    const topic = await broker!.topic(1)
    await send(topic, ...['a', 'b', 'c', 'd'].map((value) => ({ value })))
    const a = open(topic)
    const first = await a.partition(0)
    await next(first, 3)
    await first.ledger.intend({ first: 0, end: 4 })
    await first.ledger.advance(4)
    await a.close()
    const offsets = await broker!.admin.fetchOffsets({ groupId: `g-${topic}`, topics: [topic] })
    expect(offsets[0]!.partitions[0]).toMatchObject({ offset: '4' })

    await broker!.admin.setOffsets({
      groupId: `g-${topic}`,
      topic,
      partitions: [{ partition: 0, offset: '1' }],
    })
    const stored = async (origin: string) => (origin === first.source.origin ? [{ first: 0, end: 3 }] : [])
    const b = open(topic, { stored })
    const again = await b.partition(0)
    expect(again.source.origin).toBe(first.source.origin)
    expect(again.ledger.read()).toEqual({ position: 0, intent: { first: 0, end: 3 } })
    expect(String((await next(again, 0)).record)).toBe('a')
    await again.ledger.advance(3)
    expect(again.ledger.read()).toEqual({ position: 3, intent: null })
  })

  test('whose records were removed are a gap, told and counted', async () => {
    const topic = await broker!.topic(1)
    const lost: unknown[] = []
    const a = open(topic, { lost: (gap) => lost.push(gap) })
    const first = await a.partition(0)
    await send(topic, { value: 'a' })
    await next(first, 0)
    await first.ledger.intend({ first: 0, end: 1 })
    await first.ledger.advance(1)
    await a.close()
    await send(topic, ...['b', 'c', 'd'].map((value) => ({ value })))
    await broker!.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] })
    const b = open(topic, { lost: (gap) => lost.push(gap) })
    const after = await b.partition(0)
    expect(after.ledger.read()).toEqual({ position: 3, intent: null })
    expect(lost).toEqual([{ origin: first.source.origin, first: 1, end: 3 }])
    expect(b.stats().lostRecords).toBe(2)
    expect(String((await next(after, 3)).record)).toBe('d')
  })

  test('of a topic that was made anew are other offsets', async () => {
    const topic = await broker!.topic(1)
    // Its own: a producer that knew a deleted topic is of no use any more.
    const producer = broker!.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({ topic, messages: [{ value: 'a' }, { value: 'b' }] })
    const a = open(topic)
    const first = await a.partition(0)
    await next(first, 1)
    await first.ledger.intend({ first: 0, end: 2 })
    await first.ledger.advance(2)
    await a.close()
    await producer.disconnect()
    await broker!.admin.deleteTopics({ topics: [topic] })
    const created = () =>
      broker!.admin.createTopics({ topics: [{ topic, numPartitions: 1 }] }).catch(() => false)
    let isMade = false
    while (!isMade) isMade = await created()
    const other = broker!.kafka.producer({ allowAutoTopicCreation: false })
    await other.connect()
    await other.send({ topic, messages: [{ value: 'c' }] })
    await other.disconnect()
    const b = open(topic)
    const second = await b.partition(0)
    expect(second.ledger.read()).toEqual({ position: 0, intent: null })
    expect(second.source.origin).not.toBe(first.source.origin)
    expect(String((await next(second, 0)).record)).toBe('c')
  })
})

test('a payload that came again is nothing to count, also for the next process', async () => {
  const topic = await broker!.topic(1)
  const hashed = (value: string, n: number) => ({ value, headers: { [HASH_HEADER]: Buffer.alloc(16, n) } })
  await send(topic, hashed('a', 1), hashed('b', 2), hashed('a', 1))
  const a = open(topic)
  const first = await a.partition(0)
  expect(String((await next(first, 2)).record)).toBe('')
  await first.ledger.intend({ first: 0, end: 3 })
  await first.ledger.advance(3)
  await a.close()
  await send(topic, hashed('b', 2), hashed('c', 3))
  const b = open(topic)
  const second = await b.partition(0)
  expect(second.ledger.read()).toEqual({ position: 3, intent: null })
  expect(String((await next(second, 3)).record)).toBe('')
  expect(String((await next(second, 4)).record)).toBe('c')
})
