import { SIDES, STATUS_CLASSES } from '../../contract/vocabulary.ts'
import type { Payload } from '../columns/payload.ts'
import { RESOURCE, SPAN } from './attributes.ts'
import type { Captured } from './captured.ts'
import { foldSpan } from './fingerprint.ts'
import { retryAfterMs } from './moment.ts'
import { HALF, ID, PendingRows, WORD } from './pending-rows.ts'
import { QuotaSamples } from './quota-samples.ts'
import { RPC_FAILED, RPC_NONE, rpcOutcome } from './rpc.ts'
import { SpanClock } from './span-clock.ts'
import { SpanDimensions } from './span-dimensions.ts'
import { SpanLimits } from './span-limits.ts'
import { SpanTexts } from './span-texts.ts'

// What a span that was read means (error event, traffic, successful resend, quota sample) and its rows.

// The engine folds constants of a module's own, and looks imported ones up at each use.
const { status: STATUS, attempt: ATTEMPT } = SPAN
const {
  retryAfterMs: RETRY_AFTER_MS,
  retryAfter: RETRY_AFTER_HEADER,
  retryAfterMsHeader: RETRY_AFTER_MS_HEADER,
} = SPAN
const { ts: TS, origin_index: INDEX, retry_after_ms: RETRY_AFTER, duration_ms: DURATION } = WORD
const { trace_id: TRACE, span_id: SPAN_ID, parent_span_id: PARENT } = ID
const {
  provider: PROVIDER_HALF,
  code: CODE_HALF,
  status: STATUS_HALF,
  side: SIDE_HALF,
  kind: KIND_HALF,
  service: SERVICE_HALF,
  service_version: VERSION_HALF,
  environment: ENVIRONMENT_HALF,
  route: ROUTE_HALF,
  method: METHOD_HALF,
  server_address: ADDRESS_HALF,
  consumer: CONSUMER_HALF,
  sdk: SDK_HALF,
  attempt: ATTEMPT_HALF,
} = HALF
const FAILED = RPC_FAILED
const NO_RPC = RPC_NONE

const SERVER = 2
const CLIENT = 3
const CONSUMER = 5
const STATUS_ERROR = 2

const SERVER_SIDE = SIDES.indexOf('server')
const CLIENT_SIDE = SIDES.indexOf('client')
const RPC_OK_CLASS = STATUS_CLASSES.indexOf('rpc_ok')
const RPC_ERROR_CLASS = STATUS_CLASSES.indexOf('rpc_error')
const NULL = -1

export class SpanRows {
  private readonly captured: Captured
  private readonly clock: SpanClock
  private readonly dimensions: SpanDimensions
  private readonly limits: SpanLimits
  private readonly quotas = new QuotaSamples()
  private readonly texts: SpanTexts
  private readonly errors = new PendingRows()
  private readonly attempts = new PendingRows()
  private payload!: Payload
  private view: DataView = new DataView(new ArrayBuffer(0))
  private service = 0
  private version = 0
  private environment = 0
  private language = 0

  constructor(captured: Captured, maxAgeMs: number) {
    this.captured = captured
    this.clock = new SpanClock(maxAgeMs)
    this.dimensions = new SpanDimensions(captured)
    this.limits = new SpanLimits(captured)
    this.texts = new SpanTexts(captured)
  }

  begin(payload: Payload, arrivalMs: number): void {
    this.payload = payload
    this.view = this.captured.view
    this.texts.forget()
    this.quotas.reset()
    this.errors.forget()
    this.attempts.forget()
    this.clock.arrive(arrivalMs)
    this.dimensions.begin(payload)
  }

  finish(): void {
    this.quotas.flush(this.payload)
    this.flush()
  }

  useResource(resource: Captured): void {
    const { service, service_version, environment, sdk } = this.payload.dictionaries
    const number = (meaning: number, dictionary: typeof service) =>
      resource.has(meaning)
        ? dictionary.intern(resource.text(meaning), resource.textStart, resource.textEnd)
        : 0
    this.service = number(RESOURCE.service, service)
    this.version = number(RESOURCE.version, service_version)
    this.environment = number(RESOURCE.environment, environment)
    this.language = number(RESOURCE.language, sdk)
  }

