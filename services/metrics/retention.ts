import type { Registry } from 'prom-client'
import type { RetentionCounters } from '../store/upkeep/keep.ts'
import { counter, type Reading } from './reading.ts'

/** What was dropped to keep to the time and the room there is. */
export function retentionMetrics(registry: Registry, { partitions, bytes }: RetentionCounters): void {
  const byReason = (counts: Record<string, number>) => (): Reading =>
    Object.entries(counts).map(([reason, count]) => [{ reason }, count])
  counter(registry, {
    name: 'telltale_retention_partitions_total',
    help: 'days of tables that were dropped, by why: their time was over, or the disk was needed',
    labels: ['reason'],
    read: byReason(partitions),
  })
  counter(registry, {
    name: 'telltale_retention_bytes_total',
    help: 'bytes that were dropped with them',
    labels: ['reason'],
    read: byReason(bytes),
  })
}
