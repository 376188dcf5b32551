import { join } from 'node:path'
import { BLOCK_LIMITS, newConsumerCounters, startConsumer } from '../consumer/consume.ts'
import { jsonToProtobuf } from '../consumer/decode/json.ts'
import { createIngest, newIngestCounters } from '../consumer/ingest.ts'
import { roomIn } from '../data-directory.ts'
import { blockMetrics } from '../metrics/blocks.ts'
import { journalMetrics } from '../metrics/journal.ts'
import { storedUpTo } from '../store/blocks/stored-up-to.ts'
import { betweenBlocks } from '../store/turns/between-blocks.ts'
import { openInline } from '../transport/inline/open.ts'
import { decoderFor } from './decoder.ts'
import type { Line, LineParts } from './line.ts'

/** Intake → decode → classify → record → journal, and from there: consumer → block → store. */
export async function openJournalLine(
  parts: LineParts & { store: NonNullable<LineParts['store']> },
): Promise<Line> {
  const { config, catalogs, metrics, store, notice, closing } = parts
  const { limits } = config
  const room = await roomIn(config.data, limits.diskReserveBytes)
  const transport = await openInline({
    directory: join(config.data, 'journal'),
    maxBytes: limits.journalBytes,
    room,
    notice,
  })
  closing.push(() => transport.close())
  journalMetrics(metrics, transport.stats, {
    limitBytes: limits.journalBytes,
    reserveBytes: room.reserveBytes,
  })

  const between = betweenBlocks(transport.ledger, () => transport.ledger.flush())
  const consumed = newConsumerCounters()
  const taken = newIngestCounters()
  const counted = blockMetrics(metrics, consumed, taken)
  const consumer = startConsumer({
    source: transport.source,
    ledger: between.ledger,
    store: store.blocks,
    limits: { cardinality: limits.cardinality, ...BLOCK_LIMITS },
    counters: consumed,
    delivered: (block) => {
      counted(block)
      store.delivered(block)
    },
    log: notice,
  })
  consumer.done.catch((error) => {
    consumed.problem = String(error)
    parts.fatal(error, 'the consumer cannot go on')
  })
  closing.push(() => consumer.stop())

  return {
    accept: createIngest({
      decode: decoderFor(config),
      fromJson: jsonToProtobuf,
      catalogs: catalogs.current,
      append: transport.append,
      recordBytes: transport.recordBytes,
      cardinality: limits.cardinality,
      counters: taken,
    }),
    consumed,
    taken,
    problem: transport.problem,
    incoming: async () => ({
      between,
      stored: () => storedUpTo(transport.stats().durableEnd, between.ledger),
    }),
  }
}
