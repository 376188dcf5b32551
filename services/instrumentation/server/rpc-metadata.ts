import { context, createContextKey, type Span } from '@opentelemetry/api'

/** What OpenTelemetry's instrumentations of HTTP servers leave in the context for those of frameworks. */
export interface RpcMetadata {
  type: string
  span: Span
  route?: string
}

/** The SDK's own key. */
export const RPC_METADATA = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA')

/** What was left in the context for this request. */
export function rpcMetadata(): RpcMetadata | null {
  const found = context.active().getValue(RPC_METADATA) as RpcMetadata | undefined
  return found?.type === 'http' && found.span !== undefined ? found : null
}
