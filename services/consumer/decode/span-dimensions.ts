import type { Dictionaries, Payload } from '../columns/payload.ts'
import { INT } from './any-value.ts'
import { SPAN } from './attributes.ts'
import type { Captured } from './captured.ts'
import { isCode } from './code.ts'
import { MAX_HOST_BYTES, normalHost, urlHost } from './host.ts'
import { TextMemo } from './memo.ts'
import { productEnd } from './product.ts'
import { MAX_ROUTE_BYTES, routeOf } from './route.ts'
import { RPC_CODES, RPC_FAILED, rpcOutcome } from './rpc.ts'

// The engine folds constants of a module's own, and looks imported ones up at each use.
const { host: HOST, route: ROUTE, path: PATH } = SPAN
const INT_KIND = INT
// Of a place, see captured.ts.
const KIND = 1
const START = 2
const END = 3

/** One meaning's way into a dictionary, and what was found on it in this payload. */
interface Reading {
  meaning: number
  memo: TextMemo
  intern: (source: Buffer, view: DataView, start: number, end: number) => number
}

/**
 * The columns with values that repeat: from what was captured of a span to numbers of the payload's dictionaries.
 * A text is normalised and looked up once; the next span with the same bytes finds the number in a memo.
 */
export class SpanDimensions {
  private readonly captured: Captured
  private into!: Dictionaries
  /** Where a text is put together that stands nowhere in the payload. */
  private readonly made = Buffer.alloc(Math.max(MAX_ROUTE_BYTES, MAX_HOST_BYTES))
  private readonly madeView: DataView = new DataView(this.made.buffer, this.made.byteOffset, this.made.length)
  private readonly readings: Reading[] = []

  private readonly providerText = this.reading(SPAN.provider, (source, view, start, end) =>
    this.into.provider.internSeen(source, view, start, end),
  )
  private readonly methodText = this.reading(SPAN.method, (source, view, start, end) =>
    this.into.method.internSeen(source, view, start, end),
  )
  private readonly consumerText = this.reading(SPAN.consumer, (source, view, start, end) =>
    this.into.consumer.internSeen(source, view, start, end),
  )
  private readonly routeText = this.reading(SPAN.route, (source, view, start, end) =>
    this.into.route.internSeen(source, view, start, end),
  )
  private readonly pathText = this.reading(SPAN.path, (source, _view, start, end) =>
    this.into.route.internSeen(this.made, this.madeView, 0, routeOf(source, start, end, this.made)),
  )
  private readonly urlPathText = this.reading(SPAN.url, (source, _view, start, end) =>
    this.into.route.internSeen(this.made, this.madeView, 0, routeOf(source, start, end, this.made)),
  )
  private readonly hostText = this.reading(SPAN.host, (source, _view, start, end) =>
    this.into.server_address.internSeen(
      this.made,
      this.madeView,
      0,
      normalHost(source, start, end, this.made),
    ),
  )
  private readonly urlHostText = this.reading(SPAN.url, (source, _view, start, end) =>
    this.into.server_address.internSeen(this.made, this.madeView, 0, urlHost(source, start, end, this.made)),
  )
  private readonly userAgentText = this.reading(SPAN.userAgent, (source, view, start, end) =>
    this.into.sdk.internSeen(source, view, start, productEnd(source, start, end)),
  )
  private readonly codeText = this.reading(SPAN.code, (source, view, start, end) =>
    this.into.code.internSeen(source, view, start, end),
  )
  private readonly rpcText = this.reading(SPAN.rpcStatus, (source, view, start, end) =>
    this.into.code.internSeen(source, view, start, end),
  )
  private readonly errorTypeText = this.reading(SPAN.errorType, (source, view, start, end) =>
    isCode(source, start, end) ? this.into.code.internSeen(source, view, start, end) : 0,
  )

  constructor(captured: Captured) {
    this.captured = captured
  }

  begin(payload: Payload): void {
    this.into = payload.dictionaries
    for (const { memo } of this.readings) memo.forget()
  }

  provider(): number {
    return this.number(this.providerText)
  }

  method(): number {
    return this.number(this.methodText)
  }

  consumer(): number {
    return this.number(this.consumerText)
  }

  /** The template where the span has one, else its path with everything particular taken out. */
  route(): number {
    const { captured } = this
    if (captured.has(ROUTE)) return this.number(this.routeText)
    return captured.has(PATH) ? this.number(this.pathText) : this.number(this.urlPathText)
  }

  serverAddress(): number {
    return this.captured.has(HOST) ? this.number(this.hostText) : this.number(this.urlHostText)
  }

  /** The caller's SDK, of a server span: the first product of its user agent. */
  callerSdk(): number {
    return this.number(this.userAgentText)
  }

  /** The error code, 0 for an error without one. */
  code(): number {
    const { captured } = this
    if (captured.has(SPAN.code)) return this.number(this.codeText)
    if (rpcOutcome(captured) !== RPC_FAILED) return this.number(this.errorTypeText)
    if (captured.has(SPAN.rpcStatus)) return this.number(this.rpcText)
    const status = captured.numberOf(SPAN.grpcStatus)
    return this.into.code.internText(RPC_CODES[status] ?? String(status))
  }

  private reading(meaning: number, intern: Reading['intern']): Reading {
    const reading = { meaning, memo: new TextMemo(), intern }
    this.readings.push(reading)
    return reading
  }

  private number({ meaning, memo, intern }: Reading): number {
    const { captured } = this
    if (!captured.has(meaning)) return 0
    const { places, view } = captured
    const place = meaning << 2
    if (places[place + KIND] === INT_KIND) {
      const text = captured.text(meaning)
      return intern(text, captured.spelledView, captured.textStart, captured.textEnd)
    }
    const start = places[place + START]!
    const end = places[place + END]!
    const known = memo.find(view, start, end)
    if (known >= 0) return known
    const found = intern(captured.bytes, view, start, end)
    memo.remember(start, end, found)
    return found
  }
}
