import { readFileSync } from 'node:fs'
import { diag } from '@opentelemetry/api'
import type { InstrumentationConfig } from '@opentelemetry/instrumentation'
import { type CompiledCatalogs, parseCatalogs } from './catalogs.ts'
import type { ProviderConfig } from './provider.ts'
import type { Envelope } from './read-error/envelope.ts'
import type { Consumer } from './server/consumer.ts'

export interface ApiErrorInstrumentationConfig extends InstrumentationConfig {
  /** What `telltale catalog compile` wrote, or the path of that file. Default: TELLTALE_COMPILED_CATALOGS. */
  catalogs?: CompiledCatalogs | string
  /** APIs by name, for those that no catalog has and what a catalog does not say. */
  providers?: Record<string, ProviderConfig>
  /** Messages of errors, scrubbed, as `api.error.message`. Default: TELLTALE_CAPTURE_MESSAGE, else true. */
  captureMessage?: boolean
  /** Rate limits from the headers of successful answers too. Default: TELLTALE_CAPTURE_LIMITS, else true. */
  captureLimits?: boolean
  /** A span of its own where no other instrumentation makes one. Default: TELLTALE_SPANS, else true. */
  spans?: boolean
  /** The requests that this process answers, too. Default: TELLTALE_SERVER, else true. */
  server?: boolean
  /** The request header that names who calls, or a function that tells. Default: TELLTALE_CONSUMER_HEADER. */
  consumer?: Consumer
  /** The key that credentials in that header are hashed with. Default: TELLTALE_CONSUMER_KEY. */
  consumerKey?: string
  /** Where this application's own errors keep what; default: what can be seen. */
  envelope?: Envelope
}

export interface Settings {
  catalogs: CompiledCatalogs | null
  providers: Record<string, ProviderConfig>
  captureMessage: boolean
  captureLimits: boolean
  spans: boolean
  server: boolean
  consumer: Consumer | undefined
  consumerKey: string | undefined
  envelope: Envelope
}

type Environment = Record<string, string | undefined>

/** What is configured, else what the environment says, else the default. Never throws: who is wrong is told by diag. */
export function settingsOf(
  config: ApiErrorInstrumentationConfig,
  environment: Environment = process.env,
): Settings {
  return {
    catalogs: readCatalogs(config.catalogs ?? (environment.TELLTALE_COMPILED_CATALOGS || undefined)),
    providers: config.providers ?? {},
    captureMessage: config.captureMessage ?? isOn(environment, 'TELLTALE_CAPTURE_MESSAGE'),
    captureLimits: config.captureLimits ?? isOn(environment, 'TELLTALE_CAPTURE_LIMITS'),
    spans: config.spans ?? isOn(environment, 'TELLTALE_SPANS'),
    server: config.server ?? isOn(environment, 'TELLTALE_SERVER'),
    consumer: config.consumer ?? (environment.TELLTALE_CONSUMER_HEADER || undefined),
    consumerKey: config.consumerKey ?? (environment.TELLTALE_CONSUMER_KEY || undefined),
    envelope: config.envelope ?? {},
  }
}

function isOn(environment: Environment, name: string): boolean {
  const word = environment[name]?.trim().toLowerCase() ?? ''
  if (word === 'false' || word === '0') return false
  if (word !== '' && word !== 'true' && word !== '1') diag.warn(`${name} is true or false, not ${word}`)
  return true
}

function readCatalogs(given: CompiledCatalogs | string | undefined): CompiledCatalogs | null {
  if (typeof given !== 'string') return given ?? null
  try {
    const catalogs = parseCatalogs(readFileSync(given, 'utf8'))
    if (catalogs === null)
      diag.warn(`${given} is not what \`telltale catalog compile\` writes; it is left out`)
    return catalogs
  } catch (error) {
    diag.warn(`catalogs cannot be read: ${String(error)}`)
    return null
  }
}
