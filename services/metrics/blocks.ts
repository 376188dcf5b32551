import { Histogram, type Registry } from 'prom-client'
import type { ConsumerCounters, Delivered } from '../consumer/consume.ts'
import type { IngestCounters } from '../consumer/ingest.ts'
import { counter, gauge } from './reading.ts'

/** Up to the 65,536 rows at which a block is full; one payload may bring it somewhat beyond. */
const BLOCK_ROWS = [1, 16, 256, 1024, 4096, 16_384, 32_768, 65_536, 131_072]
const BLOCK_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]

/** What is made of the journal. The function it gives hears of every block in the store. */
export function blockMetrics(
  registry: Registry,
  consumer: ConsumerCounters,
  ingest: IngestCounters,
): (block: Delivered) => void {
  const rows = new Histogram({
    name: 'telltale_block_rows',
    help: 'rows of the blocks in the store',
    buckets: BLOCK_ROWS,
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'telltale_block_seconds',
    help: 'time it took to deliver a block, with all its tables and attempts',
    buckets: BLOCK_SECONDS,
    registers: [registry],
  })
  counter(registry, {
    name: 'telltale_blocks_total',
    help: 'blocks in the store',
    read: () => consumer.blocks,
  })
  counter(registry, {
    name: 'telltale_block_records_total',
    help: 'records of the journal, a payload each, that are in the store',
    read: () => consumer.records,
  })
  counter(registry, {
    name: 'telltale_block_retries_total',
    help: 'attempts to store a block that failed; the block stays and is tried again',
    read: () => consumer.retries,
  })
  counter(registry, {
    name: 'telltale_block_replays_total',
    help: 'ranges that a crash had left behind, delivered again and compared',
    read: () => consumer.replays,
  })
  gauge(registry, {
    name: 'telltale_blocks_stuck',
    help: '1 while a block cannot be stored; the log and /readyz say why',
    read: () => Number(consumer.problem !== null),
  })
  gauge(registry, {
    name: 'telltale_blocks_refused',
    help: '1 while the store refuses the bytes of a block, which waiting does not mend; /readyz says why',
    read: () => Number(consumer.refused),
  })
  gauge(registry, {
    name: 'telltale_blocks_recovered',
    help: '1 when what the last run left behind is in the store',
    read: () => Number(consumer.recovered),
  })
  counter(registry, {
    name: 'telltale_values_other_total',
    help: 'values that became _OTHER, beyond limits.cardinality of distinct ones in a payload or block',
    labels: ['in'],
    read: () => [
      [{ in: 'payload' }, ingest.overflowed],
      [{ in: 'block' }, consumer.overflowed],
    ],
  })
  return (block) => {
    rows.observe(block.rows)
    seconds.observe(block.seconds)
  }
}
