import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isLoopbackAddress } from './access/address.ts'
import { openCertificate } from './access/certificate.ts'
import { createGuard } from './access/guard.ts'
import { createRateLimit } from './access/rate-limit.ts'
import { openTokens } from './access/tokens.ts'
import { logAnswer } from './api/answered.ts'
import { buildApp } from './api/app.ts'
import { createLive, MOST_REMEMBERED } from './api/live/live.ts'
import { compileCatalogs } from './catalog/classify.ts'
import { type LoadedCatalogs, loadCatalogs } from './catalog/load.ts'
import type { Config } from './config.ts'
import { BLOCK_LIMITS, newConsumerCounters, startConsumer } from './consumer/consume.ts'
import { attributeTable } from './consumer/decode/attributes.ts'
import { createDecoder } from './consumer/decode/decoder.ts'
import { jsonToProtobuf } from './consumer/decode/json.ts'
import { createIngest, newIngestCounters } from './consumer/ingest.ts'
import type { Ledger } from './contract/ledger.ts'
import type { NewServer } from './contract/new-server.ts'
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
import { readiness } from './readiness.ts'
import { createSelf } from './self/self.ts'
import { betweenBlocks } from './store/between-blocks.ts'
import { blockStore } from './store/block-store.ts'
import { settleErasures } from './store/erase.ts'
import { newRetentionCounters, startRetention } from './store/keep.ts'
import { migrate } from './store/migrate.ts'
import { openStore } from './store/open.ts'
import { tableSizes } from './store/queries/table-sizes.ts'
import { unknownEver } from './store/queries/unknown-ever.ts'
import { retentionOf } from './store/retention.ts'
import { turns } from './store/turns.ts'
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

/** What has not been stored for so long waits for a store that is down. */
const STORED_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 20
const HOUR_MS = 3_600_000
/** Of a store that others write to: so long a token lives on that they have revoked. */
const TOKENS_EVERY_MS = 5_000
const DAY_MS = 24 * HOUR_MS
/**
 * Older spans are counted when they arrive: their day is not kept, or about to go; and a clock that is years off would
 * make a partition of every day it names.
 */
const MOST_BACK_MS = 60 * DAY_MS

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

