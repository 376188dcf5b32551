import type { Api } from './zod-provider.ts'

/** What a page of another site may see of an answer besides its body. */
const EXPOSED = 'ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
  'access-control-allow-headers': 'Authorization, Content-Type, If-None-Match, Last-Event-ID, X-Request-Id',
  // Browsers ask again every ten minutes at the latest anyway, or sooner.
  'access-control-max-age': '600',
}

/** Lets pages of these sites read answers; they need a token as everybody does, and cookies play no part. */
export function allowOrigins(app: Api, origins: string[]): void {
  if (origins.length === 0) return
  const allowed = new Set(origins)
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    reply.header('vary', 'Origin')
    if (origin === undefined || !allowed.has(origin)) return done()
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED)
    const isPreflight =
      request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
    // A browser asks this on its own, without the token that the request itself will bring.
    if (isPreflight) return void reply.headers(PREFLIGHT).code(204).send()
    done()
  })
}
