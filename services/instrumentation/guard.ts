import { diag } from '@opentelemetry/api'

/** Enough to see what is wrong, and not a line a call. */
const MOST_REPORTS = 10
let reports = 0

/**
 * Runs what looks at an application's call. Whatever goes wrong in it is told to OpenTelemetry's diagnostics and never
 * to the application.
 */
export function guarded<This, Arguments extends unknown[]>(
  what: (this: This, ...given: Arguments) => void,
): (this: This, ...given: Arguments) => void {
  return function (this: This, ...given) {
    try {
      what.apply(this, given)
    } catch (error) {
      report(error)
    }
  }
}

export function report(error: unknown): void {
  if (++reports > MOST_REPORTS) return
  try {
    diag.error('@telltale/instrumentation: a call could not be observed', error)
  } catch {
    // A logger that throws is nobody's to tell.
  }
}
