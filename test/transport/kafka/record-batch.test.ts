import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordBatch } from '../../../services/transport/kafka/record-batch.ts'

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))

test('a batch is byte for byte what kafkajs makes of the same messages', async () => {
  const load = createRequire(import.meta.url)
  const record = load('kafkajs/src/protocol/recordBatch/record/v0')
  const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0')
  const message = fc.record({
    key: bytes,
    value: fc.oneof(
      bytes,
      fc.nat(70_000).map((size) => Buffer.alloc(size, 'v')),
    ),
    headers: fc.dictionary(fc.stringMatching(/^[a-zé-]{1,80}$/), fc.oneof(bytes, fc.string()), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 80 }),
      fc.maxSafeNat(),
      fc.nat(32_767),
      fc.nat(2 ** 31 - 1),
      async (messages, producer, producerEpoch, firstSequence) => {
        const now = 1_795_291_119_334
        const owner = { producerId: String(producer), producerEpoch, firstSequence }
        const theirs = await RecordBatch({
          ...owner,
          firstTimestamp: now,
          maxTimestamp: now,
          lastOffsetDelta: messages.length - 1,
          records: messages.map((one, offsetDelta) => record({ ...one, offsetDelta, timestampDelta: 0 })),
        })
        expect(Buffer.concat(recordBatch(messages, owner, now)).equals(theirs.buffer)).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})
