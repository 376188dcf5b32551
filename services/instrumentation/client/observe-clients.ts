import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { TracerProvider } from '@opentelemetry/api'
import { enterServedRequest } from '../calls/scope.ts'
import { guarded } from '../guard.ts'
import { providerFinder } from '../provider.ts'
import { clientCalls, type Telemetry } from './client-calls.ts'
import { observeNodeHttp } from './node-http.ts'
import { originReader } from './origins.ts'
import { watchClientSpans } from './other-spans.ts'
import { observeUndici } from './undici.ts'

export interface ClientTelemetry extends Telemetry {
  /** The one whose spans others may start. */
  readonly provider: TracerProvider
}

export interface ClientObserver {
  /** Others may have been registered by now: goes behind them. */
  comeLast(): void
  stop(): void
}

/** Observes every client in this process, until it is stopped. */
export function observeClients(telemetry: ClientTelemetry): ClientObserver {
  const { settings } = telemetry
  const originOf = originReader(providerFinder(settings.catalogs, settings.providers))
  const calls = clientCalls(telemetry)
  const undici = observeUndici({
    calls,
    originOf,
    spans: settings.spans,
    watch: () => {
      if (stopWatching === null) watch()
    },
  })
  const stopHttp = observeNodeHttp({ calls, originOf, spans: settings.spans })
  const enter = guarded(enterServedRequest)
  // Else it is entered where the request is handed to its handlers, and only if it has to be.
  if (!settings.server) subscribe('http.server.request.start', enter)

  let stopWatching: (() => void) | null = null
  let isStopped = false
  const watch = guarded(() => {
    if (isStopped) return
    stopWatching?.()
    stopWatching = watchClientSpans(telemetry.provider, guarded(undici.clientSpan))
  })
  // An SDK that is starting sets its provider only after it registered its instrumentations.
  const watchSoon = (): void => {
    watch()
    queueMicrotask(watch)
  }
  watchSoon()

  return {
    comeLast() {
      undici.comeLast()
      watchSoon()
    },
    stop() {
      isStopped = true
      undici.stop()
      stopHttp()
      unsubscribe('http.server.request.start', enter)
      stopWatching?.()
    },
  }
}
