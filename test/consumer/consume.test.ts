import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Payload } from '../../services/consumer/columns/payload.ts'
import { newConsumerCounters, startConsumer } from '../../services/consumer/consume.ts'
import { createRecordEncoder } from '../../services/consumer/record.ts'
import type { Intent } from '../../services/contract/ledger.ts'
import { Frames } from '../../services/transport/kafka/frames.ts'
import { PartitionQueue } from '../../services/transport/kafka/queue.ts'
import { Resends } from '../../services/transport/kafka/resends.ts'

const EMPTY = Buffer.from(createRecordEncoder()(new Payload(10)))

test('while there is more to read than has come, a block is not closed for its age', async () => {
  const queue = new PartitionQueue('t', 0, {
    resends: new Resends([], undefined),
    frames: new Frames(),
    limitBytes: 1 << 20,
    onRoom: () => {},
  })
  const push = (from: number, end: number) =>
    queue.push(
      Array.from({ length: end - from }, (_, i) => ({
        offset: from + i,
        arrival: 0,
        record: EMPTY,
        isResend: false,
      })),
      end,
    )
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
    limits: { cardinality: 10, blockRows: 100, blockMs: 1, behindMs: 600_000 },
    counters: newConsumerCounters(),
    log: () => {},
  })
  queue.high = 9
  push(0, 3)
  await delay(30)
  push(3, 6)
  await delay(30)
  push(6, 9)
  while (position < 9) await delay(1)
  // All that came while there was more; what came last may be the next block's.
  expect(intended[0]!.first).toBe(0)
  expect(intended[0]!.end).toBeGreaterThanOrEqual(6)
  queue.close()
  await consumer.stop()
})
