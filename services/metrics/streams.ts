import type { Registry } from 'prom-client'
import type { StreamCounters } from '../api/live/live.ts'
import { counter, gauge } from './reading.ts'

/** Who follows /api/v1/stream. */
export function streamMetrics(registry: Registry, streams: StreamCounters): void {
  gauge(registry, {
    name: 'telltale_streams',
    help: 'clients that follow events at the moment',
    read: () => streams.open,
  })
  counter(registry, {
    name: 'telltale_streams_dropped_total',
    help: 'clients that were cut off because they did not read their events',
    read: () => streams.slow,
  })
}
