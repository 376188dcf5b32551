import kafkajs, { type Kafka, type SASLOptions } from 'kafkajs'
import type { Notice } from '../../contract/notice.ts'
import { registerCodecs } from './codecs.ts'
import type { Frames } from './frames.ts'
import { socketFactory } from './socket.ts'

export interface ClientOptions {
  brokers: string[]
  /** Verified against the usual authorities, or against `ca` (PEM). */
  tls: { ca?: string } | null
  sasl: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; user: string; password: string } | null
  notice: Notice
}

/** A broker behind a slow network has answered by then. */
const CONNECT_MS = 5_000
const REQUEST_MS = 30_000
/** The same complaint again is not news: kafkajs complains at each of its attempts. */
const QUIET_MS = 30_000

/** With `frames`, large answers come in memory of theirs. */
export function createClient({ brokers, tls, sasl, notice }: ClientOptions, frames?: Frames): Kafka {
  registerCodecs()
  return new kafkajs.Kafka({
    clientId: 'telltale',
    brokers,
    socketFactory: frames && socketFactory(frames),
    ssl: tls ?? undefined,
    sasl: sasl === null ? undefined : ({ ...sasl, username: sasl.user } as SASLOptions),
    connectionTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    retry: { initialRetryTime: 100, maxRetryTime: 5_000, retries: 8 },
    logLevel: kafkajs.logLevel.ERROR,
    logCreator: () => complaints(notice),
  })
}

function complaints(notice: Notice) {
  const told = new Map<string, number>()
  return ({
    log: { message, error, broker },
  }: {
    log: { message: string; error?: unknown; broker?: unknown }
  }) => {
    const now = performance.now()
    const last = told.get(message)
    if (last !== undefined && now - last < QUIET_MS) return
    // Messages name brokers and topics: few of each.
    if (told.size > 100) told.clear()
    told.set(message, now)
    notice('Kafka', { complaint: message, error, broker })
  }
}
