import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Payload } from '../../services/consumer/columns/payload.ts'
import { type ConsumerLimits, newConsumerCounters, startConsumer } from '../../services/consumer/consume.ts'
import { createRecordEncoder } from '../../services/consumer/record.ts'
import type { Intent } from '../../services/contract/ledger.ts'
import { Frames } from '../../services/transport/kafka/frames.ts'
import { PartitionQueue } from '../../services/transport/kafka/queue.ts'
import { Resends, RUNS_A_RANGE } from '../../services/transport/kafka/resends.ts'

const EMPTY = Buffer.from(createRecordEncoder()(new Payload(10)))
/** With a row, of its own kind. */
function counting(kind: number): Buffer {
  const payload = new Payload(10)
  payload.traffic.add(10 * kind, 0, 0, 0, 0, 0, 0, 1, 0, 0)
  return Buffer.from(createRecordEncoder()(payload))
}

function consuming(limits: Partial<ConsumerLimits>) {
  const queue = new PartitionQueue('t', 0, {
    resends: new Resends([], undefined),
    frames: new Frames(),
    limitBytes: 1 << 20,
    onRoom: () => {},
  })
  let position = 0
  const intended: Intent[] = []
  const consumer = startConsumer({
    source: queue,
    ledger: {
      read: () => ({ position, intent: null }),
      intend: async (intent) => void intended.push(intent),
      advance: async (end) => {
        position = end
      },
    },
    store: { insert: async () => ({ status: 'done' }), mend: async () => ({ status: 'done' }) },
    limits: { cardinality: 10, blockRows: 100, blockMs: 1, behindRows: 100, behindMs: 600_000, ...limits },
    counters: newConsumerCounters(),
    log: () => {},
  })
  return {
    queue,
    intended,
    push: (from: number, end: number, record: (offset: number) => Buffer = () => EMPTY) =>
      queue.push(
        Array.from({ length: end - from }, (_, i) => ({
          offset: from + i,
          arrival: 0,
          record: record(from + i),
          isResend: false,
        })),
        end,
      ),
    async until(end: number) {
      while (position < end) await delay(1)
    },
    async stop() {
      queue.close()
      await consumer.stop()
    },
  }
}

test('while there is more to read than has come, a block is not closed for its age', async () => {
  const { queue, intended, push, until, stop } = consuming({})
  queue.high = 9
  push(0, 3)
  await delay(30)
  push(3, 6)
  await delay(30)
  push(6, 9)
  await until(9)
  // All that came while there was more; what came last may be the next block's.
  expect(intended[0]!.first).toBe(0)
  expect(intended[0]!.end).toBeGreaterThanOrEqual(6)
  await stop()
})

test('while there is more to read than has come, a block takes more rows', async () => {
  const { queue, intended, push, until, stop } = consuming({ blockRows: 3, blockMs: 600_000, behindRows: 8 })
  queue.high = 1_000
  push(0, 10, counting)
  await until(8)
  queue.high = 10
  push(10, 12, counting)
  await until(11)
  expect(intended.map(({ first, end }) => [first, end])).toEqual([
    [0, 8],
    [8, 11],
  ])
  await stop()
})

test('more to read is no reason to wait for it where a range has to end first', () => {
  const resends = new Resends([], undefined)
  const queue = new PartitionQueue('t', 0, {
    resends,
    frames: new Frames(),
    limitBytes: 1 << 20,
    onRoom: () => {},
  })
  queue.high = 1_000
  expect(queue.isBehind()).toBe(true)
  for (let offset = 0; offset < 2 * RUNS_A_RANGE + 4; offset++) {
    const hash = Buffer.from(offset % 2 === 0 ? 'the same again  ' : String(offset).padStart(16))
    resends.isResend(offset, offset, hash)
  }
  expect(queue.isBehind()).toBe(false)
})
