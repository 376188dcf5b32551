import { SpanKind, type SpanOptions } from '@opentelemetry/api'
import { report } from '../guard.ts'
import { rpcMetadata } from './rpc-metadata.ts'

/** The tracer of Next.js, which has spans of its own for what it does with a request. */
export const NEXT = 'next.js'

/**
 * Its span of a whole request is a server's too, inside the one of node:http: the request would count twice. So it becomes
 * an internal one, as those of other frameworks are. And it is the only one who tells Next's route.
 */
export function insideServerSpan(options: SpanOptions | undefined): SpanOptions | undefined {
  try {
    const rpc = rpcMetadata()
    if (rpc === null || options === undefined) return options
    const route = options.attributes?.['next.route']
    if (typeof route === 'string') rpc.route = route
    return options.kind === SpanKind.SERVER ? { ...options, kind: SpanKind.INTERNAL } : options
  } catch (error) {
    report(error)
    return options
  }
}
