// The errors our own API answers with, written down once: code → HTTP status and what to say when nothing more
// precise is known. Codes are permanent: never renamed, never reused.

export const API_ERRORS = {
  invalid_request: { status: 400, message: 'The request is not valid HTTP for this API.' },
  invalid_parameter: { status: 400, message: 'A parameter is not valid.' },
  host_not_allowed: {
    status: 403,
    message: 'This instance answers on localhost only; the Host header names something else.',
  },
  not_found: { status: 404, message: 'There is nothing at this address.' },
  request_not_found: { status: 404, message: 'Nothing is stored about this request id.' },
  method_not_allowed: { status: 405, message: 'This address does not take this method.' },
  request_timeout: { status: 408, message: 'The request took too long to arrive.' },
  payload_too_large: { status: 413, message: 'The body of the request is too large.' },
  uri_too_long: { status: 414, message: 'The address of the request is too long.' },
  unsupported_media_type: {
    status: 415,
    message: 'The body of the request has a type that is not read here.',
  },
  headers_too_large: { status: 431, message: 'The headers of the request are too large.' },
  internal_error: {
    status: 500,
    message: 'Something failed in telltale itself. Its log says more, under this request id.',
  },
  not_ready: { status: 503, message: 'Not ready; the details say why.' },
  store_unavailable: { status: 503, message: 'The store does not answer at the moment. Try again.' },
  query_too_heavy: { status: 503, message: 'The store took too long for this. Ask for a shorter time.' },
} as const satisfies Record<string, { status: number; message: string }>

export type ApiErrorCode = keyof typeof API_ERRORS
