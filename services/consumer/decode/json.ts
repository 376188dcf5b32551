import {
  bool,
  bytes,
  double,
  enumeration,
  fixed64,
  id,
  int64,
  isObject,
  message,
  parseExactly,
  repeated,
  type Shape,
  shape,
  snakeCase,
  text,
} from './json-fields.ts'
import { ProtoWriter } from './proto-writer.ts'

/** A body that is no OTLP trace request at all, and why. */
export interface NotOtlp {
  reason: string
}

/**
 * OTLP/JSON → the same request in protobuf, so that one decoder decides what a span means. Only what that decoder
 * reads is carried over: ids, name, kind, times, status, events and all attributes.
 *
 * A malformed value costs the span it stands in, not the request: the span is written so that the decoder must
 * reject it, and the sender hears of a partial success. A malformed resource costs the spans below it.
 */
export function jsonToProtobuf(body: Buffer): Buffer | NotOtlp {
  const excess = excessOf(body)
  if (excess !== undefined) return { reason: excess }
  let document: unknown
  try {
    document = parseExactly(body.toString('utf8', startsWithMark(body) ? 3 : 0))
  } catch {
    return { reason: 'the body is not valid JSON' }
  }
  if (!isObject(document)) return { reason: 'the body is not a JSON object' }
  if (isForeign(document)) return { reason: 'the body is not an OTLP request: it has no resourceSpans' }
  // Protobuf is always the shorter of the two, but for documents made to be odd.
  const to = new ProtoWriter(body.length + 16)
  const problem = writeRequest(to, document)
  return problem === undefined ? to.bytes() : { reason: problem }
}

/**
 * Arrays and objects in each other. Ordinary spans need ten, an attribute of 80 nested AnyValues fits; without a
 * bound, 20 MB of brackets would keep the parser busy for seconds and the recursion here would end in a crash.
 */
const MAX_DEPTH = 256

/**
 * Spans as exporters write them take 18 bytes a value and more, so 20 MiB of them stay below, and nothing else may take
 * longer than they do. Without a bound, 20 MB of `{},` would become 7 million objects: 1 GB, and seconds in which nobody
 * else is answered.
 */
const MOST_VALUES = 1_200_000

/** What the parser must not even begin with. Every value but the outermost follows a bracket or a comma. */
function excessOf(json: Buffer): string | undefined {
  let depth = 0
  let values = 0
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === 0x22) {
      at++
      while (at < json.length && json[at] !== 0x22) at += json[at] === 0x5c ? 2 : 1
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > MAX_DEPTH) return `the JSON is nested more than ${MAX_DEPTH} levels deep`
      values++
    } else if (byte === 0x7d || byte === 0x5d) depth--
    else if (byte === 0x2c) values++
    if (values > MOST_VALUES) return `the JSON has more than ${MOST_VALUES} values: send smaller batches`
  }
  return undefined
}

const startsWithMark = (body: Buffer) => body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf

const REQUEST_FIELDS = new Set(
  ['resourceSpans', 'resourceLogs', 'resourceMetrics'].flatMap((name) => [name, snakeCase(name)]),
)

/**
 * Unknown fields are to be ignored; but a document of nothing but unknown fields with data inside is of another
 * format, and an answer of 200 would let its sender believe that it was understood.
 */
function isForeign(document: Record<string, unknown>): boolean {
  const names = Object.keys(document)
  if (names.some((name) => REQUEST_FIELDS.has(name))) return false
  return names.some((name) => {
    const value = document[name]
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0
  })
}

const ANY_VALUE: Shape = shape({
  stringValue: [1, text],
  boolValue: [2, bool],
  intValue: [3, int64],
  doubleValue: [4, double],
  arrayValue: [5, message(() => ARRAY_VALUE)],
  kvlistValue: [6, message(() => KEY_VALUE_LIST)],
  bytesValue: [7, bytes],
})
const KEY_VALUE = shape({ key: [1, text], value: [2, message(() => ANY_VALUE)] })
const ARRAY_VALUE = shape({ values: [1, repeated(message(() => ANY_VALUE))] })
const KEY_VALUE_LIST = shape({ values: [1, repeated(message(() => KEY_VALUE))] })

const attributes = repeated(message(() => KEY_VALUE))

const RESOURCE = shape({ attributes: [1, attributes] })
const EVENT = shape({ timeUnixNano: [1, fixed64], name: [2, text], attributes: [3, attributes] })
const STATUS = shape({
  message: [2, text],
  code: [3, enumeration(['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'])],
})
const SPAN = shape({
  traceId: [1, id(16)],
  spanId: [2, id(8)],
  parentSpanId: [4, id(8)],
  name: [5, text],
  kind: [
    6,
    enumeration([
      'SPAN_KIND_UNSPECIFIED',
      'SPAN_KIND_INTERNAL',
      'SPAN_KIND_SERVER',
      'SPAN_KIND_CLIENT',
      'SPAN_KIND_PRODUCER',
      'SPAN_KIND_CONSUMER',
    ]),
  ],
  startTimeUnixNano: [7, fixed64],
  endTimeUnixNano: [8, fixed64],
  attributes: [9, attributes],
  events: [11, repeated(message(() => EVENT))],
  status: [15, message(() => STATUS)],
})

const writeResource = message(() => RESOURCE)
const writeSpan = message(() => SPAN)

/** A trace id of one byte: no decoder takes a span with that. */
const MALFORMED_ID = Buffer.of(0)

/** Answers what is wrong where it cannot even be said how many spans there are. */
function writeRequest(to: ProtoWriter, request: Record<string, unknown>): string | undefined {
  return forEach(request, 'resourceSpans', (resourceSpans) => {
    const start = to.open(1)
    const mark = to.mark()
    const isWhole = writeResource(to, 1, resourceSpans.resource ?? {})
    if (!isWhole) to.rewind(mark)
    const problem = forEach(resourceSpans, 'scopeSpans', (scopeSpans) => {
      const start = to.open(2)
      const spans = listOf(scopeSpans, 'spans')
      if (spans === undefined) return 'spans is not an array'
      for (const span of spans) writeSpanOrMalformed(to, isWhole ? span : undefined)
      to.close(start)
      return undefined
    })
    to.close(start)
    return problem
  })
}

function writeSpanOrMalformed(to: ProtoWriter, span: unknown): void {
  const mark = to.mark()
  if (writeSpan(to, 2, span)) return
  to.rewind(mark)
  const start = to.open(2)
  to.binary(1, MALFORMED_ID)
  to.close(start)
}

function forEach(
  parent: Record<string, unknown>,
  name: string,
  write: (item: Record<string, unknown>) => string | undefined,
): string | undefined {
  const items = listOf(parent, name)
  if (items === undefined) return `${name} is not an array`
  for (const item of items) {
    if (!isObject(item)) return `${name} holds something that is not an object`
    const problem = write(item)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Absent and null are empty; undefined where it is no list. */
function listOf(parent: Record<string, unknown>, name: string): unknown[] | undefined {
  const value = parent[name] ?? parent[snakeCase(name)] ?? []
  return Array.isArray(value) ? value : undefined
}
