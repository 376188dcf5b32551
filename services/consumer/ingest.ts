import type { Accepted, Appended } from '../contract/accepted.ts'
import { type Catalogs, classify } from './classify.ts'
import { Payload } from './columns/payload.ts'
import type { PROBLEMS } from './decode/wire.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createRecordEncoder, recordSize } from './record.ts'
import { addTally, tally } from './tally.ts'

export interface Ingest {
  /** Decoder of OTLP protobuf: fills a payload, or says what is wrong with the bytes. */
  decode: (bytes: Uint8Array, payload: Payload, arrivalMs: number) => { reason: string } | null
  /** OTLP/JSON to OTLP protobuf. */
  fromJson: (body: Buffer) => Buffer | { reason: string }
  catalogs: () => Catalogs
  /** The transport: answers when the record is durable. May copy the record only before it returns. */
  append: (fingerprint: Buffer, record: Buffer) => Promise<Appended>
  /** The largest record that the transport takes. */
  recordBytes: number
  cardinality: number
  counters: IngestCounters
}

type Refusal = 'json' | 'protobuf' | 'too_large'
type Rejection = Exclude<(typeof PROBLEMS)[number], ''>

export interface IngestCounters {
  spans: number
  kept: number
  counted: number
  clamped: number
  attributesDropped: number
  overflowed: number
  payloads: number
  duplicates: number
  /** The transport could not take them at that moment. */
  deferred: number
  /** Whole payloads. */
  refused: Record<Refusal, number>
  /** Single spans of payloads that were taken. */
  rejectedFor: Record<Rejection, number>
}

export const newIngestCounters = (): IngestCounters => ({
  spans: 0,
  kept: 0,
  counted: 0,
  clamped: 0,
  attributesDropped: 0,
  overflowed: 0,
  payloads: 0,
  duplicates: 0,
  deferred: 0,
  refused: { json: 0, protobuf: 0, too_large: 0 },
  rejectedFor: { truncated: 0, long_varint: 0, group: 0, wire_type: 0, tag: 0, id: 0 },
})

const RETRY_AFTER_SECONDS = 1

/** From a request's body to a durable record: decode, classify, encode, append. */
export function createIngest(parts: Ingest) {
  const payload = new Payload(parts.cardinality)
  const encode = createRecordEncoder()
  const { counters } = parts

  return async (body: Buffer, encoding: 'protobuf' | 'json', arrivalMs: number): Promise<Accepted> => {
    const bytes = encoding === 'json' ? parts.fromJson(body) : body
    if (!(bytes instanceof Uint8Array)) return refuse(counters, 'json', bytes.reason)
    payload.reset()
    const problem = parts.decode(bytes, payload, arrivalMs)
    if (problem !== null) return refuse(counters, 'protobuf', problem.reason)
    const { rejected } = payload.counts
    const accepted: Accepted = {
      status: 'done',
      rejectedSpans: rejected,
      message: rejected > 0 ? payload.firstRejection : undefined,
    }
    const taken = tally(payload)
    if (payload.isEmpty) {
      addTally(counters, taken)
      return accepted
    }
    classify(parts.catalogs(), payload)
    if (recordSize(payload) > parts.recordBytes)
      return refuse(
        counters,
        'too_large',
        'the request holds more than can be kept at once; send smaller batches',
      )
    // Everything up to here is synchronous: the payload is free for the next request once `append` has copied it.
    const appended = await parts.append(fingerprintOf(body, payload), encode(payload))
    if (appended.status === 'retry') {
      counters.deferred++
      return { status: 'retry', error: appended.error, retryAfterSeconds: RETRY_AFTER_SECONDS }
    }
    if (appended.duplicate) counters.duplicates++
    else addTally(counters, taken)
    return accepted
  }
}

function refuse(counters: IngestCounters, why: Refusal, reason: string): Accepted {
  counters.refused[why]++
  return { status: 'reject', error: new Error(reason) }
}
