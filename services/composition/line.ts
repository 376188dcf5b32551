import type { Registry } from 'prom-client'
import type { WatchedCatalogs } from '../catalog/watch.ts'
import type { Config } from '../config.ts'
import type { ConsumerCounters, Delivered } from '../consumer/consume.ts'
import type { BlockStore } from '../consumer/deliver.ts'
import type { IngestCounters } from '../consumer/ingest.ts'
import type { Notice } from '../contract/notice.ts'
import type { Accept } from '../intake/receive.ts'
import type { Incoming } from '../store/upkeep/upkeep.ts'

/** From intake to the store: through the journal, or through Kafka. */
export interface Line {
  /** What intake hands on to; null in a process that takes nothing in. */
  accept: Accept | null
  /** Null in a process that stores nothing. */
  consumed: ConsumerCounters | null
  taken: IngestCounters
  /** Why nothing can be taken in, or consumed, or null. */
  problem: () => Promise<string | null>
  lag?: () => { records: number; seconds: number }
  /** What upkeep must know of it. */
  incoming: () => Promise<Incoming>
}

export interface LineParts {
  config: Config
  catalogs: WatchedCatalogs
  metrics: Registry
  /** Null in a process that stores nothing. */
  store: { blocks: BlockStore; delivered: (block: Delivered) => void } | null
  /** Is taken in here, and goes on from here? */
  takes: boolean
  notice: Notice
  fatal: (error: unknown, message: string) => void
  closing: (() => Promise<unknown>)[]
}
