// The names of what is written on spans and metrics. Those of the semantic conventions are spelled out here, for their
// package takes longer to load than all of this one.

export const ERROR_CODE = 'api.error.code'
export const ERROR_MESSAGE = 'api.error.message'
export const PROVIDER = 'api.provider'
export const REQUEST_ID = 'api.request_id'
export const CALL_ID = 'api.call_id'
export const RETRY_AFTER_MS = 'api.retry_after_ms'
export const LIMIT_NAME = 'api.ratelimit.name'
export const LIMIT = 'api.ratelimit.limit'
export const LIMIT_REMAINING = 'api.ratelimit.remaining'
export const LIMIT_RESET_MS = 'api.ratelimit.reset_ms'

export const ERROR_TYPE = 'error.type'
export const METHOD = 'http.request.method'
export const METHOD_ORIGINAL = 'http.request.method_original'
export const RESEND_COUNT = 'http.request.resend_count'
export const STATUS = 'http.response.status_code'
export const SERVER_ADDRESS = 'server.address'
export const SERVER_PORT = 'server.port'
export const URL_FULL = 'url.full'
