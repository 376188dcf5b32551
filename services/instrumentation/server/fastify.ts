import type { IncomingMessage, ServerResponse } from 'node:http'
import { context } from '@opentelemetry/api'
import { report } from '../guard.ts'
import { type Consumer, consumerReader } from './consumer.ts'
import { pluginTelemetry, type ServerOptions } from './plugin-telemetry.ts'
import { giveRequestId } from './request-id.ts'
import { watchHttp2, watchResponses } from './response-body.ts'
import { beginCall, ensureSpan } from './served-calls.ts'

// What is used of fastify, so that nobody needs its types who does not use it.

interface FastifyRequest {
  raw: IncomingMessage
  routeOptions?: { url?: string }
}
interface FastifyReply {
  raw: ServerResponse
}
interface FastifyApp<Request extends FastifyRequest, Reply extends FastifyReply> {
  addHook(name: 'onRequest', hook: (request: Request, reply: Reply, done: () => void) => void): unknown
  addHook(name: 'onClose', hook: (app: never, done: () => void) => void): unknown
}

export interface FastifyOptions extends ServerOptions {
  /** The header that names who calls, or a function of fastify's request, asked when the answer is sent. */
  // biome-ignore lint/suspicious/noExplicitAny: fastify's request has whatever the application's plugins put on it
  consumer?: string | ((request: any) => string | number | null | undefined)
  /** The key to hash credentials with. */
  consumerKey?: string
}

/** Fastify's plugin, 4 and 5. It holds for the whole application, wherever it is registered. */
export function apiErrors<Request extends FastifyRequest, Reply extends FastifyReply>(
  app: FastifyApp<Request, Reply>,
  options: FastifyOptions,
  done: (error?: Error) => void,
): void {
  const telemetry = pluginTelemetry(options)
  const { consumer, consumerKey = process.env.TELLTALE_CONSUMER_KEY } = options
  const ofHeader = typeof consumer === 'string' ? consumerReader(consumer as Consumer, consumerKey) : null
  const stopWatching = watchResponses()

  app.addHook('onRequest', (request, reply, next) => {
    let entered = context.active()
    try {
      if (options.requestId === true) giveRequestId(reply.raw)
      watchHttp2(reply.raw)
      const call = beginCall(telemetry(), request.raw, reply.raw)
      if (call !== undefined) {
        call.telemetry = telemetry()
        call.route = request.routeOptions?.url ?? null
        if (typeof consumer === 'function') call.consumerOf = () => consumer(request)
        else if (ofHeader !== null) call.consumerOf = () => ofHeader(request.raw)
        entered = ensureSpan(call) ?? entered
        if (call.rpc !== null && call.route !== null) call.rpc.route ??= call.route
      }
    } catch (error) {
      report(error)
    }
    context.with(entered, next)
  })
  app.addHook('onClose', (_, closed) => {
    stopWatching()
    closed()
  })
  done()
}

// What fastify-plugin sets: hooks of this plugin are not for its own scope alone.
Object.assign(apiErrors, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@telltale/instrumentation',
  [Symbol.for('plugin-meta')]: { name: '@telltale/instrumentation', fastify: '4.x || 5.x' },
})
