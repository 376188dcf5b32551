import { createRequire } from 'node:module'
import { afterEach, expect, test, vi } from 'vitest'
import { Outgoing, produceInPieces } from '../../../services/transport/kafka/produce.ts'

const load = createRequire(import.meta.url)
const produce = load('kafkajs/src/protocol/requests/produce')
const createRequest = load('kafkajs/src/protocol/request')

afterEach(() => vi.useRealTimers())

const plain = (value: string) => ({
  key: Buffer.from(`key of ${value}`),
  value: Buffer.from(value.repeat(1000)),
  headers: { hash: Buffer.from([1, 2, 3]) },
})
const options = (topics: [topic: string, partitions: object[][]][]) => ({
  acks: -1,
  timeout: 30_000,
  compression: 0,
  producerId: '4711',
  producerEpoch: 2,
  topicData: topics.map(([topic, partitions]) => ({
    topic,
    partitions: partitions.map((messages, partition) => ({ partition, firstSequence: 9, messages })),
  })),
})

test('a request is byte for byte what kafkajs writes', async () => {
  vi.useFakeTimers({ now: 1_795_291_119_334 })
  const messages = [plain('a'), plain('b'), plain('c')]
  const [a, b, c] = messages
  const usual = produce.protocol({ version: 7 })(options([['topic', [[a!, b!], [c!]]]])).request
  const expected = await createRequest({ request: usual, correlationId: 77, clientId: 'telltale' })
  produceInPieces()
  const [x, y, z] = messages.map((message) => new Outgoing(message))
  const { request } = produce.protocol({ version: 7 })(options([['topic', [[x!, y!], [z!]]]]))
  expect(Buffer.concat(request.inPieces(77, 'telltale')).equals(expected.buffer)).toBe(true)
})

test('messages of others go the usual way', () => {
  produceInPieces()
  const mixed = options([['topic', [[new Outgoing(plain('a')), plain('b')]]]])
  expect(produce.protocol({ version: 7 })(mixed).request.inPieces).toBeUndefined()
})

test('what nobody waits for any more is not written: its bytes may be others by now', () => {
  produceInPieces()
  const message = new Outgoing(plain('a'))
  const { request } = produce.protocol({ version: 7 })(options([['topic', [[message]]]]))
  message.isGivenUp = true
  expect(() => request.inPieces(1, 'telltale')).toThrow(/nobody waits/)
})
