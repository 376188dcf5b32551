import type { Payload } from '../columns/payload.ts'
import { readValue } from './any-value.ts'
import type { AttributeTable } from './attributes.ts'
import { Captured } from './captured.ts'
import { isLimitHeader } from './limit-header.ts'
import type { NameTable } from './name-table.ts'
import { SpanRows } from './span-rows.ts'
import { usualAttributes } from './usual-attributes.ts'
import {
  BAD_ID,
  BYTES,
  cursor,
  FIXED32,
  FIXED64,
  reasonOf,
  skip,
  TRUNCATED,
  tagAt,
  VARINT,
  varint,
  WRONG_TYPE,
} from './wire.ts'

// One pass over the bytes of an ExportTraceServiceRequest:
//
//   decode           the request: ResourceSpans after ResourceSpans
//   resourceSpans    first every Resource in it (the Collector writes it last), then every ScopeSpans
//   scopeSpans       span after span; what is wrong inside one costs that span, what is wrong around them the payload
//   span             fields in any order: ids, times, kind and status into local variables
//   attribute        one KeyValue: is it a wanted one? then its value's place into `captured`
//   event            exceptions only
//
// A span's rows are written when all of it was read, so a malformed one leaves no trace. Numbers below zero are
// problems (wire.ts). No object, string or closure is made per span; fields usual for SDKs and the Collector, whose
// tags and lengths take one byte, go fast paths, and everything else goes through wire.ts.

export interface DecodeError {
  reason: string
  /** Where in the bytes. */
  position: number
}

/** Wire type of each field of Span, by its number. */
const SPAN_FIELDS = Uint8Array.of(
  255,
  BYTES, // 1 trace_id
  BYTES, // 2 span_id
  BYTES, // 3 trace_state
  BYTES, // 4 parent_span_id
  BYTES, // 5 name
  VARINT, // 6 kind
  FIXED64, // 7 start_time_unix_nano
  FIXED64, // 8 end_time_unix_nano
  BYTES, // 9 attributes
  VARINT, // 10 dropped_attributes_count
  BYTES, // 11 events
  VARINT, // 12 dropped_events_count
  BYTES, // 13 links
  VARINT, // 14 dropped_links_count
  BYTES, // 15 status
  FIXED32, // 16 flags
)
const EVENT_FIELDS = Uint8Array.of(255, FIXED64, BYTES, BYTES, VARINT)
const EXCEPTION = Buffer.from('exception')

export class Scanner {
  private bytes: Buffer = Buffer.alloc(0)
  private readonly table: NameTable
  private readonly resourceTable: NameTable
  private readonly captured: Captured
  private readonly resource: Captured
  private readonly rows: SpanRows
  private readonly attributesPerSpan: number
  private payload: Payload | null = null
  private spans = 0
  // Bounds of the KeyValue that `keyValue` read.
  private keyStart = 0
  private keyEnd = 0
  private valueStart = 0
  private valueEnd = 0
  // What `status` read.
  private statusCode = 0
  private statusTextStart = 0
  private statusTextEnd = 0

  constructor(options: { attributes: AttributeTable; attributesPerSpan: number; maxAgeMs: number }) {
    this.table = options.attributes.span
    this.resourceTable = options.attributes.resource
    this.attributesPerSpan = options.attributesPerSpan
    this.captured = new Captured(this.table)
    this.resource = new Captured(this.resourceTable)
    this.rows = new SpanRows(this.captured, options.maxAgeMs)
  }

  decode(input: Uint8Array, payload: Payload, arrivalMs: number): DecodeError | null {
    const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
    this.bytes = bytes
    this.captured.use(bytes, view)
    this.resource.use(bytes, view)
    this.rows.begin(payload, arrivalMs)
    this.payload = payload
    this.spans = 0
    const end = bytes.length
    let at = 0
    while (at < end) {
      const from = at
      const tag = tagAt(bytes, at, end)
      if (tag < 0) return failure(tag, from)
      at = skip(bytes, cursor.at, end, tag & 7)
      if (at < 0) return failure(at, from)
      if (tag >>> 3 !== 1) continue
      if ((tag & 7) !== BYTES) return failure(WRONG_TYPE, from)
      const problem = this.resourceSpans(cursor.at, at)
      if (problem !== null) return problem
    }
    payload.counts.spans += this.spans
    this.rows.finish()
    return null
  }