async function wire(
  config: Config,
  log: Logger,
  closing: (() => Promise<unknown>)[],
): Promise<Omit<Running, 'stop'>> {
  const notice = (message: string, details: Record<string, unknown>) => log.warn(details, message)
  const metrics = newRegistry(VERSION)
  const { limits } = config

  const loaded = await loadCatalogs(config.catalogs)
  const { catalogs, problems } = loaded
  if (problems.length > 0)
    throw new Error(
      `the catalogs have problems:\n${problems.map(({ file, line, message }) => `  ${file}${line === undefined ? '' : `:${line}`}: ${message}`).join('\n')}`,
    )
  const compiled = compileCatalogs(catalogs)

  // Before the engine's own lock, which says the same in words of its own.
  await makeDataDirectory(config.data, config.clickhouse.url === undefined ? 'engine' : 'journal')
  closing.push(await lockDirectory(config.data))

  const retention = retentionOf(config.retention)
  const store = await openStore({ ...config, memoryBytes: limits.memoryBytes })
  closing.push(() => store.close())
  await migrate(store.writer)
  const query = timedQuery(metrics, store.reader.query)
  storeMetrics(metrics, {
    sizes: () => tableSizes(query),
    freeBytes: () => freeBytes(config.data),
  })

  const tokens = await openTokens({
    query,
    command: store.writer.command,
    refreshMs: config.clickhouse.url === undefined ? undefined : TOKENS_EVERY_MS,
    notice,
  })
  closing.push(() => tokens.close())
  const isLocal = config.host === 'localhost' || isLoopbackAddress(config.host)
  if (!isLocal && !tokens.exist() && !config.insecure) throw new Error(exposed(config))
  const guardFor = (requests: number) =>
    createGuard({ tokens, isLocal, isInsecure: config.insecure, rate: createRateLimit(requests) })

  const { cert, key } = config.tls
  const isSecure = cert !== undefined && key !== undefined
  const certificate = isSecure ? await openCertificate({ cert, key }, notice) : undefined
  closing.push(async () => certificate?.close())
  const newServer: NewServer = certificate?.newServer ?? createServer
  if (!isLocal && !isSecure)
    log.warn({ host: config.host }, 'tokens are sent where others may read them: set tls.cert and tls.key')
  const cutShort = await settleErasures(store.writer)
  if (cutShort.length > 0)
    log.warn(
      { erasures: cutShort },
      'an erasure was cut short; ask for it again to have the rest of it erased',
    )
  const inTurn = turns()
  const dropped = newRetentionCounters()
  closing.push(
    await startRetention({
      client: store.writer,
      inTurn,
      retention,
      diskBytes: config.retention.diskBytes,
      counters: dropped,
      log,
    }),
  )
  retentionMetrics(metrics, dropped)

  const transport = await openInline({
    directory: join(config.data, 'journal'),
    maxBytes: limits.journalBytes,
    notice,
  })
  closing.push(() => transport.close())
  journalMetrics(metrics, transport.stats, limits.journalBytes)

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
    store: timedInserts(metrics, blockStore(store.writer, retention, notice, inTurn)),
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

  const self = createSelf()
  const otlpAnswered = otlpSeconds(metrics)
  const intake = createIntake({
    accept: createIngest({
      decode: createDecoder({
        attributes: attributeTable(config.attributes),
        attributesPerSpan: limits.attributesPerSpan,
        maxAgeMs: Math.min(config.retention.errors * DAY_MS, MOST_BACK_MS) - HOUR_MS,
      }),
      fromJson: jsonToProtobuf,
      catalogs: () => compiled,
      append: transport.append,
      recordBytes: transport.recordBytes,
      cardinality: limits.cardinality,
      counters: taken,
    }),
    guard: self.admitting(guardFor(limits.otlpRequests)),
    newServer,
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
  const otlp = await intake.listen(config.host, config.otlpPort)
  const otlpUrl = addressOf(isSecure, otlp)
  if (config.self) closing.push(await self.start({ otlpUrl, version: VERSION, notice }))

  const counted = apiMetrics(metrics)
  const api = buildApp({
    query,
    catalogs: () => compiled,
    page: await loadPage(),
    readiness: () => readiness(query, transport.stats().failure, consumed),
    metrics: () => metrics.metrics(),
    answered: (answer) => {
      counted(answer)
      self.apiAnswered(answer)
      logAnswer(log, answer)
    },
    live,
    spans: () => taken.spans,
    otlpUrl: () => otlpUrl,
    retention: config.retention,
    guard: guardFor(limits.requests),
    newServer,
    corsOrigins: config.cors.origins,
    tokens,
    upkeep: createUpkeep({
      client: store.writer,
      stream: store.stream,
      inTurn,
      embedded:
        config.clickhouse.url === undefined
          ? { data: config.data, database: config.clickhouse.database }
          : null,
      incoming: async () => ({
        between,
        stored: () => storedUpTo(transport.stats().durableEnd, between.ledger),
      }),
    }),
    version: VERSION,
    log,
  })
  closing.push(() => api.close())
  connectionMetrics(metrics, { otlp: intake.server, api: api.server })
  await api.listen({ host: config.host, port: config.port })
  const { port } = api.server.address() as AddressInfo
  const urls = { api: addressOf(isSecure, { host: config.host, port }), otlp: otlpUrl }
  return { urls, catalogs: loaded }
}

const exposed = ({ host, data }: Config): string =>
  `${host} can be reached from other machines, and there is no token yet, so anybody could read and write. ` +
  `Make one: telltale token create --scope admin --data ${data} (or serve anybody on purpose, with --insecure).`

const addressOf = (isSecure: boolean, { host, port }: { host: string; port: number }): string =>
  `${isSecure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`

/** Records are in the store below the ledger's position. */
async function storedUpTo(end: number, ledger: Pick<Ledger, 'read'>): Promise<boolean> {
  const deadline = performance.now() + STORED_WITHIN_MS
  while (ledger.read().position < end) {
    if (performance.now() > deadline) return false
    await delay(LOOK_EVERY_MS)
  }
  return true
}
