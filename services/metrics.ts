import type { ConsumerCounters } from './consumer/consume.ts'
import type { IngestCounters } from './consumer/ingest.ts'
import type { IntakeCounters } from './intake/counters.ts'
import type { RetentionCounters } from './store/keep.ts'
import type { JournalStats } from './transport/inline/journal.ts'

interface Parts {
  intake: IntakeCounters
  ingest: IngestCounters
  consumer: ConsumerCounters
  journal: JournalStats
  retention: RetentionCounters
}

type Sample = [labels: string, value: number]
interface Metric {
  name: string
  type: 'counter' | 'gauge'
  help: string
  samples: Sample[]
}

const counter = (name: string, help: string, ...samples: (number | Sample)[]): Metric => ({
  name: `telltale_${name}_total`,
  type: 'counter',
  help,
  samples: samples.map((sample) => (typeof sample === 'number' ? ['', sample] : sample)),
})
const gauge = (name: string, help: string, value: number): Metric => ({
  name: `telltale_${name}`,
  type: 'gauge',
  help,
  samples: [['', value]],
})

const byReason = ({ time, disk }: { time: number; disk: number }): Sample[] => [
  ['{reason="time"}', time],
  ['{reason="disk"}', disk],
]

/** What Telltale says of itself, in Prometheus' text format. */
export function metricsText({ intake, ingest, consumer, journal, retention }: Parts): string {
  const answers = Object.entries(intake.answers).flatMap(([signal, byStatus]) =>
    Object.entries(byStatus).map(
      ([status, count]): Sample => [`{signal="${signal}",status="${status}"}`, count],
    ),
  )
  const metrics = [
    counter('otlp_requests', 'OTLP requests by what they were answered', ...answers),
    counter('otlp_body_bytes', 'bytes of bodies, unpacked', intake.bodyBytes),
    gauge('otlp_in_flight_bytes', 'bytes of bodies that are being received', intake.inFlightBytes),
    counter('payloads', 'payloads taken', ingest.payloads),
    counter(
      'payloads_duplicate',
      'payloads that had been taken before, acknowledged and not counted again',
      ingest.duplicates,
    ),
    counter('payloads_refused', 'payloads that are no OTLP', ingest.refused),
    counter('spans', 'spans in taken payloads', ingest.spans),
    counter('spans_kept', 'spans kept as errors', ingest.kept),
    counter('spans_counted', 'spans counted into traffic', ingest.counted),
    counter('spans_rejected', 'spans refused as malformed', ingest.rejected),
    counter(
      'times_clamped',
      'times set to the time of arrival, because no clock can be that wrong',
      ingest.clamped,
    ),
    counter('attributes_dropped', 'attributes beyond the limit of a span', ingest.attributesDropped),
    counter(
      'values_other',
      'values that became _OTHER, beyond the limit of distinct ones',
      ['{in="payload"}', ingest.overflowed],
      ['{in="block"}', consumer.overflowed],
    ),
    gauge('journal_bytes', 'bytes acknowledged and not yet in the store', journal.bytes),
    gauge(
      'journal_oldest_seconds',
      'age of the oldest record that is not yet in the store',
      journal.oldestAgeMs / 1000,
    ),
    gauge('journal_fingerprints', 'payloads that would be recognised if they came again', journal.seen),
    counter(
      'journal_window_cut',
      'times the memory of payloads was cut short by their number',
      journal.seenCutShort,
    ),
    counter('blocks', 'blocks in the store', consumer.blocks),
    counter('block_rows', 'rows in them', consumer.rows),
    counter('block_seconds', 'seconds it took to deliver them', consumer.deliverSeconds),
    counter('block_retries', 'attempts to store a block that failed', consumer.retries),
    counter('block_replays', 'ranges that a crash had left behind', consumer.replays),
    counter(
      'retention_partitions',
      'days of tables that were dropped, by why',
      ...byReason(retention.partitions),
    ),
    counter('retention_bytes', 'bytes that were dropped with them', ...byReason(retention.bytes)),
    gauge('process_resident_bytes', 'memory of the process', process.memoryUsage.rss()),
  ]
  return metrics
    .map(({ name, type, help, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
      ].join('\n'),
    )
    .join('\n')
    .concat('\n')
}
