export { withCall } from './calls/with-call.ts'
export { ApiErrorInstrumentation } from './instrumentation.ts'
export type { ProviderConfig } from './provider.ts'
export type { RateLimit } from './read-error/rate-limits.ts'
export {
  type ErrorResponse,
  type ReadError,
  type ReadErrorOptions,
  readError,
  readLimits,
} from './read-error.ts'
export type { ApiErrorInstrumentationConfig } from './settings.ts'
