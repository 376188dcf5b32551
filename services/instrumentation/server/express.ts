import type { IncomingMessage, ServerResponse } from 'node:http'
import { context } from '@opentelemetry/api'
import { report } from '../guard.ts'
import { type Consumer, consumerReader } from './consumer.ts'
import { pluginTelemetry, type ServerOptions } from './plugin-telemetry.ts'
import { giveRequestId } from './request-id.ts'
import { watchHttp2, watchResponses } from './response-body.ts'
import { beginCall, ensureSpan } from './served-calls.ts'

export interface ExpressOptions extends ServerOptions {
  /** The header that names who calls, or a function of the request, asked when the answer is sent. */
  consumer?: Consumer
  /** The key to hash credentials with. */
  consumerKey?: string
}

/** Express's middleware, 4 and 5; of anything else too that is called with node:http's request and response. */
export function apiErrorsExpress(
  options: ExpressOptions = {},
): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void {
  const telemetry = pluginTelemetry(options)
  const consumerOf = consumerReader(
    options.consumer,
    options.consumerKey ?? process.env.TELLTALE_CONSUMER_KEY,
  )
  watchResponses()

  return function apiErrors(request, response, next) {
    let entered = context.active()
    try {
      if (options.requestId === true) giveRequestId(response)
      watchHttp2(response)
      const call = beginCall(telemetry(), request, response)
      if (call !== undefined) {
        call.telemetry = telemetry()
        if (consumerOf !== null) call.consumerOf = () => consumerOf(request)
        entered = ensureSpan(call) ?? entered
      }
    } catch (error) {
      report(error)
    }
    context.with(entered, next)
  }
}
