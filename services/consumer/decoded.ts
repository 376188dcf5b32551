import type { Notice } from '../contract/notice.ts'
import type { Source, SourceRecord } from '../contract/source.ts'
import type { Breaker } from './breaker.ts'
import { type Catalogs, classify } from './classify.ts'
import { Payload } from './columns/payload.ts'
import type { Ingest, IngestCounters } from './ingest.ts'
import { createRecordEncoder } from './record.ts'
import { addTally, tally } from './tally.ts'

/** A payload that is none: its bytes as they came, and why they say nothing. */
export interface DeadLetter {
  origin: string
  offset: number
  reason: 'json' | 'protobuf'
  detail: string
  bytes: Buffer
}

export interface Decoding extends Pick<Ingest, 'decode' | 'fromJson'> {
  catalogs: () => Catalogs
  /** Which catalogs these are. */
  catalogsVersion: () => string
  cardinality: number
  counters: IngestCounters
  /** Wall clock, ms. */
  now: () => number
  /** Takes what cannot be decoded. The same letter may come again. */
  breaker: Pick<Breaker, 'good' | 'bury'>
  /** The source ends. */
  signal: AbortSignal
  notice: Notice
}

/** What decides the records of a block besides their bytes. */
interface Decided {
  /** Spans are clamped by it, and it stands in for times that are missing. */
  clock: number
  catalogs: string
}

/** No payload in protobuf begins with it: as a tag it would open a group. */
const OPENING_BRACE = 0x7b

/**
 * A source of payloads as they came from Kafka, OTLP in protobuf or JSON, as one of records. A payload is decoded when
 * it is asked for, with what was decided at the beginning of its block, so that to ask again gives the same record.
 * One record a time, good until the next one: a decoded payload is a piece of work, and what a block has no room for
 * would be decoded twice.
 */
export function decodedSource(raw: Source, parts: Decoding): Source {
  const payload = new Payload(parts.cardinality)
  const encode = createRecordEncoder()
  let decided: Decided = { clock: parts.now(), catalogs: parts.catalogsVersion() }
  let catalogs = parts.catalogs()
  let written: Record<string, unknown> | null = null
  /** Nothing has been decoded for this block yet. */
  let fresh = true

  /** With the first payload, not before: a block may wait for it for hours. */
  function decide(): void {
    fresh = false
    catalogs = parts.catalogs()
    decided = { clock: parts.now(), catalogs: parts.catalogsVersion() }
    if (typeof written?.clock === 'number') decided.clock = written.clock
    // The catalogs of then are gone. Each table has the verdicts of one of the two, and all agree in their counts.
    if (typeof written?.catalogs === 'string' && written.catalogs !== decided.catalogs)
      parts.notice('a range of an earlier run is delivered with the catalogs of now', { origin: raw.origin })
  }

  /** The reason, where it cannot be decoded. */
  function decode(bytes: Buffer): Pick<DeadLetter, 'reason' | 'detail'> | null {
    if (fresh) decide()
    payload.reset()
    if (bytes.length === 0) return null
    const protobuf = bytes[0] === OPENING_BRACE ? parts.fromJson(bytes) : bytes
    if (!(protobuf instanceof Uint8Array)) return { reason: 'json', detail: protobuf.reason }
    const problem = parts.decode(protobuf, payload, decided.clock)
    return problem === null ? null : { reason: 'protobuf', detail: problem.reason }
  }

  /** Null when the end came before it was clear what becomes of the payload. */
  async function recordOf({ offset, arrival, record: bytes }: SourceRecord): Promise<SourceRecord | null> {
    const problem = decode(bytes)
    if (problem !== null) {
      const letter = { origin: raw.origin, offset, ...problem, bytes }
      if (!(await parts.breaker.bury(letter, parts.signal))) return null
      parts.counters.refused[problem.reason]++
      payload.reset()
    } else if (bytes.length > 0) {
      parts.breaker.good()
      addTally(parts.counters, tally(payload))
      classify(catalogs, payload)
    }
    return { offset, arrival, record: encode(payload) }
  }

  return {
    origin: raw.origin,
    begin(before) {
      fresh = true
      written = before
    },
    decided: () => ({ ...decided }),
    async read(from) {
      const [next] = await raw.read(from, 1)
      const record = next === undefined ? null : await recordOf(next)
      return record === null ? [] : [record]
    },
    wait: (from, signal) => raw.wait(from, signal),
    release: (offset) => raw.release(offset),
    isBehind: () => raw.isBehind?.() ?? false,
  }
}
