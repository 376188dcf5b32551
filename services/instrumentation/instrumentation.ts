import { type Tracer, type TracerProvider, trace } from '@opentelemetry/api'
import { InstrumentationBase } from '@opentelemetry/instrumentation'
import { type ClientObserver, observeClients } from './client/observe-clients.ts'
import { type CountError, errorCounter } from './observe/error-counter.ts'
import { useReporting } from './report-error/reporting.ts'
import { consumerReader } from './server/consumer.ts'
import { observeServers } from './server/observe-servers.ts'
import { type ApiErrorInstrumentationConfig, settingsOf } from './settings.ts'
import { VERSION } from './version.ts'

const NAME = '@telltale/instrumentation'

/** Two that listen would count everything twice, also where two copies of this package are loaded. */
const ACTIVE = Symbol.for('@telltale/instrumentation active')
const shared = globalThis as { [ACTIVE]?: object }

/**
 * Says on the spans of an application's calls which API error came back, and counts it. An instrumentation like
 * OpenTelemetry's own: give it to the NodeSDK, or to registerInstrumentations.
 */
export class ApiErrorInstrumentation extends InstrumentationBase<ApiErrorInstrumentationConfig> {
  // Declared, not defined: the base class enables before fields of this one would be set.
  declare private clients: ClientObserver | undefined
  declare private servers: { stop(): void } | undefined
  declare private stopReporting: (() => void) | undefined
  declare private countError: CountError
  declare private countServerError: CountError
  declare private provider: TracerProvider | undefined

  constructor(config: ApiErrorInstrumentationConfig = {}) {
    super(NAME, VERSION, config)
  }

  /** No module is patched: Node and undici say themselves what they send and receive. */
  protected override init(): undefined {
    return undefined
  }

  override enable(): void {
    super.enable()
    if (this.clients !== undefined) return
    if (shared[ACTIVE] !== undefined) {
      this._diag.warn('is enabled already; this second one stays idle')
      return
    }
    shared[ACTIVE] = this
    const self = this
    const settings = settingsOf(this.getConfig())
    this.clients = observeClients({
      settings,
      get tracer(): Tracer {
        return self.tracer
      },
      get countError(): CountError {
        return self.countError
      },
      get provider(): TracerProvider {
        return self.provider ?? trace.getTracerProvider()
      },
    })
    this.stopReporting = useReporting({
      catalogs: settings.catalogs ?? undefined,
      captureMessage: settings.captureMessage,
      countError: (error) => self.countError(error),
    })
    if (!settings.server) return
    this.servers = observeServers({
      get tracer(): Tracer {
        return self.tracer
      },
      countError: (error) => self.countServerError(error),
      captureMessage: settings.captureMessage,
      spans: settings.spans,
      consumerOf: consumerReader(settings.consumer, settings.consumerKey),
      envelope: settings.envelope,
    })
  }

  override disable(): void {
    super.disable()
    if (this.clients === undefined) return
    this.clients.stop()
    this.clients = undefined
    this.stopReporting?.()
    this.servers?.stop()
    this.servers = undefined
    delete shared[ACTIVE]
  }

  override setTracerProvider(provider: TracerProvider): void {
    super.setTracerProvider(provider)
    this.provider = provider
    this.clients?.comeLast()
  }

  protected override _updateMetricInstruments(): void {
    this.countError = errorCounter(this.meter, 'client')
    this.countServerError = errorCounter(this.meter, 'server')
  }
}