  private resourceSpans(start: number, end: number): DecodeError | null {
    const { bytes } = this
    this.resource.begin()
    for (let at = start; at < end; ) {
      const from = at
      const tag = tagAt(bytes, at, end)
      if (tag < 0) return failure(tag, from)
      at = skip(bytes, cursor.at, end, tag & 7)
      if (at < 0) return failure(at, from)
      if (tag >>> 3 > 3) continue
      if ((tag & 7) !== BYTES) return failure(WRONG_TYPE, from)
      if (tag >>> 3 !== 1) continue
      const problem = this.resourceAttributes(cursor.at, at)
      if (problem < 0) return failure(problem, from)
    }
    this.rows.useResource(this.resource)
    for (let at = start; at < end; ) {
      const tag = tagAt(bytes, at, end)
      at = skip(bytes, cursor.at, end, tag & 7)
      if (tag >>> 3 !== 2) continue
      const problem = this.scopeSpans(cursor.at, at)
      if (problem !== null) return problem
    }
    return null
  }

  /** A Resource; of several the attributes come together. */
  private resourceAttributes(start: number, end: number): number {
    const { bytes } = this
    for (let at = start; at < end; ) {
      const tag = tagAt(bytes, at, end)
      if (tag < 0) return tag
      at = skip(bytes, cursor.at, end, tag & 7)
      if (at < 0) return at
      if (tag >>> 3 !== 1) continue
      if ((tag & 7) !== BYTES) return WRONG_TYPE
      const problem = this.keyValue(cursor.at, at)
      if (problem < 0) return problem
      const entry = this.resourceTable.find(bytes, this.keyStart, this.keyEnd)
      if (entry === 0) continue
      const bad = readValue(bytes, this.valueStart, this.valueEnd) || this.resource.take(entry, 0)
      if (bad < 0) return bad
    }
    return 0
  }

  private scopeSpans(start: number, end: number): DecodeError | null {
    const { bytes, payload } = this
    const { counts } = payload!
    let at = start
    while (at < end) {
      const from = at
      let stop: number
      // A span of 128 bytes to 16 KB.
      if (bytes[at] === 0x12 && at + 3 <= end && bytes[at + 1]! > 127 && bytes[at + 2]! < 128) {
        at += 3
        stop = at + (bytes[at - 2]! & 127) + (bytes[at - 1]! << 7)
        if (stop > end) return failure(TRUNCATED, from)
      } else {
        const tag = tagAt(bytes, at, end)
        if (tag < 0) return failure(tag, from)
        stop = skip(bytes, cursor.at, end, tag & 7)
        if (stop < 0) return failure(stop, from)
        at = stop
        if (tag >>> 3 > 3) continue
        if ((tag & 7) !== BYTES) return failure(WRONG_TYPE, from)
        if (tag >>> 3 !== 2) continue
        at = cursor.at
      }
      const problem = this.span(at, stop, this.spans++)
      if (problem < 0) {
        counts.rejected++
        payload!.rejectedFor[-problem]!++
        if (counts.rejected === 1) payload!.firstRejection = `span at byte ${from}: ${reasonOf(problem)}`
      }
      at = stop
    }
    return null
  }

