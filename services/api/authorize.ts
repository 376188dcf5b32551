import type { FastifyReply } from 'fastify'
import type { Guard, Refusal } from '../access/guard.ts'
import type { Rate } from '../access/rate-limit.ts'
import type { Scope } from '../contract/scopes.ts'
import { refuse } from './envelope.ts'
import type { Api } from './zod-provider.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token needs for this route; `read`, if it does not say. */
    scope?: Scope | 'anyone'
  }
  interface FastifyRequest {
    /** May who asks have what takes this scope? For routes that tell some more than others. */
    opens(scope: Scope): boolean
  }
}

/** How soon an answer that is still being sent ends after its token was revoked or has expired. */
const LOOK_AGAIN_MS = 2_000

/** Nothing is answered, not even that there is no such address, but to who may ask. */
export function authorize(app: Api, guard: Guard): void {
  const underWay = new Set<{ reply: FastifyReply; holds: () => boolean }>()

  app.decorateRequest('opens', () => false)
  app.addHook('onRequest', (request, reply, done) => {
    const { scope = 'read' } = request.routeOptions.config ?? {}
    const { refusal, rate, holds, opens } = guard.check(
      { headers: request.headers, address: request.ip },
      scope === 'anyone' ? null : scope,
    )
    if (rate !== null) reply.headers(rateHeaders(rate))
    if (refusal !== null) return refuseAsker(reply, refusal, rate, scope)
    request.opens = opens
    const answer = { reply, holds }
    underWay.add(answer)
    reply.raw.once('close', () => underWay.delete(answer))
    done()
  })

  // Streams outlive the check at their beginning.
  const looking = setInterval(() => {
    for (const { reply, holds } of underWay) if (!holds()) reply.raw.destroy()
  }, LOOK_AGAIN_MS)
  looking.unref()
  app.addHook('onClose', (_app, done) => {
    clearInterval(looking)
    done()
  })
}

/** As draft-ietf-httpapi-ratelimit-headers writes them. */
const rateHeaders = ({ limit, windowSeconds, remaining, resetSeconds }: Rate) => ({
  'ratelimit-policy': `"default";q=${limit};w=${windowSeconds}`,
  ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
})

function refuseAsker(
  reply: FastifyReply,
  { code, message }: Refusal,
  rate: Rate | null,
  scope: Scope | 'anyone',
): void {
  if (code === 'rate_limited')
    return void refuse(reply, code, { message, retryAfterSeconds: rate?.retryAfterSeconds })
  if (code === 'host_not_allowed') return void refuse(reply, code, { message })
  refuse(reply.header('www-authenticate', challenge(code, scope)), code, { message })
}

/** RFC 6750: who sent no token is not told of an error. */
function challenge(
  code: 'token_missing' | 'token_invalid' | 'token_expired' | 'scope_missing',
  scope: string,
): string {
  const realm = 'Bearer realm="telltale"'
  if (code === 'token_missing') return realm
  if (code === 'scope_missing') return `${realm}, error="insufficient_scope", scope="${scope}"`
  return `${realm}, error="invalid_token"`
}
