import { AsyncLocalStorage } from 'node:async_hooks'
import { context, type Span, trace } from '@opentelemetry/api'
import { type RpcMetadata, rpcMetadata } from '../server/rpc-metadata.ts'

// What belongs together: within one scope a request that is sent again after it failed is the same call once more, in two
// scopes it is two calls.

const served = new AsyncLocalStorage<string>()
let count = 0

/** What runs from here on answers one incoming request, where OpenTelemetry's context does not tell it. */
export function enterServedRequest(): void {
  served.enterWith(`r${++count}`)
}

/** On an object that lives as long as the request is answered. */
const SCOPE = Symbol('@telltale/instrumentation scope')
type Scoped = RpcMetadata & { [SCOPE]?: string }

function servedRequest(): string | undefined {
  const rpc: Scoped | null = rpcMetadata()
  if (rpc === null) return served.getStore()
  rpc[SCOPE] ??= `r${++count}`
  return rpc[SCOPE]
}

interface ReadableSpan extends Span {
  parentSpanContext?: { spanId: string }
  /** Before the SDK's second version. */
  parentSpanId?: string
}

/**
 * The request that is being answered, else the trace; '' for a script, which does one thing after the other. `own` is
 * the span of the call itself, if there is one yet: where it begins a trace, that is no scope.
 */
export function currentScope(own: Span | null): string {
  const request = servedRequest()
  if (request !== undefined) return request
  const span = trace.getSpan(context.active()) as ReadableSpan | undefined
  if (span === undefined) return ''
  const isRoot = span.parentSpanContext === undefined && span.parentSpanId === undefined
  return span === own && isRoot ? '' : span.spanContext().traceId
}
