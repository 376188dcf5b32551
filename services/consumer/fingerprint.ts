import { crc32 } from 'node:zlib'
import type { Payload } from './columns/payload.ts'

/** How much of a payload's beginning and end goes into its checksum. */
const EDGE_BYTES = 4096

/**
 * What makes a payload the same payload when it is sent again: its length, a fold over the ids and times of every
 * span in it (random by specification, so these alone tell payloads apart), and a checksum of both ends of the bytes
 * for spans that somebody wrote without ids.
 */
export function fingerprintOf(body: Buffer, payload: Payload): Buffer {
  const head = crc32(body.subarray(0, EDGE_BYTES))
  const checksum = body.length > EDGE_BYTES ? crc32(body.subarray(-EDGE_BYTES), head) : head
  const fingerprint = Buffer.allocUnsafe(16)
  fingerprint.writeUInt32LE(checksum, 0)
  fingerprint.writeUInt32LE(body.length >>> 0, 4)
  fingerprint.writeInt32LE(payload.mixLow | 0, 8)
  fingerprint.writeInt32LE(payload.mixHigh | 0, 12)
  return fingerprint
}
