import { expect, test } from 'vitest'
import { openSender } from '../../../services/transport/kafka/sender.ts'

const message = (size: number) => ({ key: Buffer.from('k'), value: Buffer.alloc(size, 1), headers: {} })
const client = { tls: null, sasl: null, notice: () => {}, topic: 't' }

test('without a broker nothing is taken, and what waits is bounded', async () => {
  const sender = openSender({
    ...client,
    brokers: ['127.0.0.1:9'],
    patienceMs: 300,
    maxPendingBytes: 1_000,
  })
  const waiting = sender.append(message(600))
  expect(await sender.append(message(600))).toMatchObject({ error: { message: /too much is waiting/ } })
  expect(await waiting).toMatchObject({ status: 'retry' })
  // Who comes right after a failure does not wait for the next one.
  expect(await sender.append(message(10))).toMatchObject({ status: 'retry' })
  expect(sender.stats()).toMatchObject({ failures: 1, messages: 0, pendingBytes: 0 })
  expect(sender.stats().problem).not.toBeNull()
  await sender.close()
  expect(await sender.append(message(10))).toMatchObject({ status: 'retry' })
})
