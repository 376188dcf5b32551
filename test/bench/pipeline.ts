import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { compileCatalogs } from '../../services/catalog/classify.ts'
import { loadCatalogs } from '../../services/catalog/load.ts'
import { BLOCK_LIMITS, newConsumerCounters, startConsumer } from '../../services/consumer/consume.ts'
import { attributeTable } from '../../services/consumer/decode/attributes.ts'
import { createDecoder } from '../../services/consumer/decode/decoder.ts'
import { jsonToProtobuf } from '../../services/consumer/decode/json.ts'
import { createIngest, newIngestCounters } from '../../services/consumer/ingest.ts'
import { blockStore } from '../../services/store/blocks/block-store.ts'
import { openStore } from '../../services/store/connect/open.ts'
import { migrate } from '../../services/store/migrate.ts'
import { openInline } from '../../services/transport/inline/open.ts'

// What services/main.ts wires between the socket and the store, without the sockets.

export async function openPipeline(data: string) {
  // As `telltale up` does.
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=200')
  const { catalogs } = await loadCatalogs([])
  const compiled = compileCatalogs(catalogs)
  const store = await openStore({
    data,
    memoryBytes: 2 ** 30,
    clickhouse: { database: 'telltale', user: '', password: '' },
  })
  await migrate(store.writer)
  const transport = await openInline({ directory: join(data, 'journal') })
  const counters = newConsumerCounters()
  const consumer = startConsumer({
    source: transport.source,
    ledger: transport.ledger,
    store: blockStore(store.writer, {}, () => {}, store.writers),
    limits: { cardinality: 10_000, ...BLOCK_LIMITS },
    counters,
    log: (message, details) => console.error(message, details),
  })
  const taken = newIngestCounters()
  const accept = createIngest({
    decode: createDecoder({
      attributes: attributeTable({}),
      attributesPerSpan: 10_000,
      maxAgeMs: 29 * 86_400_000,
    }),
    fromJson: jsonToProtobuf,
    catalogs: () => compiled,
    append: transport.append,
    recordBytes: transport.recordBytes,
    cardinality: 10_000,
    counters: taken,
  })
  const idle = async () => {
    const [row] = await store.reader.query('SELECT count() AS n FROM system.merges')
    return Number(row!.n) === 0
  }
  return {
    accept,
    store,
    taken,
    counters,
    transport,
    /** Until everything acknowledged is in the store; merges included if asked for. */
    async settled({ merges }: { merges: boolean }) {
      const { durableEnd } = transport.stats()
      while (transport.stats().released < durableEnd) await delay(5)
      for (let times = 0; merges && times < 3; ) {
        times = (await idle()) ? times + 1 : 0
        await delay(100)
      }
    },
    async close() {
      await consumer.stop()
      await transport.close()
      await store.close()
    },
  }
}
