import type { Attributes, Meter } from '@opentelemetry/api'
import { ERROR_CODE, ERROR_TYPE, PROVIDER, SERVER_ADDRESS, STATUS } from './names.ts'

export interface CountedError {
  /** null where the error has none. */
  code: string | null
  provider: string | null
  /** null where no answer came. */
  status: number | null
  /** What OpenTelemetry calls the failure: a status, or a system's code such as ECONNREFUSED. */
  type: string
  /** Names the API where no provider does. */
  host?: string
}

export type CountError = (error: CountedError) => void

/** `api.client.errors` or `api.server.errors`: so that who has no traces sees the codes too. */
export function errorCounter(meter: Meter, side: 'client' | 'server'): CountError {
  const counter = meter.createCounter(`api.${side}.errors`, {
    description:
      side === 'client'
        ? 'Calls of APIs that failed, by code.'
        : 'Requests that were answered with an error, by code.',
    unit: '{error}',
  })
  return ({ code, provider, status, type, host }) => {
    const attributes: Attributes = { [ERROR_TYPE]: type }
    if (code !== null) attributes[ERROR_CODE] = code
    if (status !== null) attributes[STATUS] = status
    if (provider !== null) attributes[PROVIDER] = provider
    else if (host !== undefined) attributes[SERVER_ADDRESS] = host
    counter.add(1, attributes)
  }
}
