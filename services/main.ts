import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { openDoor } from './access/door.ts'
import { openTokens, SHARED_REFRESH_MS } from './access/tokens.ts'
import { logAnswer } from './api/answered.ts'
import { buildApp } from './api/app.ts'
import { createLive, MOST_REMEMBERED } from './api/live/live.ts'
import { readiness } from './api/readiness.ts'
import type { LoadedCatalogs } from './catalog/load.ts'
import { watchCatalogs } from './catalog/watch.ts'
import type { Config } from './config.ts'
import { BLOCK_LIMITS, newConsumerCounters, startConsumer } from './consumer/consume.ts'
import { attributeTable } from './consumer/decode/attributes.ts'
import { createDecoder } from './consumer/decode/decoder.ts'
import { jsonToProtobuf } from './consumer/decode/json.ts'
import { maxAgeMs } from './consumer/decode/max-age.ts'
import { createIngest, newIngestCounters } from './consumer/ingest.ts'
import type { Notice } from './contract/notice.ts'
import { VERSION } from './contract/version.ts'
import { freeBytes, makeDataDirectory } from './data-directory.ts'
import { createIntake } from './intake/intake.ts'
import { apiMetrics } from './metrics/api.ts'
import { blockMetrics } from './metrics/blocks.ts'
import { connectionMetrics } from './metrics/connections.ts'
import { intakeMetrics, otlpSeconds } from './metrics/intake.ts'
import { journalMetrics } from './metrics/journal.ts'
import { newRegistry } from './metrics/process.ts'
import { retentionMetrics } from './metrics/retention.ts'
import { storeMetrics, timedInserts, timedQuery } from './metrics/store.ts'
import { streamMetrics } from './metrics/streams.ts'
import { createSelf } from './self/self.ts'
import { betweenBlocks } from './store/between-blocks.ts'
import { blockStore } from './store/block-store.ts'
import { newRetentionCounters, startRetention } from './store/keep.ts'
import { migrate } from './store/migrate.ts'
import { openStore } from './store/open.ts'
import { tableSizes } from './store/queries/table-sizes.ts'
import { unknownEver } from './store/queries/unknown-ever.ts'
import { retentionOf } from './store/retention.ts'
import { settleAtStart } from './store/settle.ts'
import { storedUpTo } from './store/stored-up-to.ts'
import { createUpkeep } from './store/upkeep.ts'
import { lockDirectory } from './transport/inline/lock.ts'
import { openInline } from './transport/inline/open.ts'
import { loadPage } from './web/page.ts'

export interface Running {
  /** Base addresses, with the ports that were really taken. */
  urls: { api: string; otlp: string }
  catalogs: LoadedCatalogs
  /** Takes in nothing more, delivers what is durable, closes. */
  stop(): Promise<void>
}

