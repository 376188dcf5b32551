import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { guarded } from '../guard.ts'
import { useTelemetry } from './plugin-telemetry.ts'
import { watchResponses } from './response-body.ts'
import { beginCall } from './served-calls.ts'
import type { ServerTelemetry } from './server-telemetry.ts'
import { spanRequests } from './span-requests.ts'

interface Started {
  request: IncomingMessage
  response: ServerResponse
  server: Server
}

/** Sees to every request that a node:http server of this process answers, until it is stopped. */
export function observeServers(telemetry: ServerTelemetry): { stop(): void } {
  const spans = spanRequests()
  let stopWatching: (() => void) | null = null
  const begin = guarded((message: unknown) => {
    const { request, response, server } = message as Started
    stopWatching ??= watchResponses()
    spans.of(server)
    beginCall(telemetry, request, response)
  })
  const stopTelling = useTelemetry(telemetry)
  subscribe('http.server.request.start', begin)
  return {
    stop() {
      unsubscribe('http.server.request.start', begin)
      stopWatching?.()
      spans.stop()
      stopTelling()
    },
  }
}
