import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { guarded } from '../guard.ts'
import { useTelemetry } from './plugin-telemetry.ts'
import { watchResponses } from './response-body.ts'
import { beginCall } from './served-calls.ts'
import type { ServerTelemetry } from './server-telemetry.ts'
import { spanRequests } from './span-requests.ts'

/** Sees to every request that a node:http server of this process answers, until it is stopped. */
export function observeServers(telemetry: ServerTelemetry): { stop(): void } {
  const begin = guarded((message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    beginCall(telemetry, request, response)
  })
  const stops = [watchResponses(), spanRequests(), useTelemetry(telemetry)]
  subscribe('http.server.request.start', begin)
  return {
    stop() {
      unsubscribe('http.server.request.start', begin)
      for (const stop of stops) stop()
    },
  }
}
