import type { Tracer } from '@opentelemetry/api'
import type { CountError } from '../observe/error-counter.ts'
import type { Envelope } from '../read-error/envelope.ts'
import type { ConsumerOf } from './consumer.ts'

export interface ServerTelemetry {
  readonly tracer: Tracer
  readonly countError: CountError
  readonly captureMessage: boolean
  /** A span of its own where no other instrumentation makes one. */
  readonly spans: boolean
  readonly consumerOf: ConsumerOf | null
  /** Where this application's own errors keep what. */
  readonly envelope: Envelope
}
