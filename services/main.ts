import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { type Door, openDoor } from './access/door.ts'
import { openTokens, SHARED_REFRESH_MS, type Tokens } from './access/tokens.ts'
import { type Answered, logAnswer } from './api/answered.ts'
import { buildApp, buildStatusApp } from './api/app.ts'
import { createLive, MOST_REMEMBERED } from './api/live/live.ts'
import { readiness } from './api/readiness.ts'
import type { Api } from './api/zod-provider.ts'
import type { LoadedCatalogs } from './catalog/load.ts'
import { watchCatalogs } from './catalog/watch.ts'
import { openJournalLine } from './composition/journal-line.ts'
import type * as KafkaLine from './composition/kafka-line.ts'
import type { Line } from './composition/line.ts'
import { openOtlp } from './composition/otlp.ts'
import { type Role, requireParts } from './composition/role.ts'
import type { Config } from './config.ts'
import type { Notice } from './contract/notice.ts'
import { VERSION } from './contract/version.ts'
import { freeBytes, makeDataDirectory } from './data-directory.ts'
import { apiMetrics } from './metrics/api.ts'
import { connectionMetrics } from './metrics/connections.ts'
import { newRegistry } from './metrics/process.ts'
import { retentionMetrics } from './metrics/retention.ts'
import { damageMetrics, storeMetrics, timedInserts, timedQuery } from './metrics/store.ts'
import { streamMetrics } from './metrics/streams.ts'
import { createSelf } from './self/self.ts'
import { blockStore } from './store/blocks/block-store.ts'
import { openStore } from './store/connect/open.ts'
import { migrate, requireSchema } from './store/migrate.ts'
import { tableSizes } from './store/queries/table-sizes.ts'
import { unknownEver } from './store/queries/unknown-ever.ts'
import { brokenText } from './store/upkeep/broken-parts.ts'
import { damageText } from './store/upkeep/damage.ts'
import { newRetentionCounters, startRetention } from './store/upkeep/keep.ts'
import { retentionOf } from './store/upkeep/retention.ts'
import { settleAtStart } from './store/upkeep/settle.ts'
import { startTending } from './store/upkeep/tend.ts'
import { nothingUnsettled } from './store/upkeep/unsettled.ts'
import { createUpkeep } from './store/upkeep/upkeep.ts'
import { embeddedStore, useOfData } from './store-place.ts'
import { lockDirectory } from './transport/inline/lock.ts'
import { loadPage } from './web/page.ts'

export interface Running {
  /** Base addresses, with the ports that were really taken. */
  urls: { api: string; otlp: string | null }
  catalogs: LoadedCatalogs
  /** Resolves, with why, when it must not go on and is to be started again at once. */
  broken: Promise<string>
  /** Takes in nothing more, delivers what is durable, closes. */
  stop(): Promise<void>
}