/** The whole of Telltale in this process: the only place that knows which parts there are. */
export async function start(config: Config, { log }: { log: Logger }): Promise<Running> {
  const closing: (() => Promise<unknown>)[] = []
  /** Closes everything, whatever else fails at it; the first failure is the one to hear of. */
  const stop = async () => {
    const failures: unknown[] = []
    for (let close = closing.pop(); close !== undefined; close = closing.pop())
      await close().catch((error) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  try {
    return { ...(await wire(config, log, closing)), stop }
  } catch (error) {
    await stop().catch(() => {})
    throw error
  }
}

/** What is used first is opened first and closed last: the store before what reads the journal, intake after it. */
async function wire(
  config: Config,
  log: Logger,
  closing: (() => Promise<unknown>)[],
): Promise<Omit<Running, 'stop'>> {
  const notice: Notice = (message, details) => log.warn(details, message)
  const metrics = newRegistry(VERSION)
  const { limits, clickhouse, data } = config
  const embedded = clickhouse.url === undefined ? { data, database: clickhouse.database } : null

  // catalogs
  const catalogs = await watchCatalogs(config.catalogs, notice)
  closing.push(() => catalogs.close())

  // the data directory; before the engine's own lock, which says the same in words of its own
  await makeDataDirectory(data, embedded === null ? 'journal' : 'engine')
  closing.push(await lockDirectory(data))

  // store
  const store = await openStore({ ...config, memoryBytes: limits.memoryBytes })
  closing.push(() => store.close())
  await migrate(store.writer)
  const query = timedQuery(metrics, store.reader.query)
  storeMetrics(metrics, { sizes: () => tableSizes(query), freeBytes: () => freeBytes(data) })

  // access
  const tokens = await openTokens({
    query,
    command: store.writer.command,
    refreshMs: embedded === null ? SHARED_REFRESH_MS : undefined,
    notice,
  })
  closing.push(() => tokens.close())
  const door = await openDoor(config, tokens, notice)
  closing.push(async () => door.close())

  // what removes or moves stored rows, one at a time
  const { inTurn } = store.writers
  const retention = retentionOf(config.retention)
  const dropped = newRetentionCounters()
  await inTurn((alone) => settleAtStart(alone, retention, notice))
  const stopRetention = await startRetention({
    client: store.writer,
    inTurn,
    retention,
    diskBytes: config.retention.diskBytes,
    counters: dropped,
    now: Date.now,
    log,
  })
  closing.push(stopRetention)
  retentionMetrics(metrics, dropped)

  // journal
  const transport = await openInline({
    directory: join(data, 'journal'),
    maxBytes: limits.journalBytes,
    notice,
  })
  closing.push(() => transport.close())
  journalMetrics(metrics, transport.stats, limits.journalBytes)

  // journal → consumer → block → store
  const live = createLive(await unknownEver(query, MOST_REMEMBERED))
  closing.push(async () => live.close())
  streamMetrics(metrics, live.counters)
  const between = betweenBlocks(transport.ledger, () => transport.ledger.flush())
  const consumed = newConsumerCounters()
  const taken = newIngestCounters()
  const blockCounted = blockMetrics(metrics, consumed, taken)
  const consumer = startConsumer({
    source: transport.source,
    ledger: between.ledger,
    store: timedInserts(metrics, blockStore(store.writer, retention, notice, store.writers)),
    limits: { cardinality: limits.cardinality, ...BLOCK_LIMITS },
    counters: consumed,
    delivered: (block) => {
      blockCounted(block)
      live.delivered(block)
    },
    log: notice,
  })
  consumer.done.catch((error) => {
    consumed.problem = String(error)
    log.fatal({ error }, 'the consumer cannot go on')
  })
  closing.push(() => consumer.stop())

  // intake → decode → classify → record → journal
  const self = createSelf()
  const otlpAnswered = otlpSeconds(metrics)
  const intake = createIntake({
    accept: createIngest({
      decode: createDecoder({
        attributes: attributeTable(config.attributes),
        attributesPerSpan: limits.attributesPerSpan,
        maxAgeMs: maxAgeMs(config.retention.errors),
      }),
      fromJson: jsonToProtobuf,
      catalogs: catalogs.current,
      append: transport.append,
      recordBytes: transport.recordBytes,
      cardinality: limits.cardinality,
      counters: taken,
    }),
    guard: self.admitting(door.guardFor(limits.otlpRequests)),
    newServer: door.newServer,
    corsOrigins: config.cors.origins,
    limits,
    answered: (answer) => {
      otlpAnswered(answer)
      self.otlpAnswered(answer)
    },
    log: (message, error) => log.error({ error }, message),
  })
  closing.push(() => intake.close())
  intakeMetrics(metrics, intake.counters, taken)
  const otlpUrl = door.urlOf(await intake.listen(config.host, config.otlpPort))
  if (config.self) closing.push(await self.start({ otlpUrl, version: VERSION, notice }))

  // store → api → page
  const upkeep = createUpkeep({
    client: store.writer,
    stream: store.stream,
    inTurn,
    retention,
    embedded,
    incoming: async () => ({
      between,
      stored: () => storedUpTo(transport.stats().durableEnd, between.ledger),
    }),
  })
  const apiCounted = apiMetrics(metrics)
  const api = buildApp({
    query,
    catalogs: catalogs.current,
    page: await loadPage(),
    readiness: () => readiness(query, transport.stats().failure, consumed),
    metrics: () => metrics.metrics(),
    answered: (answer) => {
      apiCounted(answer)
      self.apiAnswered(answer)
      logAnswer(log, answer)
    },
    live,
    spans: () => taken.spans,
    otlpUrl: () => otlpUrl,
    retention: config.retention,
    guard: door.guardFor(limits.requests),
    newServer: door.newServer,
    corsOrigins: config.cors.origins,
    tokens,
    upkeep,
    version: VERSION,
    log,
  })
  closing.push(() => api.close())
  connectionMetrics(metrics, { otlp: intake.server, api: api.server })
  await api.listen({ host: config.host, port: config.port })
  const { port } = api.server.address() as AddressInfo
  return { urls: { api: door.urlOf({ host: config.host, port }), otlp: otlpUrl }, catalogs: catalogs.loaded }
}
