import { Counter, Histogram, type Registry } from 'prom-client'
import type { BlockStore } from '../consumer/deliver.ts'
import type { Query } from '../store/queries/query.ts'
import type { TableSize } from '../store/queries/table-sizes.ts'
import { gauge, type Reading } from './reading.ts'

const INSERT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]
/** Questions are meant to take up to 0.05 s; at 20 s the engine gives up. */
const QUERY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 20]
/** Sizes change slowly, and whoever scrapes every second should not make the store count its parts as often. */
const SIZES_MS = 15_000

interface Sources {
  sizes: () => Promise<TableSize[]>
  /** Of the disk that the data directory is on; null where there is none. */
  freeBytes: (() => Promise<number>) | null
}

/** What the store holds. A scrape never waits for it: it gets what was read last, and has it read anew. */
export function storeMetrics(registry: Registry, { sizes, freeBytes }: Sources): void {
  const known = lastKnown(sizes, SIZES_MS)
  const byTable = (of: (size: TableSize) => number) => (): Reading =>
    (known() ?? []).map((size) => [{ table: size.table }, of(size)])
  gauge(registry, {
    name: 'telltale_store_rows',
    help: 'rows in a table of the store, up to 15 s and one scrape ago',
    labels: ['table'],
    read: byTable(({ rows }) => rows),
  })
  gauge(registry, {
    name: 'telltale_store_bytes',
    help: 'bytes of a table on disk, compressed, up to 15 s and one scrape ago',
    labels: ['table'],
    read: byTable(({ bytes }) => bytes),
  })
  gauge(registry, {
    name: 'telltale_store_parts',
    help: 'parts of a table; hundreds of them mean that merging does not keep up',
    labels: ['table'],
    read: byTable(({ parts }) => parts),
  })
  if (freeBytes === null) return
  gauge(registry, {
    name: 'telltale_disk_free_bytes',
    help: 'free on the disk that holds the data directory',
    read: freeBytes,
  })
}

/** Parts that the engine could not read and that nothing could be made good from. */
export function damageMetrics(registry: Registry, damage: () => { table: string }[]): void {
  gauge(registry, {
    name: 'telltale_store_broken_parts',
    help: 'parts of a table that the engine could not read and set aside; /readyz says what to do',
    labels: ['table'],
    read: () =>
      [...Map.groupBy(damage(), ({ table }) => table)].map(([table, parts]) => [{ table }, parts.length]),
  })
}

/** The same store, with a clock on its inserts. */
export function timedInserts(registry: Registry, store: BlockStore): BlockStore {
  const seconds = new Histogram({
    name: 'telltale_store_insert_seconds',
    help: "one table's part of a block, inserted or failed",
    labelNames: ['table'],
    buckets: INSERT_SECONDS,
    registers: [registry],
  })
  const failed = new Counter({
    name: 'telltale_store_inserts_failed_total',
    help: "inserts of one table's part of a block that failed",
    labelNames: ['table'],
    registers: [registry],
  })
  return {
    mend: store.mend,
    async insert(table, native, token) {
      const stop = seconds.startTimer({ table })
      const outcome = await store.insert(table, native, token)
      stop()
      if (outcome.status !== 'done') failed.inc({ table })
      return outcome
    },
  }
}

/** The same questions, with a clock on them. */
export function timedQuery(registry: Registry, query: Query): Query {
  const seconds = new Histogram({
    name: 'telltale_store_query_seconds',
    help: 'questions to the store, waiting for a free connection included, answered or failed',
    buckets: QUERY_SECONDS,
    registers: [registry],
  })
  const failed = new Counter({
    name: 'telltale_store_queries_failed_total',
    help: 'questions to the store that failed',
    registers: [registry],
  })
  return async (sql, params) => {
    const stop = seconds.startTimer()
    try {
      return await query(sql, params)
    } catch (error) {
      failed.inc()
      throw error
    } finally {
      stop()
    }
  }
}

function lastKnown<T>(read: () => Promise<T>, forMs: number): () => T | undefined {
  let known: T | undefined
  let asked = Number.NEGATIVE_INFINITY
  const ask = () => {
    if (performance.now() - asked < forMs) return
    asked = performance.now()
    // A store that is away shows in other metrics; its last sizes are the best that is known.
    read().then(
      (value) => {
        known = value
      },
      () => {},
    )
  }
  ask()
  return () => {
    ask()
    return known
  }
}