  /** Positions of the span's fields in the bytes (0: none), and what else `captured` does not hold. */
  add(
    index: number,
    kind: number,
    traceAt: number,
    spanAt: number,
    parentAt: number,
    startAt: number,
    endAt: number,
    statusCode: number,
    statusTextStart: number,
    statusTextEnd: number,
  ): void {
    const { captured, clock, payload, view } = this
    const startLow = startAt === 0 ? 0 : view.getUint32(startAt, true)
    const startHigh = startAt === 0 ? 0 : view.getUint32(startAt + 4, true)
    foldSpan(payload, view, traceAt, spanAt, startLow, startHigh)

    const isCall = kind >= SERVER && kind <= CONSUMER
    const status = captured.numberOf(STATUS)
    const rpc = rpcOutcome(captured)
    const isFailed = status >= 400 || rpc === FAILED || statusCode === STATUS_ERROR || captured.hasException
    const isError = captured.hasOurs || (isCall && isFailed)
    const isCounted = (kind === SERVER || kind === CLIENT) && (status >= 0 || rpc !== NO_RPC)
    if (!isError && !isCounted && !captured.hasLimits) return

    const { counts } = payload
    clock.place(
      startLow,
      startHigh,
      endAt === 0 ? 0 : view.getUint32(endAt, true),
      endAt === 0 ? 0 : view.getUint32(endAt + 4, true),
    )
    if (clock.wasMoved) counts.clamped++
    const side = kind === SERVER || kind === CONSUMER ? SERVER_SIDE : CLIENT_SIDE
    const address = this.dimensions.serverAddress()
    const hint = payload.providerHints.intern(this.dimensions.provider(), address, this.service, side)
    const attempt = captured.numberOf(ATTEMPT)
    const route = isError || isCounted ? this.dimensions.route() : 0
    if (isCounted) {
      counts.counted++
      payload.traffic.add(
        clock.bucket,
        hint,
        this.service,
        this.environment,
        route,
        side,
        classOf(status, rpc),
        1,
        isError ? 1 : 0,
        attempt > 0 ? 1 : 0,
      )
    }
    if (captured.hasLimits) this.sample(hint)
    if (isError) counts.kept++
    else if (!isCounted || attempt <= 0) return

    const { dimensions } = this
    const pending = isError ? this.errors : this.attempts
    if (pending.isFull) this.flush()
    const row = pending.next()
    const { words, halves } = pending
    words[row + TS] = clock.low
    words[row + TS + 1] = clock.high
    words[row + TRACE] = traceAt
    words[row + SPAN_ID] = spanAt
    words[row + PARENT] = parentAt
    words[row + INDEX] = index
    words[row + RETRY_AFTER] = isError ? this.retryAfter() : NULL
    pending.floats[row + DURATION] = clock.durationMs
    const half = row << 1
    halves[half + PROVIDER_HALF] = hint
    halves[half + STATUS_HALF] = Math.max(0, status)
    halves[half + SIDE_HALF] = side
    halves[half + KIND_HALF] = kind <= CONSUMER ? kind : 0
    halves[half + SERVICE_HALF] = this.service
    halves[half + VERSION_HALF] = this.version
    halves[half + ENVIRONMENT_HALF] = this.environment
    halves[half + ROUTE_HALF] = route
    halves[half + ADDRESS_HALF] = address
    halves[half + ATTEMPT_HALF] = Math.max(0, attempt)
    halves[half + METHOD_HALF] = dimensions.method()
    halves[half + CONSUMER_HALF] = dimensions.consumer()
    halves[half + SDK_HALF] = side === SERVER_SIDE ? dimensions.callerSdk() : this.language
    this.texts.write(pending, row)
    if (!isError) return
    halves[half + CODE_HALF] = dimensions.code()
    this.texts.writeMessage(pending, row, statusTextStart, statusTextEnd)
  }

  private flush(): void {
    const { captured, payload } = this
    this.errors.flush(payload.errors, captured.bytes, captured.view)
    this.attempts.flush(payload.attempts, captured.bytes, captured.view)
    this.texts.forget()
  }

  /** How long the answer asked to wait, in ms; -1 (all bits set: null) where it did not. */
  private retryAfter(): number {
    const { captured, clock } = this
    if (captured.has(RETRY_AFTER_MS)) return captured.numberOf(RETRY_AFTER_MS)
    if (captured.has(RETRY_AFTER_HEADER)) {
      const bytes = captured.text(RETRY_AFTER_HEADER)
      const wait = retryAfterMs(bytes.toString('latin1', captured.textStart, captured.textEnd), clock.endMs)
      if (wait >= 0) return wait
    }
    return captured.numberOf(RETRY_AFTER_MS_HEADER)
  }

  private sample(provider: number): void {
    const { clock, limits, service, environment } = this
    limits.read(clock.endMs)
    if (limits.count === 0) return
    const consumer = this.dimensions.consumer()
    const bucket = clock.endBucket
    for (let i = 0; i < limits.count; i++) {
      const name = this.payload.dictionaries.quota.internText(limits.names[i]!)
      this.quotas.add(
        { provider, name, service, environment, consumer, bucket },
        {
          tsLow: clock.endLow,
          tsHigh: clock.endHigh,
          limit: limits.limit[i]!,
          remaining: limits.remaining[i]!,
          reset: limits.reset[i]!,
        },
      )
    }
  }
}

function classOf(status: number, rpc: number): number {
  if (status < 0) return rpc === FAILED ? RPC_ERROR_CLASS : RPC_OK_CLASS
  const hundreds = Math.trunc(status / 100)
  return hundreds <= 5 ? hundreds : 0
}
