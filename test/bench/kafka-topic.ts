import type { OnBroker } from '../kafka/on-broker.ts'
import { otlpPayload } from './otlp-payload.ts'
import { renewable } from './renewable.ts'

// Topics as a Collector fills them: 500 spans a message, protobuf fields in descending order.

export const SPANS_A_MESSAGE = 500
export const PARTITIONS = 2
const TEMPLATES = 16
/** Two messages fit into one request, below the megabyte that a broker takes by default. */
const AT_ONCE = 2
/** Brings a span to the 700 bytes that it has behind a mesh and a framework. */
const MORE = {
  'app.tenant': 'tenant-184',
  'app.request.id': 'c0a8011e-4f21-4b7d-a91e-5d0e8a1b2c3d',
  'thread.name': 'http-nio-8443-exec-17',
  'network.local.address': '10.12.84.9',
}

/** Ever new payloads of 500 spans. */
export function payloads(errors: number): () => Buffer {
  const templates = Array.from({ length: TEMPLATES }, (_, i) =>
    renewable(
      otlpPayload({
        spans: SPANS_A_MESSAGE,
        errors,
        order: 'descending',
        seed: i + 1,
        now: Date.now(),
        more: MORE,
      }),
      true,
    ),
  )
  let next = 0
  return () => Buffer.from(templates[next++ % TEMPLATES]!())
}

/** A topic of its own; and how many bytes a span has in it. */
export async function fullTopic(on: OnBroker, errors: number, messages: number) {
  const topic = await on.topic(PARTITIONS)
  const payload = payloads(errors)
  let bytes = 0
  for (let sent = 0; sent < messages; sent += AT_ONCE) {
    const values = Array.from({ length: AT_ONCE }, payload)
    bytes += values.reduce((sum, { length }) => sum + length, 0)
    const partition = (sent / AT_ONCE) % PARTITIONS
    await on.producer.send({ topic, messages: values.map((value) => ({ value, partition })) })
  }
  return { topic, spanBytes: Math.round(bytes / messages / SPANS_A_MESSAGE) }
}
