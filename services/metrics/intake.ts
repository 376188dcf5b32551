import { Histogram, type Registry } from 'prom-client'
import type { IngestCounters } from '../consumer/ingest.ts'
import type { IntakeCounters } from '../intake/counters.ts'
import { counter, gauge } from './reading.ts'

/** From a sync of a fast disk to the longest that an exporter waits by default. */
const ANSWER_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Hears of every OTLP request. */
export function otlpSeconds(registry: Registry): (answer: { seconds: number }) => void {
  const histogram = new Histogram({
    name: 'telltale_otlp_request_seconds',
    help: 'from the headers of an OTLP request to its answer, which is when it is durable',
    buckets: ANSWER_SECONDS,
    registers: [registry],
  })
  return ({ seconds }) => histogram.observe(seconds)
}

/** What came in by OTLP, and what became of it. */
export function intakeMetrics(registry: Registry, intake: IntakeCounters, ingest: IngestCounters): void {
  counter(registry, {
    name: 'telltale_otlp_requests_total',
    help: 'OTLP requests by what they were answered; signal "other": an unknown path, or no HTTP at all',
    labels: ['signal', 'status'],
    read: () =>
      Object.entries(intake.answers).flatMap(([signal, byStatus]) =>
        Object.entries(byStatus).map(([status, count]): [Record<string, string>, number] => [
          { signal, status },
          count,
        ]),
      ),
  })
  counter(registry, {
    name: 'telltale_otlp_aborted_total',
    help: 'OTLP requests whose client went away before the answer',
    read: () => intake.aborted,
  })
  counter(registry, {
    name: 'telltale_otlp_failures_total',
    help: 'OTLP requests answered 503 because of a mistake in telltale; the log says which',
    read: () => intake.failures,
  })
  counter(registry, {
    name: 'telltale_otlp_wire_bytes_total',
    help: 'bytes of OTLP bodies as they came',
    read: () => intake.wireBytes,
  })
  counter(registry, {
    name: 'telltale_otlp_body_bytes_total',
    help: 'bytes of OTLP bodies, unpacked',
    read: () => intake.bodyBytes,
  })
  gauge(registry, {
    name: 'telltale_otlp_in_flight_bytes',
    help: 'bytes of OTLP bodies in memory; at limits.in_flight_bytes requests are answered 503',
    read: () => intake.inFlightBytes,
  })
  counter(registry, {
    name: 'telltale_otlp_connections_dropped_total',
    help: 'connections turned away because there were too many',
    read: () => intake.droppedConnections,
  })

  counter(registry, {
    name: 'telltale_payloads_total',
    help: 'payloads taken: durable, and counted once',
    read: () => ingest.payloads,
  })
  counter(registry, {
    name: 'telltale_payloads_duplicate_total',
    help: 'payloads that had been taken before: acknowledged, and not counted again',
    read: () => ingest.duplicates,
  })
  counter(registry, {
    name: 'telltale_payloads_deferred_total',
    help: 'payloads that the journal could not take: answered 503, the client sends them again',
    read: () => ingest.deferred,
  })
  counter(registry, {
    name: 'telltale_payloads_refused_total',
    help: 'payloads answered 400 and lost: no OTLP, or more than can be kept at once',
    labels: ['reason'],
    read: () => Object.entries(ingest.refused).map(([reason, count]) => [{ reason }, count]),
  })
  counter(registry, {
    name: 'telltale_spans_total',
    help: 'spans in taken payloads',
    read: () => ingest.spans,
  })
  counter(registry, {
    name: 'telltale_spans_kept_total',
    help: 'spans kept as errors',
    read: () => ingest.kept,
  })
  counter(registry, {
    name: 'telltale_spans_counted_total',
    help: 'spans counted into traffic',
    read: () => ingest.counted,
  })
  counter(registry, {
    name: 'telltale_spans_rejected_total',
    help: 'spans refused as malformed, by what is wrong with their bytes',
    labels: ['reason'],
    read: () => Object.entries(ingest.rejectedFor).map(([reason, count]) => [{ reason }, count]),
  })
  counter(registry, {
    name: 'telltale_times_clamped_total',
    help: 'times set to the time of arrival, because no clock can be that wrong',
    read: () => ingest.clamped,
  })
  counter(registry, {
    name: 'telltale_attributes_dropped_total',
    help: 'attributes beyond limits.attributes_per_span, not looked at',
    read: () => ingest.attributesDropped,
  })
}
