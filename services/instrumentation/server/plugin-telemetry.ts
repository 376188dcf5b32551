import { metrics, trace } from '@opentelemetry/api'
import { type CountError, errorCounter } from '../observe/error-counter.ts'
import type { Envelope } from '../read-error/envelope.ts'
import { settingsOf } from '../settings.ts'
import { VERSION } from '../version.ts'
import type { ServerTelemetry } from './server-telemetry.ts'

const NAME = '@telltale/instrumentation'

/** What fastify's plugin and express's middleware may be told. */
export interface ServerOptions {
  /** Where this application's own errors keep what; default: what can be seen. */
  envelope?: Envelope
  /** Messages of errors, scrubbed. */
  captureMessage?: boolean
  /** Gives a response that has none an X-Request-Id. */
  requestId?: boolean
}

let enabled: ServerTelemetry | null = null

/** While the instrumentation is enabled, plugins say what they see through it. */
export function useTelemetry(telemetry: ServerTelemetry): () => void {
  enabled = telemetry
  return () => {
    if (enabled === telemetry) enabled = null
  }
}

/** A plugin's, from what the instrumentation is told and what the plugin is told itself. */
export function pluginTelemetry({ envelope, captureMessage }: ServerOptions): () => ServerTelemetry {
  let base: ServerTelemetry | null = null
  let merged: ServerTelemetry | null = null
  return () => {
    const found = enabled ?? alone()
    if (found !== base || merged === null) {
      base = found
      merged = Object.create(found, {
        ...(envelope && { envelope: { value: envelope } }),
        ...(captureMessage !== undefined && { captureMessage: { value: captureMessage } }),
      }) as ServerTelemetry
    }
    return merged
  }
}

let standing: ServerTelemetry | null = null

/** Without the instrumentation a plugin works with whatever SDK is there. */
function alone(): ServerTelemetry {
  if (standing !== null) return standing
  let count: CountError | null = null
  const { captureMessage, spans } = settingsOf({})
  standing = {
    tracer: trace.getTracer(NAME, VERSION),
    // Made with the first error: meters from before the SDK's start stay without effect.
    countError: (error) => {
      count ??= errorCounter(metrics.getMeter(NAME, VERSION), 'server')
      count(error)
    },
    captureMessage,
    spans,
    consumerOf: null,
    envelope: {},
  }
  return standing
}
