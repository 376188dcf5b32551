import type { Registry } from 'prom-client'
import type { JournalStats } from '../transport/inline/journal.ts'
import { counter, gauge } from './reading.ts'

/** What is acknowledged and durable, and not yet in the store. */
export function journalMetrics(
  registry: Registry,
  stats: () => JournalStats,
  limits: { limitBytes: number; reserveBytes: number },
): void {
  gauge(registry, {
    name: 'telltale_journal_bytes',
    help: 'bytes acknowledged and not yet in the store',
    read: () => stats().bytes,
  })
  gauge(registry, {
    name: 'telltale_journal_limit_bytes',
    help: 'limits.journal_bytes: when there are so many, OTLP requests are answered 503',
    read: () => limits.limitBytes,
  })
  gauge(registry, {
    name: 'telltale_disk_reserve_bytes',
    help: 'limits.disk_reserve_bytes: while no more than these and telltale_journal_bytes are free, OTLP requests are answered 503',
    read: () => limits.reserveBytes,
  })
  gauge(registry, {
    name: 'telltale_journal_records',
    help: 'records, a payload each, acknowledged and not yet in the store',
    read: () => stats().durableEnd - stats().released,
  })
  gauge(registry, {
    name: 'telltale_journal_oldest_seconds',
    help: 'age of the oldest record that is not yet in the store; 0 when there is none',
    read: () => stats().oldestAgeMs / 1000,
  })
  gauge(registry, {
    name: 'telltale_journal_pending_bytes',
    help: 'bytes being written to the journal, whose clients wait',
    read: () => stats().pendingBytes,
  })
  counter(registry, {
    name: 'telltale_journal_groups_total',
    help: 'groups of records written and synced together',
    read: () => stats().groups,
  })
  gauge(registry, {
    name: 'telltale_journal_segments',
    help: 'files of the journal',
    read: () => stats().segments,
  })
  gauge(registry, {
    name: 'telltale_journal_cut_bytes',
    help: 'bytes of half-written records, never acknowledged, that were cut off at the start',
    read: () => stats().cutBytes,
  })
  gauge(registry, {
    name: 'telltale_journal_failing',
    help: '1 while the journal cannot be written or leaves the rest of the disk to the store; the log and /readyz say why',
    read: () => Number(stats().failure !== null),
  })
  gauge(registry, {
    name: 'telltale_journal_fingerprints',
    help: 'payloads that would be recognised if they came again',
    read: () => stats().seen,
  })
  counter(registry, {
    name: 'telltale_journal_window_cut_total',
    help: 'times the memory of payloads was cut short by their number',
    read: () => stats().seenCutShort,
  })
}
