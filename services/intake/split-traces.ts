// OTLP in protobuf, seen as what lies in what: a request holds ResourceSpans (1), these a Resource (1) and ScopeSpans (2)
// and a schema URL (3), these a Scope (1), Spans (2) and a schema URL (3). Fields come in any order: the Collector
// writes a resource after its spans.

interface Field {
  number: number
  /** With its tag and length. */
  whole: Buffer
  /** Of a field with a length; else empty. */
  content: Buffer
}

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const
const NONE = Buffer.alloc(0)
const RESOURCE_SPANS = 1
const SCOPE_SPANS = 2
const SPAN = 2

export interface Split {
  payloads: Buffer[]
  /** Spans that are too large by themselves. */
  dropped: number
}

/** The request whole, if it is small enough, or in pieces of at most `limit` bytes; null where it is no such request. */
export function splitTraces(body: Buffer, limit: number): Split | null {
  const resources = fieldsOf(body)
  if (resources === null) return null
  for (const { number, content } of resources)
    if (number === RESOURCE_SPANS && (content === NONE || fieldsOf(content) === null)) return null
  if (body.length === 0) return { payloads: [], dropped: 0 }
  if (body.length <= limit) return { payloads: [body], dropped: 0 }
  return cut(
    resources.filter(({ number }) => number === RESOURCE_SPANS),
    limit,
  )
}

function cut(resources: Field[], limit: number): Split | null {
  const split: Split = { payloads: [], dropped: 0 }
  let piece: Buffer[] = []
  let size = 0
  const flush = () => {
    if (size > 0) split.payloads.push(Buffer.concat(piece, size))
    piece = []
    size = 0
  }
  for (const resource of resources) {
    const scopes = fieldsOf(resource.content)!
    const about = scopes.filter(({ number }) => number !== SCOPE_SPANS).map(({ whole }) => whole)
    for (const scope of scopes.filter(({ number }) => number === SCOPE_SPANS)) {
      const spans = fieldsOf(scope.content)
      if (spans === null) return null
      const aboutScope = spans.filter(({ number }) => number !== SPAN).map(({ whole }) => whole)
      // Both are repeated in each piece, with room for their tags and lengths.
      const frame = bytesOf(about) + bytesOf(aboutScope) + 20
      let held: Buffer[] = []
      let heldSize = 0
      const wrap = () => {
        if (heldSize === 0) return
        const inner = framed(SCOPE_SPANS, [...aboutScope, ...held])
        const outer = framed(RESOURCE_SPANS, [...about, inner])
        if (size + outer.length > limit) flush()
        piece.push(outer)
        size += outer.length
        held = []
        heldSize = 0
      }
      for (const { whole } of spans.filter(({ number }) => number === SPAN)) {
        if (frame + whole.length > limit) {
          split.dropped++
          continue
        }
        if (frame + heldSize + whole.length > limit) wrap()
        held.push(whole)
        heldSize += whole.length
      }
      wrap()
    }
  }
  flush()
  return split
}

/** The fields of a message, or null where its framing is broken. Groups are not part of OTLP. */
function fieldsOf(bytes: Buffer): Field[] | null {
  const fields: Field[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 64; shift += 7) {
      if (at >= bytes.length) return -1
      const byte = bytes[at++]!
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    return -1
  }
  while (at < bytes.length) {
    const start = at
    const tag = varint()
    let content: Buffer = NONE
    const wire = tag % 8
    if (tag < 8) return null
    if (wire === WIRE.varint) {
      if (varint() < 0) return null
    } else if (wire === WIRE.fixed64) at += 8
    else if (wire === WIRE.fixed32) at += 4
    else if (wire === WIRE.bytes) {
      const length = varint()
      if (length < 0 || at + length > bytes.length) return null
      content = bytes.subarray(at, at + length)
      at += length
    } else return null
    if (at > bytes.length) return null
    fields.push({ number: Math.floor(tag / 8), whole: bytes.subarray(start, at), content })
  }
  return fields
}

const bytesOf = (parts: Buffer[]): number => parts.reduce((sum, { length }) => sum + length, 0)

function framed(number: number, parts: Buffer[]): Buffer {
  const head: number[] = [number * 8 + WIRE.bytes]
  let length = bytesOf(parts)
  for (; length > 127; length = Math.floor(length / 128)) head.push((length % 128) | 128)
  head.push(length)
  return Buffer.concat([Buffer.from(head), ...parts])
}
