import type { Config } from '../config.ts'
import { embeddedStore } from '../store-place.ts'

/** What a process does: all of it, or one part, of which there can be many. */
export const ROLES = ['up', 'intake', 'consume', 'api'] as const
export type Role = (typeof ROLES)[number]

/** Several processes share what they work on: Kafka between intake and consumers, a ClickHouse server below. */
export function requireParts(role: Role, config: Config): void {
  if (role === 'up') return
  if (role !== 'api' && config.kafka.brokers.length === 0)
    throw new Error(`${role} needs Kafka: set TELLTALE_KAFKA_BROKERS (one process without it: telltale up)`)
  if (role !== 'intake' && embeddedStore(config) !== null)
    throw new Error(
      `${role} needs a ClickHouse server that others can reach too: set TELLTALE_CLICKHOUSE_URL (one process without it: telltale up)`,
    )
}