  private span(start: number, end: number, index: number): number {
    const { bytes, captured, attributesPerSpan } = this
    captured.begin()
    // Where the fields stand; 0, where no field can stand, means that there is none.
    let traceAt = 0
    let spanAt = 0
    let parentAt = 0
    let startAt = 0
    let endAt = 0
    let kind = 0
    this.statusCode = this.statusTextStart = this.statusTextEnd = 0
    let at = start
    while (at < end) {
      const tag = bytes[at++]!
      // What follows a tag is mostly a length or a number of one byte; whatever goes beyond that leaves this switch.
      const next = at < end ? bytes[at]! : 255
      switch (tag) {
        case 0x4a: {
          // attributes
          const stopped = usualAttributes(this.table, captured, tag, 0, at - 1, end, attributesPerSpan)
          if (stopped < at) break
          at = stopped
          continue
        }
        case 0x0a: // trace_id
          if (next !== 16) break
          traceAt = ++at
          at += 16
          continue
        case 0x12: // span_id
          if (next !== 8) break
          spanAt = ++at
          at += 8
          continue
        case 0x22: // parent_span_id
          if (next !== 8) break
          parentAt = ++at
          at += 8
          continue
        case 0x2a: // name
          if (next > 127) break
          at += 1 + next
          continue
        case 0x30: // kind
          if (next > 127) break
          kind = next
          at++
          continue
        case 0x50: // how many attributes,
        case 0x60: // events
        case 0x70: // and links were dropped
          if (next > 127) break
          at++
          continue
        case 0x85: // flags, of which this is the first byte of the tag
          if (next !== 1) break
          at += 5
          continue
        case 0x39: // start_time_unix_nano
          startAt = at
          at += 8
          continue
        case 0x41: // end_time_unix_nano
          endAt = at
          at += 8
          continue
        case 0x7a: // status, empty as the Collector writes it
          if (next !== 0) break
          at++
          continue
      }
      const wide = tagAt(bytes, at - 1, end)
      if (wide < 0) return wide
      const field = wide >>> 3
      const from = cursor.at
      at = skip(bytes, from, end, wide & 7)
      if (at < 0) return at
      if (field > 16) continue
      if (SPAN_FIELDS[field] !== (wide & 7)) return WRONG_TYPE
      const content = cursor.at
      let problem = 0
      switch (field) {
        case 1:
          if (at - content !== 16 && at !== content) return BAD_ID
          traceAt = at === content ? 0 : content
          break
        case 2:
          if (at - content !== 8 && at !== content) return BAD_ID
          spanAt = at === content ? 0 : content
          break
        case 4:
          if (at - content !== 8 && at !== content) return BAD_ID
          parentAt = at === content ? 0 : content
          break
        case 6:
          kind = varint(bytes, from, at)
          break
        case 7:
          startAt = from
          break
        case 8:
          endAt = from
          break
        case 9:
          if (captured.attributes++ < attributesPerSpan) problem = this.attribute(content, at)
          break
        case 11:
          problem = this.event(content, at)
          break
        case 15:
          problem = this.status(content, at)
          break
      }
      if (problem < 0) return problem
    }
    if (at > end) return TRUNCATED
    const dropped = captured.dropped + Math.max(0, captured.attributes - attributesPerSpan)
    if (dropped > 0) this.payload!.counts.attributesDropped += dropped
    this.rows.add(
      index,
      kind,
      traceAt,
      spanAt,
      parentAt,
      startAt,
      endAt,
      this.statusCode,
      this.statusTextStart,
      this.statusTextEnd,
    )
    return 0
  }

  /** Any attribute, however it is written; the fast path above must do the same with the usual ones. */
  private attribute(start: number, end: number): number {
    const { bytes, captured } = this
    const problem = this.keyValue(start, end)
    if (problem < 0) return problem
    let entry = this.table.find(bytes, this.keyStart, this.keyEnd)
    if (entry === 0) {
      if (!isLimitHeader(bytes, this.keyStart, this.keyEnd)) return 0
      return (
        readValue(bytes, this.valueStart, this.valueEnd) || captured.takeHeader(this.keyStart, this.keyEnd)
      )
    }
    for (; entry !== 0; entry = this.table.entries[entry]!.also) {
      const bad = readValue(bytes, this.valueStart, this.valueEnd) || captured.take(entry, 0)
      if (bad < 0) return bad
    }
    return 0
  }

