export { withCall } from './calls/with-call.ts'
export {
  type FetchWithAdviceOptions,
  fetchWithAdvice,
  type RetryBudget,
  retryBudget,
} from './fetch-with-advice.ts'
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
export { type ReadException, type ReportErrorOptions, reportError } from './report-error.ts'
export { type RetryAdvice, type RetryAdviceOptions, retryAdvice } from './retry-advice.ts'
export { apiErrorsExpress, type ExpressOptions } from './server/express.ts'
export { apiErrors, type FastifyOptions } from './server/fastify.ts'
export type { ApiErrorInstrumentationConfig } from './settings.ts'
