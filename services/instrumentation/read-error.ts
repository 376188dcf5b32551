import { readBody } from './read-error/body.ts'
import { type Envelope, pointedAt, pointedText } from './read-error/envelope.ts'
import { headerCodes, headerMessage } from './read-error/header-code.ts'
import { type ResponseHeaders, readHeaders } from './read-error/headers.ts'
import { type LimitNames, type RateLimit, readRateLimits } from './read-error/rate-limits.ts'
import { type BodyReading, readTree } from './read-error/read-tree.ts'
import { codeInWords, codeOfText, messageOfText, requestIdInWords } from './read-error/read-words.ts'
import { headerRequestId } from './read-error/request-id.ts'
import { headerRetryAfterMs, headerShouldRetry, hintedRetryAfterMs } from './read-error/retry-after.ts'
import { valueAt } from './read-error/tree.ts'

export interface ErrorResponse {
  /** HTTP's; left out or 0 where it is not known. */
  status?: number
  /** fetch's Headers, node:http's object, `rawHeaders`, a Map … */
  headers?: unknown
  /** A text, bytes (not compressed), or what was already parsed; it may be cut off anywhere. */
  body?: unknown
}

export interface ReadErrorOptions {
  /** Where this API keeps what, from its catalog. Wins over what can be seen. */
  envelope?: Envelope
  /** What this API calls its rate-limit headers, from its catalog. */
  limits?: LimitNames
  /** Unix ms, for dates; default: now. */
  now?: number
}

export interface ReadError {
  /** What programs compare; null where the response has none. Neither status nor message is a code. */
  code: string | null
  message: string | null
  requestId: string | null
  retryAfterMs: number | null
  /** What the server itself says about sending the request again (x-should-retry, `retryable: true`); mostly nothing. */
  shouldRetry: boolean | null
  rateLimits: RateLimit[]
  details: unknown
}

/**
 * Reads any API's error. Null where the response is none: a status below 400 and a body that does not say otherwise.
 * Never throws, whatever it is given, and takes time only in proportion to the body's first 64 KB.
 */
export function readError(response: ErrorResponse, options: ReadErrorOptions = {}): ReadError | null {
  try {
    return read(response, options)
  } catch {
    // Only an object made to be hostile gets here.
    return null
  }
}

/** The rate limits of any response, failed or not. */
export function readLimits(
  headers: unknown,
  { limits = {}, now = Date.now() }: ReadErrorOptions = {},
): RateLimit[] {
  try {
    return readRateLimits(readHeaders(headers), limits, now)
  } catch {
    return []
  }
}

function read(response: ErrorResponse, options: ReadErrorOptions): ReadError | null {
  if (typeof response !== 'object' || response === null) return null
  const { envelope = {}, limits = {}, now = Date.now() } = options
  const given = Number(valueAt(response, 'status') ?? 0)
  const status = Number.isInteger(given) ? given : 0
  const headers = readHeaders(valueAt(response, 'headers'))
  const body = readBody(valueAt(response, 'body'), headers.get('content-type') ?? '')
  const tree = body.kind === 'tree' ? body.tree : null
  const found =
    body.kind === 'words' ? fromWords(body.words, body.title, status) : readTree(tree, status, now)

  const fromHeaders = headerCodes(headers, status)
  const code = pointedText(tree, envelope.code) ?? bestCode(found, fromHeaders, status)
  if (!isError(status, found, headers, code !== null)) return null

  const message = pointedText(tree, envelope.message) ?? found.message ?? headerMessage(headers)
  const details = pointedAt(tree, envelope.details) ?? found.details
  return {
    code,
    message,
    requestId:
      pointedText(tree, envelope.request_id) ??
      bestRequestId(found, headers) ??
      requestIdInWords(message ?? ''),
    retryAfterMs: headerRetryAfterMs(headers, now) ?? found.retryAfterMs ?? hintedRetryAfterMs(message),
    shouldRetry: headerShouldRetry(headers) ?? found.shouldRetry,
    rateLimits: readRateLimits(headers, limits, now),
    details: details ?? null,
  }
}

function fromWords(words: string, title: string | null, status: number): BodyReading {
  const code = codeOfText(words, status)
  const message = messageOfText(words, title)
  return {
    code,
    codeCost: 0,
    message: message === code ? null : message,
    requestId: requestIdInWords(words),
    requestIdCost: 5,
    retryAfterMs: null,
    shouldRetry: null,
    details: null,
    failed: false,
  }
}

/** A header called a code is better than a body's field that only looks like one. */
const SURE = 3
const UNSURE = 100

function bestCode(
  found: BodyReading,
  headers: ReturnType<typeof headerCodes>,
  status: number,
): string | null {
  if (headers.first !== null) return headers.first
  if (found.code !== null && found.codeCost <= SURE) return found.code
  const marked = headers.good ?? (found.codeCost < UNSURE ? found.code : null)
  return marked ?? headers.last ?? found.code ?? codeInWords(found.message ?? '', status)
}

/** The API's own word for it, then what the network says, then what only correlates. */
function bestRequestId(found: BodyReading, headers: ResponseHeaders): string | null {
  const header = headerRequestId(headers)
  if (found.requestId === null) return header?.id ?? null
  return header !== null && header.tier + 1 < found.requestIdCost ? header.id : found.requestId
}

/** Statuses below 400 are errors only where the response says so itself; an unknown one where there is a code. */
function isError(status: number, found: BodyReading, headers: ResponseHeaders, hasCode: boolean): boolean {
  if (status >= 400 || found.failed) return true
  if (Number(headers.get('grpc-status') ?? 0) > 0 || headers.has('x-amz-function-error')) return true
  return status === 0 && hasCode
}
