import type { Guard, Refusal } from '../access/guard.ts'
import { type Answer, type FailureStatus, failure } from './answer.ts'
import type { Asked } from './asked.ts'
import type { Encoding } from './media-type.ts'

const STATUS: Record<Refusal['code'], FailureStatus> = {
  host_not_allowed: 403,
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  scope_missing: 403,
  rate_limited: 429,
}
const CHALLENGE: Partial<Record<Refusal['code'], string>> = {
  token_missing: 'Bearer realm="telltale"',
  token_invalid: 'Bearer realm="telltale", error="invalid_token"',
  token_expired: 'Bearer realm="telltale", error="invalid_token"',
  scope_missing: 'Bearer realm="telltale", error="insufficient_scope", scope="ingest"',
}

/** What who may not send is told, before anything of the body is read. */
export function askerRefusal(guard: Guard, asked: Asked, encoding: Encoding | undefined): Answer | undefined {
  const { refusal, rate } = guard.check(asked, 'ingest')
  if (refusal === null) return undefined
  const { code, message } = refusal
  const challenge = CHALLENGE[code]
  const answer = failure(encoding, STATUS[code], message, {
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
    ...(rate !== null &&
      code === 'rate_limited' && {
        'retry-after': rate.retryAfterSeconds,
        'ratelimit-policy': `"default";q=${rate.limit};w=${rate.windowSeconds}`,
        ratelimit: `"default";r=${rate.remaining};t=${rate.resetSeconds}`,
      }),
  })
  return { ...answer, code }
}
