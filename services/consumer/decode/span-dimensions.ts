import type { Dictionaries, Payload } from '../columns/payload.ts'
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

/** One meaning's way into a dictionary, and what was found on it in this payload. */
interface Reading {
  meaning: number
  memo: TextMemo
  intern: (source: Buffer, start: number, end: number) => number
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
  private readonly readings: Reading[] = []

  private readonly providerText = this.reading(SPAN.provider, (source, start, end) =>
    this.into.provider.intern(source, start, end),
  )
  private readonly methodText = this.reading(SPAN.method, (source, start, end) =>
    this.into.method.intern(source, start, end),
  )
  private readonly consumerText = this.reading(SPAN.consumer, (source, start, end) =>
    this.into.consumer.intern(source, start, end),
  )
  private readonly routeText = this.reading(SPAN.route, (source, start, end) =>
    this.into.route.intern(source, start, end),
  )
  private readonly pathText = this.reading(SPAN.path, (source, start, end) =>
    this.into.route.intern(this.made, 0, routeOf(source, start, end, this.made)),
  )
  private readonly urlPathText = this.reading(SPAN.url, (source, start, end) =>
    this.into.route.intern(this.made, 0, routeOf(source, start, end, this.made)),
  )
  private readonly hostText = this.reading(SPAN.host, (source, start, end) =>
    this.into.server_address.intern(this.made, 0, normalHost(source, start, end, this.made)),
  )
  private readonly urlHostText = this.reading(SPAN.url, (source, start, end) =>
    this.into.server_address.intern(this.made, 0, urlHost(source, start, end, this.made)),
  )
  private readonly userAgentText = this.reading(SPAN.userAgent, (source, start, end) =>
    this.into.sdk.intern(source, start, productEnd(source, start, end)),
  )
  private readonly codeText = this.reading(SPAN.code, (source, start, end) =>
    this.into.code.intern(source, start, end),
  )
  private readonly rpcText = this.reading(SPAN.rpcStatus, (source, start, end) =>
    this.into.code.intern(source, start, end),
  )
  private readonly errorTypeText = this.reading(SPAN.errorType, (source, start, end) =>
    isCode(source, start, end) ? this.into.code.intern(source, start, end) : 0,
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
    const text = captured.text(meaning)
    if (text !== captured.bytes) return intern(text, captured.textStart, captured.textEnd)
    const start = captured.textStart
    const end = captured.textEnd
    const known = memo.find(captured.view, start, end)
    if (known >= 0) return known
    const found = intern(text, start, end)
    memo.remember(start, end, found)
    return found
  }
}
