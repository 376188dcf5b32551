import type { ErrorClass, Retry } from './vocabulary.ts'

// The errors that we answer with ourselves, written down once. `node scripts/own-errors.ts` makes of it the catalog
// `telltale`, so that we read our own errors as we read everybody's, and docs/errors.md. Codes are permanent: never
// renamed, never reused.

interface ApiError {
  status: number
  class: ErrorClass
  /** What a program may do with the same request. */
  retry: Retry
  /** What is said when nothing more precise is known; the catalog's meaning. */
  message: string
  /** What a person does about it. */
  action: string
}

export const API_ERRORS = {
  invalid_request: {
    status: 400,
    class: 'validation',
    retry: 'never',
    message: 'The request is not valid HTTP for this API.',
    action: 'Correct the request: its line, its headers, the escapes in its address.',
  },
  invalid_parameter: {
    status: 400,
    class: 'validation',
    retry: 'never',
    message: 'A parameter is not valid.',
    action: 'Correct the parameters that the details name; they say what each may be.',
  },
  token_missing: {
    status: 401,
    class: 'auth',
    retry: 'never',
    message: 'A token is needed here.',
    action: 'Send `Authorization: Bearer tt_…`; `telltale token create` makes a token.',
  },
  token_invalid: {
    status: 401,
    class: 'auth',
    retry: 'never',
    message: 'This token is not valid, or not any longer.',
    action: 'Make a new token with `telltale token create`.',
  },
  token_expired: {
    status: 401,
    class: 'auth',
    retry: 'never',
    message: 'This token has expired.',
    action: 'Make a new token with `telltale token create`.',
  },
  scope_missing: {
    status: 403,
    class: 'permission',
    retry: 'never',
    message: 'The token that was sent is for something else.',
    action: 'Send a token with the scope that the header WWW-Authenticate names.',
  },
  invalid_payload: {
    status: 400,
    class: 'validation',
    retry: 'never',
    message: 'The body is no OTLP that can be read, or holds more than can be kept at once.',
    action: 'Look for what changes the bodies on their way; send smaller batches.',
  },
  host_not_allowed: {
    status: 403,
    class: 'permission',
    retry: 'never',
    message: 'This instance answers on localhost only; the Host header names something else.',
    action: 'Ask by the name localhost or the address 127.0.0.1.',
  },
  not_found: {
    status: 404,
    class: 'not_found',
    retry: 'never',
    message: 'There is nothing at this address.',
    action: 'Correct the address; the details list those there are.',
  },
  request_not_found: {
    status: 404,
    class: 'not_found',
    retry: 'never',
    message: 'Nothing is stored about this request id.',
    action:
      'Check the id. A call is found a second or two after it was reported, and only if it failed or was sent again.',
  },
  catalog_not_found: {
    status: 404,
    class: 'not_found',
    retry: 'never',
    message: 'There is no catalog of this provider.',
    action: 'Use one of the providers that the details list, or add a catalog of your own.',
  },
  code_not_found: {
    status: 404,
    class: 'not_found',
    retry: 'never',
    message: 'This catalog does not list this code.',
    action: 'Check how the code is written, case included; the details list codes like it.',
  },
  token_not_found: {
    status: 404,
    class: 'not_found',
    retry: 'never',
    message: 'There is no token with this id.',
    action: 'Look for the id in what `telltale token list` prints.',
  },
  method_not_allowed: {
    status: 405,
    class: 'validation',
    retry: 'never',
    message: 'This address does not take this method.',
    action: 'Use a method that the header Allow names.',
  },
  request_timeout: {
    status: 408,
    class: 'validation',
    retry: 'backoff',
    message: 'The request took too long to arrive.',
    action: 'Send it again; look at the network in between if it happens often.',
  },
  payload_too_large: {
    status: 413,
    class: 'validation',
    retry: 'never',
    message: 'The body of the request is too large.',
    action: 'Send less at once.',
  },
  uri_too_long: {
    status: 414,
    class: 'validation',
    retry: 'never',
    message: 'The address of the request is too long.',
    action: 'Shorten the address; no id or filter needs so many characters.',
  },
  unsupported_media_type: {
    status: 415,
    class: 'validation',
    retry: 'never',
    message: 'The body of the request has a type that is not read here.',
    action: 'Send a type and an encoding that the answer names.',
  },
  rate_limited: {
    status: 429,
    class: 'rate_limit',
    retry: 'after_wait',
    message: 'Too many requests in a minute.',
    action: 'Wait as Retry-After says; the headers RateLimit-Policy and RateLimit say how many are allowed.',
  },
  headers_too_large: {
    status: 431,
    class: 'validation',
    retry: 'never',
    message: 'The headers of the request are too large.',
    action: 'Send fewer or shorter headers; cookies of other sites on the same name are a usual cause.',
  },
  internal_error: {
    status: 500,
    class: 'internal',
    retry: 'once',
    message: 'Something failed in telltale itself. Its log says more, under this request id.',
    action:
      'Send it once more; if it fails again, look for the request id in the log of telltale and report it.',
  },
  too_many_streams: {
    status: 503,
    class: 'concurrency',
    retry: 'after_wait',
    message: 'Too many clients follow the events of this instance, or read its rows as lines, already.',
    action: 'Wait as Retry-After says; close streams that nobody looks at.',
  },
  not_ready: {
    status: 503,
    class: 'maintenance',
    retry: 'after_wait',
    message: 'Not ready; the details say why.',
    action: 'Wait as Retry-After says; if it lasts, do what the reasons in the details ask for.',
  },
  store_unavailable: {
    status: 503,
    class: 'upstream',
    retry: 'after_wait',
    message: 'The store does not answer at the moment. Try again.',
    action: 'Wait as Retry-After says; if it lasts, look at the ClickHouse server or at the log of telltale.',
  },
  disk_full: {
    status: 503,
    class: 'maintenance',
    retry: 'after_wait',
    message: 'The disk of the store has too little room for this.',
    action: 'Make room on the disk, or shorten the retention; then send it again.',
  },
  overloaded: {
    status: 503,
    class: 'concurrency',
    retry: 'after_wait',
    message: 'Too many questions are being answered at the moment. Try again.',
    action: 'Wait as Retry-After says; ask fewer at the same time.',
  },
  intake_full: {
    status: 503,
    class: 'concurrency',
    retry: 'after_wait',
    message: 'Spans cannot be taken at the moment: too much comes at once, or the store has not kept up.',
    action: 'Exporters wait and send again by themselves; if it lasts, look at telltale_journal_bytes.',
  },
  query_too_heavy: {
    status: 503,
    class: 'concurrency',
    retry: 'after_wait',
    message: 'The store took too long for this. Ask for a shorter time.',
    action:
      'Ask for a shorter period or with more filters; the same question may do when there is less to do.',
  },
} as const satisfies Record<string, ApiError>

export type ApiErrorCode = keyof typeof API_ERRORS
