import type { KafkaMessage } from 'kafkajs'

/** Where intake writes the hash of a payload that a client may send again; it is the key too. */
export const HASH_HEADER = 'telltale-payload'
export const HASH_BYTES = 16

export function hashOf({ headers }: KafkaMessage): Buffer | null {
  const value = headers?.[HASH_HEADER]
  return Buffer.isBuffer(value) && value.length === HASH_BYTES ? value : null
}
