import type { Registry } from 'prom-client'
import type { KafkaInput } from '../transport/kafka/input.ts'
import type { SenderStats } from '../transport/kafka/sender.ts'
import { counter, gauge } from './reading.ts'

/** What is in Kafka and not yet in the store. */
export function inputMetrics(
  registry: Registry,
  input: Pick<KafkaInput, 'stats' | 'lag'>,
  letters: () => SenderStats,
  isStopped: () => boolean,
): void {
  gauge(registry, {
    name: 'telltale_kafka_lag_records',
    help: 'records of a partition that are not stored yet',
    labels: ['partition'],
    read: () => input.lag().map(({ partition, records }) => [{ partition: String(partition) }, records]),
  })
  gauge(registry, {
    name: 'telltale_kafka_lag_seconds',
    help: 'age of the oldest record of a partition that was fetched and is not stored yet; 0 when there is none',
    labels: ['partition'],
    read: () => input.lag().map(({ partition, ms }) => [{ partition: String(partition) }, ms / 1000]),
  })
  gauge(registry, {
    name: 'telltale_kafka_partitions',
    help: 'partitions that are this process’s at the moment',
    read: () => input.stats().partitions,
  })
  gauge(registry, {
    name: 'telltale_kafka_joined',
    help: '1 while this process is a member of the group',
    read: () => Number(input.stats().isJoined),
  })
  gauge(registry, {
    name: 'telltale_kafka_queue_bytes',
    help: 'bytes fetched and not yet decoded; partitions are paused when there are many',
    read: () => input.stats().queueBytes,
  })
  counter(registry, {
    name: 'telltale_kafka_rebalances_total',
    help: 'times the group was joined anew, with the same partitions or others',
    read: () => input.stats().rebalances,
  })
  counter(registry, {
    name: 'telltale_kafka_crashes_total',
    help: 'times the Kafka consumer ended with an error and was started again',
    read: () => input.stats().crashes,
  })
  counter(registry, {
    name: 'telltale_kafka_lost_records_total',
    help: 'records that Kafka removed before they were stored; the log says which',
    read: () => input.stats().lostRecords,
  })
  counter(registry, {
    name: 'telltale_kafka_dead_letters_total',
    help: 'payloads that could not be decoded, in the topic of dead letters',
    read: () => letters().messages,
  })
  gauge(registry, {
    name: 'telltale_kafka_stopped',
    help: '1 when nothing is consumed any more because nearly nothing can be decoded; /readyz says why',
    read: () => Number(isStopped()),
  })
}

/** What intake writes. */
export function outputMetrics(registry: Registry, stats: () => SenderStats): void {
  counter(registry, {
    name: 'telltale_kafka_sent_total',
    help: 'messages that Kafka has acknowledged',
    read: () => stats().messages,
  })
  counter(registry, {
    name: 'telltale_kafka_sent_bytes_total',
    help: 'bytes of messages that Kafka has acknowledged',
    read: () => stats().bytes,
  })
  counter(registry, {
    name: 'telltale_kafka_send_failures_total',
    help: 'requests to Kafka that failed; OTLP requests in them were answered 503',
    read: () => stats().failures,
  })
  gauge(registry, {
    name: 'telltale_kafka_pending_bytes',
    help: 'bytes being written to Kafka, whose clients wait',
    read: () => stats().pendingBytes,
  })
}
