import type { ServedCall } from './served-call.ts'

interface ExpressRequest {
  baseUrl?: unknown
  route?: { path?: unknown }
}

/** The route's pattern: of a plugin, of express, of the official instrumentation of a framework. */
export function routeOf({ route, request, rpc }: ServedCall): string | null {
  if (route !== null) return route
  const { route: matched, baseUrl } = request as unknown as ExpressRequest
  const path = matched?.path
  if (typeof path === 'string') return `${typeof baseUrl === 'string' ? baseUrl : ''}${path}`
  return rpc?.route ?? null
}