  /** Any KeyValue: sets the bounds of its key and its value. Answers 0 or a problem. */
  private keyValue(start: number, end: number): number {
    const { bytes } = this
    this.keyStart = this.keyEnd = this.valueStart = this.valueEnd = 0
    for (let at = start; at < end; ) {
      const tag = tagAt(bytes, at, end)
      if (tag < 0) return tag
      at = skip(bytes, cursor.at, end, tag & 7)
      if (at < 0) return at
      const field = tag >>> 3
      if (field > 2) continue
      if ((tag & 7) !== BYTES) return WRONG_TYPE
      if (field === 1) {
        this.keyStart = cursor.at
        this.keyEnd = at
      } else if (cursor.at < at) {
        // Messages merge: an empty one changes nothing.
        this.valueStart = cursor.at
        this.valueEnd = at
      }
    }
    return 0
  }

  /** Status; of several the fields come together. */
  private status(start: number, end: number): number {
    const { bytes } = this
    for (let at = start; at < end; ) {
      const tag = tagAt(bytes, at, end)
      if (tag < 0) return tag
      const from = cursor.at
      at = skip(bytes, from, end, tag & 7)
      if (at < 0) return at
      if (tag >>> 3 === 2) {
        if ((tag & 7) !== BYTES) return WRONG_TYPE
        this.statusTextStart = cursor.at
        this.statusTextEnd = at
      } else if (tag >>> 3 === 3) {
        if ((tag & 7) !== VARINT) return WRONG_TYPE
        this.statusCode = varint(bytes, from, at)
      }
    }
    return 0
  }

  /** An event: only exceptions say something, the last one of several the most. Its name may come after its attributes. */
  private event(start: number, end: number): number {
    const { bytes } = this
    let nameStart = 0
    let nameEnd = 0
    let at = start
    while (at < end) {
      // A time, or a name or an attribute with a length of one or two bytes.
      const tag = bytes[at]!
      const length = at + 3 <= end ? bytes[at + 1]! : 255
      if (tag === 0x09) at += 9
      else if (tag === 0x12 && length < 128) {
        nameStart = at + 2
        nameEnd = at += 2 + length
      } else if (tag === 0x1a && length < 128) at += 2 + length
      else if (tag === 0x1a && at + 3 <= end && bytes[at + 2]! < 128)
        at += 3 + (length & 127) + (bytes[at + 2]! << 7)
      else {
        const wide = tagAt(bytes, at, end)
        if (wide < 0) return wide
        at = skip(bytes, cursor.at, end, wide & 7)
        if (at < 0) return at
        if (wide >>> 3 > 4) continue
        if (EVENT_FIELDS[wide >>> 3] !== (wide & 7)) return WRONG_TYPE
        if (wide >>> 3 !== 2) continue
        nameStart = cursor.at
        nameEnd = at
      }
    }
    if (at > end) return TRUNCATED
    return isException(bytes, nameStart, nameEnd) ? this.exception(start, end) : 0
  }

  /** The attributes of an event whose framing was walked before. */
  private exception(start: number, end: number): number {
    const { bytes, captured, attributesPerSpan } = this
    captured.hasException = true
    let at = start
    while (at < end) {
      const tag = bytes[at]!
      if (tag === 0x1a) {
        const stopped = usualAttributes(this.table, captured, tag, 1, at, end, attributesPerSpan)
        if (stopped > at) {
          at = stopped
          continue
        }
      }
      const wide = tagAt(bytes, at, end)
      at = skip(bytes, cursor.at, end, wide & 7)
      if (wide >>> 3 !== 3 || captured.attributes++ >= attributesPerSpan) continue
      const problem = this.keyValue(cursor.at, at)
      if (problem < 0) return problem
      const entry = this.table.find(bytes, this.keyStart, this.keyEnd)
      if (!this.table.entries[entry]!.onException) continue
      const bad = readValue(bytes, this.valueStart, this.valueEnd) || captured.take(entry, 1)
      if (bad < 0) return bad
    }
    return 0
  }
}

function isException(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== EXCEPTION.length) return false
  for (let i = 0; i < EXCEPTION.length; i++) if (bytes[start + i] !== EXCEPTION[i]) return false
  return true
}

const failure = (problem: number, position: number): DecodeError => ({
  reason: `${reasonOf(problem)} at byte ${position}`,
  position,
})
