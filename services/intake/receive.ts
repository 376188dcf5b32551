import type { Guard } from '../access/guard.ts'
import type { Accepted } from '../contract/accepted.ts'
import { type Answer, failure, success, tryAgain } from './answer.ts'
import type { Asked } from './asked.ts'
import { askerRefusal } from './asker-refusal.ts'
import type { Body } from './body.ts'
import type { IntakeCounters, Signal } from './counters.ts'
import { createInflate, type Inflated } from './inflate.ts'
import { compressionOf, type Encoding, encodingOf, MEDIA_TYPES } from './media-type.ts'
import { createMemory, type Hold } from './memory.ts'

/** The next stage. The body is its own until it answers; what it answers is what the client hears. */
export type Accept = (body: Buffer, encoding: Encoding, arrivalMs: number) => Promise<Accepted>

export interface BodyLimits {
  /** Of one body, on the wire and unpacked. */
  bodyBytes: number
  /** Of all bodies in memory together; beyond it a client is asked to come again. */
  inFlightBytes: number
}

export interface ReceiveOptions {
  accept: Accept
  guard: Guard
  limits: BodyLimits
  /** Hears how much memory was made anew. */
  collect: (bytes: number) => void
}

export const signalOf = (url = ''): Signal | undefined => {
  const end = url.indexOf('?')
  return SIGNALS[end < 0 ? url : url.slice(0, end)]
}
const SIGNALS: Record<string, Signal | undefined> = Object.assign(Object.create(null), {
  '/v1/traces': 'traces',
  '/v1/logs': 'logs',
  '/v1/metrics': 'metrics',
})

/** Two cores unpack no faster with more at a time, and four of the largest are bearable. */
const INFLATE_AT_ONCE = 4
/** By then the requests that are in the way have gone on. */
const FULL_RETRY_SECONDS = 1

/** One request, from its headers to its answer; undefined where nobody is left to hear it. */
export function createReceive({ accept, guard, limits, collect }: ReceiveOptions, counters: IntakeCounters) {
  const { bodyBytes } = limits
  // At least one body has to fit.
  const memory = createMemory(Math.max(limits.inFlightBytes, bodyBytes), counters)
  const inflate = createInflate(bodyBytes, INFLATE_AT_ONCE)

  const tooLarge = (encoding: Encoding) =>
    failure(encoding, 413, `the body is larger than ${bodyBytes} bytes; send smaller batches`)
  const full = (encoding: Encoding) =>
    tryAgain(encoding, 'too many requests are being received at once', FULL_RETRY_SECONDS)

  function unread(
    why: Exclude<(Body | Inflated)['status'], 'whole'>,
    encoding: Encoding,
  ): Answer | undefined {
    if (why === 'gone') return undefined
    if (why === 'corrupt') return failure(encoding, 400, 'the body is not valid gzip')
    return why === 'too_large' ? tooLarge(encoding) : full(encoding)
  }

  /** What can be said without the body. */
  function refusal(asked: Asked, signal: Signal | undefined): Answer | undefined {
    const encoding = encodingOf(asked.headers['content-type'])
    const refused = askerRefusal(guard, asked, encoding)
    if (refused !== undefined) return refused
    if (signal === undefined)
      return failure(encoding, 404, 'this is an OTLP endpoint: POST /v1/traces, /v1/logs or /v1/metrics')
    if (asked.method !== 'POST') return failure(encoding, 405, 'only POST is allowed', { allow: 'POST' })
    if (encoding === undefined)
      return failure(encoding, 415, `the content type must be ${Object.values(MEDIA_TYPES).join(' or ')}`)
    if (compressionOf(asked.headers['content-encoding']) === undefined)
      return failure(encoding, 415, 'the content encoding must be gzip or none', {
        'accept-encoding': 'gzip',
      })
    const announced = asked.announced ?? 0
    if (announced > bodyBytes) return tooLarge(encoding)
    return memory.hasRoom(announced) ? undefined : full(encoding)
  }

  /** Only for requests that were not refused. */
  async function receive(asked: Asked, signal: Signal): Promise<Answer | undefined> {
    const hold = memory.hold()
    try {
      return await answerOf(asked, signal, hold)
    } finally {
      hold.release()
    }
  }

  async function answerOf(asked: Asked, signal: Signal, hold: Hold): Promise<Answer | undefined> {
    const encoding = encodingOf(asked.headers['content-type'])!
    const body = await asked.body(bodyBytes, hold)
    if (body.status !== 'whole') return unread(body.status, encoding)
    let { bytes } = body
    counters.wireBytes += bytes.length
    if (compressionOf(asked.headers['content-encoding']) === 'gzip') {
      const inflated = await inflate(bytes)
      if (inflated.status !== 'whole') return unread(inflated.status, encoding)
      bytes = inflated.bytes
      hold.add(bytes.length)
      collect(bytes.length)
    }
    counters.bodyBytes += bytes.length
    // Whoever left while waiting will send it again.
    if (asked.isGone()) return undefined
    // Logs and metrics are taken and dropped, so that programs which send everything to one place are content.
    if (signal !== 'traces') return success(encoding)
    const accepted = await accept(bytes, encoding, Date.now())
    if (accepted.status === 'done') return success(encoding, accepted.rejectedSpans, accepted.message)
    if (accepted.status === 'reject') return failure(encoding, 400, accepted.error.message)
    return tryAgain(encoding, accepted.error.message, accepted.retryAfterSeconds)
  }

  return { refusal, receive }
}
