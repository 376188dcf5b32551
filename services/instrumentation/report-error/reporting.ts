import { metrics, trace } from '@opentelemetry/api'
import type { CompiledCatalogs } from '../catalogs.ts'
import { type CountError, errorCounter } from '../observe/error-counter.ts'
import { VERSION } from '../version.ts'

export interface Reporting {
  catalogs: CompiledCatalogs | undefined
  captureMessage: boolean
  countError: CountError
}

let enabled: Reporting | null = null

/** While the instrumentation is enabled, exceptions are reported by its settings. */
export function useReporting(reporting: Reporting): () => void {
  enabled = reporting
  return () => {
    if (enabled === reporting) enabled = null
  }
}

/** `sees`: the calls that failed over HTTP were seen already, and counted. */
export function reporting(): Reporting & { sees: boolean } {
  if (enabled !== null) return { ...enabled, sees: true }
  const countError: CountError = (error) => {
    errorCounter(metrics.getMeter('@telltale/instrumentation', VERSION), 'client')(error)
  }
  return { catalogs: undefined, captureMessage: true, countError, sees: false }
}

/** For what must not stand on a server's span: it is about somebody else's API. */
export const reportTracer = () => trace.getTracer('@telltale/instrumentation', VERSION)
