import { isList, valueAt } from '../read-error/tree.ts'
import { grpcBody, grpcHeaders } from './grpc.ts'

/** What an exception kept of the response that it stands for. */
export interface ExceptionResponse {
  /** 0 where it has none: the connection broke, or it is no HTTP. */
  status: number
  headers: unknown
  body: unknown
  requestId: string | null
  /** Whom it was sent to, where the exception knows. */
  host: string | null
  /** How often it had been sent before; null where nobody counted. */
  attempt: number | null
}

/** The response proper: of fetch's and most clients, of AWS, of Elasticsearch. */
const RESPONSES = ['response', '$response', 'meta', 'res']
/** Where a response, then the exception itself, holds its body; the parsed one first. */
const BODIES = ['data', 'parsedBody', '_data', 'body', 'rawBody', 'bodyAsText', 'text']
const OWN_BODIES = ['error', 'data', 'body', 'responseBody', 'raw', 'result']
const REQUEST_IDS = ['requestId', 'requestID', 'request_id', 'RequestId']

export function responseOf(exception: object): ExceptionResponse {
  const grpc = grpcBody(exception)
  const response = first(exception, RESPONSES, isObject) ?? null
  const metadata = first(exception, ['$metadata'], isObject) ?? null
  const holders = response === null ? [exception] : [response, exception]
  return {
    status: grpc === null ? statusOf(holders, metadata) : 0,
    headers:
      grpc === null ? first(holders, ['headers', 'responseHeaders'], isObject) : grpcHeaders(exception),
    body: grpc ?? bodyOf(exception, response),
    requestId: first(metadata === null ? holders : [metadata, ...holders], REQUEST_IDS, isText) ?? null,
    host: hostOf(exception, response),
    attempt: attemptOf(exception, response, metadata),
  }
}

function statusOf(holders: object[], metadata: object | null): number {
  const given =
    first(holders, ['status', 'statusCode'], isStatus) ?? first(metadata, ['httpStatusCode'], isStatus)
  if (given !== undefined) return given
  // Slack's client keeps of this answer only how long to wait.
  return first(holders, ['code'], isText) === 'slack_webapi_rate_limited_error' ? 429 : 0
}

function bodyOf(exception: object, response: object | null): unknown {
  const errors = first(response, ['errors'], isList) ?? first(exception, ['graphQLErrors'], isList)
  if (errors !== undefined) return { errors }
  const own = first(response, BODIES, isBody) ?? first(exception, OWN_BODIES, isBody)
  if (typeof own !== 'object' || own !== valueAt(exception, 'raw')) return own
  // Stripe puts the response's headers into the error that it read.
  const { headers: _headers, statusCode: _status, requestId: _id, ...error } = own as Record<string, unknown>
  return { error }
}

function hostOf(exception: object, response: object | null): string | null {
  const urls = [
    valueAt(response ?? {}, 'url'),
    ...['config', 'request', 'options'].map((name) => urlOf(valueAt(exception, name))),
  ]
  const url = urls.find((one) => one instanceof URL || (typeof one === 'string' && URL.canParse(one)))
  return url === undefined ? null : new URL(url as string | URL).hostname || null
}

/** axios keeps the address that a relative one belongs to apart. */
function urlOf(request: unknown): unknown {
  if (!isObject(request)) return undefined
  const url = valueAt(request, 'url')
  return typeof url === 'string' && !URL.canParse(url) ? valueAt(request, 'baseURL') : url
}

function attemptOf(exception: object, response: object | null, metadata: object | null): number | null {
  const sent = first(metadata, ['attempts'], isCount)
  if (sent !== undefined) return Math.max(0, sent - 1)
  const config = first(exception, ['config'], isObject) ?? null
  return (
    first(response, ['retryCount'], isCount) ??
    first(first(config, ['axios-retry'], isObject) ?? null, ['retryCount'], isCount) ??
    first(first(config, ['retryConfig'], isObject) ?? null, ['currentRetryAttempt'], isCount) ??
    null
  )
}

/** The first that is what it is taken for: of the first holder under any of the names, then of the next. */
function first<T>(
  holders: object | object[] | null,
  names: readonly string[],
  is: (value: unknown) => value is T,
): T | undefined {
  if (holders === null) return undefined
  for (const holder of Array.isArray(holders) ? holders : [holders]) {
    for (const name of names) {
      const value = valueAt(holder, name)
      if (is(value)) return value
    }
  }
  return undefined
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0
const isStatus = (value: unknown): value is number => isCount(value) && value >= 100 && value <= 599

/** What was read already; a stream that nobody read is left alone. */
function isBody(value: unknown): value is string | object {
  if (typeof value === 'string') return value !== ''
  if (!isObject(value)) return false
  return !['pipe', 'getReader', 'read', 'arrayBuffer'].some(
    (name) => typeof valueAt(value, name) === 'function',
  )
}
