import { createBreaker } from '../consumer/breaker.ts'
import { BLOCK_LIMITS, startConsumer } from '../consumer/consume.ts'
import { jsonToProtobuf } from '../consumer/decode/json.ts'
import { decodedSource } from '../consumer/decoded.ts'
import { fenced } from '../consumer/fenced.ts'
import { newIngestCounters } from '../consumer/ingest.ts'
import { pooledCounters } from '../consumer/pooled-counters.ts'
import { createCollect } from '../intake/collect.ts'
import { createForward } from '../intake/forward.ts'
import { blockMetrics } from '../metrics/blocks.ts'
import { inputMetrics, outputMetrics } from '../metrics/kafka.ts'
import type { Query } from '../store/queries/query.ts'
import { storedRanges } from '../store/queries/stored-ranges.ts'
import { betweenAll } from '../store/turns/between-all.ts'
import type { ClientOptions } from '../transport/kafka/client.ts'
import { openDeadLetters } from '../transport/kafka/dead-letters.ts'
import { openInput } from '../transport/kafka/input.ts'
import { openOutput } from '../transport/kafka/output.ts'
import type { Partition } from '../transport/kafka/partition.ts'
import { MESSAGE_BYTES } from '../transport/kafka/sender.ts'
import { clientOptions } from '../transport/kafka/settings.ts'
import { decoderFor } from './decoder.ts'
import type { Line, LineParts } from './line.ts'

/** What the blocks of many partitions may hold together while they are behind, for they are in memory. */
const ROWS_BEHIND = 2 * BLOCK_LIMITS.behindRows

/** Intake → Kafka, and Kafka → decode → classify → record → consumer → block → store, a consumer a partition. */
export async function openKafkaLine(parts: LineParts & { query: Query | null }): Promise<Line> {
  const { config, metrics, store, notice, closing } = parts
  const client = await clientOptions(config.kafka, notice)
  const taken = newIngestCounters()
  const between = betweenAll()
  const input = store === null ? null : openInputLine({ ...parts, store }, client, taken, between)

  const output = parts.takes ? openOutput({ ...client, topic: config.kafka.topic }) : null
  if (output !== null) {
    closing.push(() => output.close())
    outputMetrics(metrics, output.stats)
  }
  return {
    accept:
      output === null
        ? null
        : createForward({
            fromJson: jsonToProtobuf,
            append: output.append,
            pieceBytes: MESSAGE_BYTES,
            counters: taken,
          }),
    consumed: input?.consumed ?? null,
    taken,
    problem: async () => input?.problem() ?? output?.stats().problem ?? null,
    lag: input?.lag,
    incoming: async () => ({ between, stored: async () => true }),
  }
}

function openInputLine(
  parts: LineParts & { store: NonNullable<LineParts['store']>; query: Query | null },
  client: ClientOptions,
  taken: ReturnType<typeof newIngestCounters>,
  between: ReturnType<typeof betweenAll>,
) {
  const { config, catalogs, metrics, store, query, notice, closing } = parts
  const { limits, kafka } = config
  const letters = openDeadLetters({ ...client, topic: kafka.dlqTopic })
  closing.push(() => letters.close())
  const breaker = createBreaker(letters.bury)
  const counters = pooledCounters()
  const counted = blockMetrics(metrics, counters.total, taken)
  let consumers = 0
  const blockLimits = {
    cardinality: limits.cardinality,
    ...BLOCK_LIMITS,
    get behindRows() {
      const { blockRows, behindRows } = BLOCK_LIMITS
      return Math.max(blockRows, Math.min(behindRows, Math.floor(ROWS_BEHIND / consumers)))
    },
  }

  function consume({ partition, source, ledger, isOwned, signal }: Partition) {
    const own = counters.add()
    consumers++
    const consumer = startConsumer({
      source: decodedSource(source, {
        decode: decoderFor(config),
        fromJson: jsonToProtobuf,
        catalogs: catalogs.current,
        catalogsVersion: catalogs.version,
        cardinality: limits.cardinality,
        counters: taken,
        now: Date.now,
        breaker,
        signal,
        notice,
      }),
      ledger: between.add(ledger, signal),
      store: fenced(store.blocks, isOwned),
      limits: blockLimits,
      counters: own,
      delivered: (block) => {
        counted(block)
        store.delivered(block)
      },
      log: (message, details) => notice(message, { partition, ...details }),
    })
    consumer.done.then(
      () => {
        consumers--
        counters.remove(own)
      },
      (error) => {
        own.problem = String(error)
        parts.fatal(error, 'the consumer of a partition cannot go on')
      },
    )
    return consumer
  }

  const input = openInput({
    ...client,
    topic: kafka.topic,
    group: kafka.group,
    fetched: createCollect(),
    sessionMs: kafka.sessionMs,
    consume,
    // A letter without bytes: nothing to send through again, but found by whoever lists them.
    lost: ({ origin, first, end }) =>
      void letters.bury({
        origin,
        offset: first,
        reason: 'gap',
        detail: `records ${first} to ${end - 1} were removed before they were stored`,
        bytes: Buffer.alloc(0),
      }),
    stored: async (origin, from) => (query === null ? [] : storedRanges(query, origin, from)),
  })
  closing.push(() => input.close())
  inputMetrics(metrics, input, letters.stats, () => breaker.problem() !== null)
  return {
    consumed: counters.total,
    problem: () => breaker.problem() ?? input.stats().problem ?? letters.stats().problem,
    lag: () => {
      const { lagRecords, lagMs } = input.stats()
      return { records: lagRecords, seconds: lagMs / 1000 }
    },
  }
}
