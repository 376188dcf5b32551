import type { Guard } from '../access/guard.ts'
import type { Tokens } from '../access/tokens.ts'
import type { Catalogs } from '../catalog/classify.ts'
import type { NewServer } from '../contract/new-server.ts'
import type { Query } from '../store/queries/query.ts'
import type { Upkeep } from '../store/upkeep/upkeep.ts'
import type { Asset } from '../web/page.ts'
import type { Answered } from './answered.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { Readiness } from './readiness.ts'

/** What the API is given. */
export interface Parts {
  query: Query
  catalogs: () => Catalogs
  page: Asset[]
  /** Who may have which answer. */
  guard: Guard
  newServer: NewServer
  /** Sites whose pages may read answers. */
  corsOrigins: string[]
  tokens: Pick<Tokens, 'list' | 'create' | 'revoke'>
  readiness: () => Promise<Readiness>
  /** What this process says of itself, as Prometheus reads it. */
  metrics: () => Promise<string>
  /** Hears of every answer when it is over. */
  answered: (answer: Answered) => void
  live: Live
  /** Spans received since the start. */
  spans: () => number
  /** Where spans are sent to, known once that listens. */
  otlpUrl: () => string
  /** Days that rows and rollups are kept. */
  retention: { errors: number; tenSeconds: number; minutes: number; hours: number }
  /** What is done to the store as a whole. */
  upkeep: Upkeep
  version: string
  log: Log
}

/** What it takes to say how a process is. */
export type StatusParts = Pick<
  Parts,
  | 'guard'
  | 'newServer'
  | 'corsOrigins'
  | 'readiness'
  | 'metrics'
  | 'answered'
  | 'spans'
  | 'otlpUrl'
  | 'version'
  | 'log'
>