/** Telltale in this process, the whole of it or one role: the only place that knows which parts there are. */
export async function start(
  config: Config,
  { log, role = 'up' }: { log: Logger; role?: Role },
): Promise<Running> {
  requireParts(role, config)
  const closing: (() => Promise<unknown>)[] = []
  /** Closes everything, whatever else fails at it; the first failure is the one to hear of. */
  const stop = async () => {
    const failures: unknown[] = []
    for (let close = closing.pop(); close !== undefined; close = closing.pop())
      await close().catch((error) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  try {
    const wired = role === 'intake' ? wireIntake(config, log, closing) : wire(config, role, log, closing)
    return { ...(await wired), stop }
  } catch (error) {
    await stop().catch(() => {})
    throw error
  }
}

/** What is used first is opened first and closed last: the store before what reads the journal, intake after it. */
async function wire(
  config: Config,
  role: Exclude<Role, 'intake'>,
  log: Logger,
  closing: (() => Promise<unknown>)[],
): Promise<Omit<Running, 'stop'>> {
  const notice: Notice = (message, details) => log.warn(details, message)
  const metrics = newRegistry(VERSION)
  const { limits, data } = config
  const embedded = embeddedStore(config)

  // catalogs
  const catalogs = await watchCatalogs(config.catalogs, notice)
  closing.push(() => catalogs.close())

  // the data directory; before the engine's own lock, which says the same in words of its own
  const usesKafka = config.kafka.brokers.length > 0
  const usesDisk = embedded !== null || (role === 'up' && !usesKafka)
  if (usesDisk) {
    await makeDataDirectory(data, useOfData(config))
    closing.push(await lockDirectory(data))
  }

  // store
  const store = await openStore({ ...config, memoryBytes: limits.memoryBytes }, notice)
  closing.push(() => store.close())
  if (role === 'up') await migrate(store.writer)
  else await requireSchema(store.writer)
  const query = timedQuery(metrics, store.reader.query)
  storeMetrics(metrics, {
    sizes: () => tableSizes(query),
    freeBytes: usesDisk ? () => freeBytes(data) : null,
  })

  // access
  const { tokens, door } = await openAccess(config, { query, command: store.writer.command, notice }, closing)

  // what removes or moves stored rows, one at a time
  const { inTurn } = store.writers
  const retention = retentionOf(config.retention)
  const unsettled = nothingUnsettled(retention)
  const dropped = newRetentionCounters()
  if (role !== 'api') {
    await inTurn((alone) => settleAtStart(alone, retention, unsettled, notice))
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
  }
  retentionMetrics(metrics, dropped)

  // what the engine could not read when it opened the store; on a server, that is whose server it is
  const broken = Promise.withResolvers<string>()
  const tending =
    embedded === null
      ? null
      : await startTending({
          client: store.writer,
          inTurn,
          retention,
          notice,
          broken: (parts) => broken.resolve(brokenText(parts)),
        })
  if (tending !== null) closing.push(() => tending.stop())
  const damage = () => tending?.damage() ?? []
  damageMetrics(metrics, damage)

  // intake → journal or Kafka → consumer → block → store
  const live = createLive(await unknownEver(query, MOST_REMEMBERED))
  closing.push(async () => live.close())
  streamMetrics(metrics, live.counters)
  const parts = {
    config,
    catalogs,
    metrics,
    query,
    store: {
      blocks: timedInserts(metrics, blockStore(store.writer, retention, notice, store.writers, unsettled)),
      delivered: live.delivered,
    },
    takes: role === 'up',
    notice,
    fatal: (error: unknown, message: string) => log.fatal({ error }, message),
    closing,
  }
  const line = await (role === 'api' ? null : usesKafka ? kafkaLine(parts) : openJournalLine(parts))

  // whoever sends → intake
  const self = createSelf()
  const taking = line?.accept
    ? await openOtlp({ config, log, closing, metrics, door, self, accept: line.accept, taken: line.taken })
    : null
  const otlpUrl = taking?.url ?? null
  if (config.self && otlpUrl !== null) closing.push(await self.start({ otlpUrl, version: VERSION, notice }))

  // store → api → page
  const upkeep = createUpkeep({
    client: store.writer,
    stream: store.stream,
    inTurn,
    retention,
    unsettled,
    embedded,
    incoming: async () =>
      line === null ? { between: { run: (work) => work() }, stored: async () => true } : line.incoming(),
  })
  const apiCounted = apiMetrics(metrics)
  const status = {
    readiness: () =>
      readiness({
        query,
        damage: () => damageText(damage()),
        transport: line?.problem ?? null,
        consumer: line?.consumed ?? null,
        lag: line?.lag,
      }),
    metrics: () => metrics.metrics(),
    answered: (answer: Answered) => {
      apiCounted(answer)
      self.apiAnswered(answer)
      logAnswer(log, answer)
    },
    spans: () => line?.taken.spans ?? 0,
    otlpUrl: () => otlpUrl ?? '',
    guard: door.guardFor(limits.requests),
    newServer: door.newServer,
    corsOrigins: config.cors.origins,
    version: VERSION,
    log,
  }
  const api =
    role === 'consume'
      ? buildStatusApp(status)
      : buildApp({
          ...status,
          query,
          catalogs: catalogs.current,
          page: await loadPage(),
          live,
          retention: config.retention,
          tokens,
          upkeep,
        })
  closing.push(() => api.close())
  connectionMetrics(metrics, { ...(taking === null ? {} : { otlp: taking.server }), api: api.server })
  return {
    urls: { api: await listen(api, config, door), otlp: otlpUrl },
    catalogs: catalogs.loaded,
    broken: broken.promise,
  }
}

/** Takes OTLP and writes it to Kafka; the store is asked for tokens alone, and only where there is one for all. */
async function wireIntake(
  config: Config,
  log: Logger,
  closing: (() => Promise<unknown>)[],
): Promise<Omit<Running, 'stop'>> {
  const notice: Notice = (message, details) => log.warn(details, message)
  const metrics = newRegistry(VERSION)
  const catalogs = await watchCatalogs(config.catalogs, notice)
  closing.push(() => catalogs.close())
  const store =
    embeddedStore(config) === null
      ? await openStore({ ...config, memoryBytes: config.limits.memoryBytes })
      : null
  if (store !== null) closing.push(() => store.close())
  const query = store?.reader.query ?? (async () => [])
  const command = store?.writer.command ?? (async () => {})
  const { door } = await openAccess(config, { query, command, notice }, closing)
  const line = await kafkaLine({
    config,
    catalogs,
    metrics,
    query: null,
    store: null,
    takes: true,
    notice,
    fatal: (error, message) => log.fatal({ error }, message),
    closing,
  })
  const self = createSelf()
  const { accept, taken } = line
  const taking = await openOtlp({ config, log, closing, metrics, door, self, accept: accept!, taken })
  const apiCounted = apiMetrics(metrics)
  const api = buildStatusApp({
    readiness: () => readiness({ query: null, transport: line.problem, consumer: null }),
    metrics: () => metrics.metrics(),
    answered: (answer) => {
      apiCounted(answer)
      logAnswer(log, answer)
    },
    spans: () => 0,
    otlpUrl: () => taking.url,
    guard: door.guardFor(config.limits.requests),
    newServer: door.newServer,
    corsOrigins: config.cors.origins,
    version: VERSION,
    log,
  })
  closing.push(() => api.close())
  connectionMetrics(metrics, { otlp: taking.server, api: api.server })
  return {
    urls: { api: await listen(api, config, door), otlp: taking.url },
    catalogs: catalogs.loaded,
    broken: new Promise(() => {}),
  }
}

/** Its client is a fifth of all that would be loaded, and most have no use for it. */
const kafkaLine = async (parts: Parameters<typeof KafkaLine.openKafkaLine>[0]): Promise<Line> =>
  (await import('./composition/kafka-line.ts')).openKafkaLine(parts)

/** Who may come in, and to what. Tokens of a store that others share are looked up now and then. */
async function openAccess(
  config: Config,
  from: Omit<Parameters<typeof openTokens>[0], 'refreshMs'>,
  closing: (() => Promise<unknown>)[],
): Promise<{ tokens: Tokens; door: Door }> {
  const refreshMs = embeddedStore(config) === null ? SHARED_REFRESH_MS : undefined
  const tokens = await openTokens({ ...from, refreshMs })
  closing.push(() => tokens.close())
  const door = await openDoor(config, tokens, from.notice)
  closing.push(async () => door.close())
  return { tokens, door }
}

/** Answers the address with the port that was really taken. */
async function listen(api: Api, { host, port }: Config, door: Door): Promise<string> {
  await api.listen({ host, port })
  const taken = api.server.address() as AddressInfo
  return door.urlOf({ host, port: taken.port })
}
