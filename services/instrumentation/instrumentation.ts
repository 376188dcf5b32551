import { InstrumentationBase } from '@opentelemetry/instrumentation'
import type { ApiErrorInstrumentationConfig } from './settings.ts'
import { VERSION } from './version.ts'

/**
 * Says on the spans of an application's calls which API error came back, and counts it. An instrumentation like
 * OpenTelemetry's own: give it to the NodeSDK, or to registerInstrumentations.
 */
export class ApiErrorInstrumentation extends InstrumentationBase<ApiErrorInstrumentationConfig> {
  constructor(config: ApiErrorInstrumentationConfig = {}) {
    super('@telltale/instrumentation', VERSION, config)
  }

  /** Nothing is patched: Node and undici say themselves what they send and receive. */
  protected override init(): undefined {
    return undefined
  }
}
