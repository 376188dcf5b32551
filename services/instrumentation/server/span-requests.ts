import type { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type Context, context, type Span, SpanStatusCode } from '@opentelemetry/api'
import { enterServedRequest } from '../calls/scope.ts'
import { guarded, report } from '../guard.ts'
import { mine, type ServedCall } from './served-call.ts'
import { adoptSpan, ensureSpan } from './served-calls.ts'

type Emit = EventEmitter['emit']

export interface SpanRequests {
  /** Before a server hands its request to the handlers. */
  of(server: object): void
  stop(): void
}

/**
 * Finds the span of each request, or makes it, before the application's handlers run; within a context of their own,
 * which only the call of the handlers can give them. Node's classes of servers are wrapped with their first request:
 * to load them before takes longer than to load all of this package.
 */
export function spanRequests(): SpanRequests {
  const stops = new Map<object, () => void>()
  let last: object | null = null
  return {
    of(server) {
      const own: object | null = Object.getPrototypeOf(server)
      if (own === last) return
      last = own
      const prototype = nodesPrototype(server)
      if (!stops.has(prototype)) stops.set(prototype, wrapEmit(prototype))
    },
    stop() {
      for (const stop of stops.values()) stop()
    },
  }
}

function nodesPrototype(server: object): EventEmitter {
  const { Server } = process.getBuiltinModule('node:http')
  return server instanceof Server ? Server.prototype : process.getBuiltinModule('node:https').Server.prototype
}

/** What a server emits with a request for its handlers. */
const HANDED = new Set<string | symbol>(['request', 'checkContinue', 'checkExpectation'])

function wrapEmit(prototype: EventEmitter): () => void {
  const own = Object.getOwnPropertyDescriptor(prototype, 'emit')
  const original: Emit = prototype.emit
  // Instrumentations mark what they wrapped. One that did is asked after us, and makes the span if it wants one.
  const isSeenTo = '__wrapped' in original
  let isStopped = false
  /** Whether the last request was told by OpenTelemetry's context: then the next will be. */
  let isTold = false

  const enter = (call: ServedCall): Context | null => {
    try {
      if (!isSeenTo) {
        const entered = ensureSpan(call)
        if (call.rpc === null) enterServedRequest()
        return entered
      }
      if (!isTold) enterServedRequest()
      // The first thing that it does with its span active is to listen for the end of the response.
      if (adoptSpan(call) === null) call.response.on('newListener', foundListener)
    } catch (error) {
      report(error)
    }
    return null
  }

  const emit: Emit = function emit(this: EventEmitter, event, ...given) {
    const call = HANDED.has(event) && !isStopped ? mine(given[1] as ServerResponse) : undefined
    if (call === undefined || call.span !== null) return original.call(this, event, ...given)
    const entered = enter(call)
    if (entered === null) {
      const result = original.call(this, event, ...given)
      isTold = call.rpc !== null
      return result
    }
    return context.with(entered, () => {
      try {
        return original.call(this, event, ...given)
      } catch (error) {
        sayThrown(call.span, error)
        throw error
      }
    })
  }
  prototype.emit = emit

  return () => {
    isStopped = true
    // Who wrapped ours keeps it; it hands on what it is given.
    if (prototype.emit !== emit) return
    if (own === undefined) delete (prototype as Partial<EventEmitter>).emit
    else Object.defineProperty(prototype, 'emit', own)
  }
}

/** Shared by all calls: this runs for each. */
function foundListener(this: ServerResponse): void {
  try {
    this.removeListener('newListener', foundListener)
    const call = mine(this)
    if (call !== undefined) adoptSpan(call)
  } catch (error) {
    report(error)
  }
}

const sayThrown = guarded((span: Span | null, error: unknown) => {
  span?.recordException(error instanceof Error ? error : String(error))
  span?.setStatus({ code: SpanStatusCode.ERROR })
})
