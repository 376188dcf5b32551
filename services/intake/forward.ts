import { blake3 } from '@napi-rs/blake-hash'
import type { IngestCounters } from '../consumer/ingest.ts'
import type { Appended } from '../contract/accepted.ts'
import type { Accept } from './receive.ts'
import { splitTraces } from './split-traces.ts'

export interface Forwarding {
  /** OTLP/JSON to OTLP protobuf, or what is wrong with it. */
  fromJson: (body: Buffer) => Buffer | { reason: string }
  /** Answers when all pieces are durable. */
  append: (pieces: { hash: Buffer; payload: Buffer }[]) => Promise<Appended>
  /** The largest piece. */
  pieceBytes: number
  counters: Pick<IngestCounters, 'refused' | 'deferred'>
}

const HASH_BYTES = 16
const RETRY_AFTER_SECONDS = 1

/**
 * Bytes on to whoever decodes them, looked at only as far as they are framed. What the topic has is protobuf alone, so
 * JSON is translated; what is larger than a message may be is cut between spans. The same payload gives the same pieces
 * with the same hashes, by which a resend is known.
 */
export function createForward({ fromJson, append, pieceBytes, counters }: Forwarding): Accept {
  const refuse = (why: keyof IngestCounters['refused'], reason: string) => {
    counters.refused[why]++
    return { status: 'reject', error: new Error(reason) } as const
  }

  return async (body, encoding) => {
    const bytes = encoding === 'json' ? fromJson(body) : body
    if (!(bytes instanceof Uint8Array)) return refuse('json', bytes.reason)
    const split = splitTraces(bytes, pieceBytes)
    if (split === null) return refuse('protobuf', 'the body is not an OTLP trace request in protobuf')
    const { payloads, dropped } = split
    if (payloads.length === 0 && dropped > 0)
      return refuse('too_large', `a single span is larger than ${pieceBytes} bytes`)
    if (payloads.length > 0) {
      const pieces = payloads.map((payload) => ({ hash: hashOf(payload), payload }))
      const appended = await append(pieces)
      if (appended.status === 'retry') {
        counters.deferred++
        return { status: 'retry', error: appended.error, retryAfterSeconds: RETRY_AFTER_SECONDS }
      }
    }
    counters.refused.too_large += dropped
    const message = dropped > 0 ? `spans larger than ${pieceBytes} bytes` : undefined
    return { status: 'done', rejectedSpans: dropped, message }
  }
}

/** Clients must not be able to make two payloads that pass for one: a cryptographic hash, the fastest of its strength. */
const hashOf = (payload: Buffer): Buffer => blake3(payload).subarray(0, HASH_BYTES)
