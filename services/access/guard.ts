import type { IncomingHttpHeaders } from 'node:http'
import { SCOPES, type Scope } from '../contract/scopes.ts'
import { isLoopbackAddress, ownerOf } from './address.ts'
import { isLoopbackHost } from './loopback-host.ts'
import type { Rate, RateLimit } from './rate-limit.ts'
import { bearerOf } from './token.ts'
import type { Held, Tokens } from './tokens.ts'
import { isForwarded, isOfForeignPage } from './whose-request.ts'

/** Who asks, as a request's head says it. */
interface Asker {
  headers: IncomingHttpHeaders
  /** Of the other end of the connection. */
  address: string
}

export interface Refusal {
  code:
    | 'host_not_allowed'
    | 'token_missing'
    | 'token_invalid'
    | 'token_expired'
    | 'scope_missing'
    | 'rate_limited'
  message: string
}

interface Admission {
  /** Null: welcome. */
  refusal: Refusal | null
  /** Null: no limit. */
  rate: Rate | null
  /** Would it still be welcome now? For answers that take long. */
  holds(): boolean
  /** May it have what takes this scope, too? */
  opens(scope: Scope): boolean
}

export interface Guard {
  /** `null`: anyone may, at their rate. Takes microseconds. */
  check(asker: Asker, scope: Scope | null): Admission
}

interface GuardOptions {
  tokens: Pick<Tokens, 'find' | 'exist'>
  /** Listening on this machine only, so any other name in a Host header is somebody's trick. */
  isLocal: boolean
  /** Serves others, too, while there are no tokens: somebody wants it so. */
  isInsecure: boolean
  rate: RateLimit
}

/** Ourselves: no limits, and to anything. */
export const ADMITTED: Admission = { refusal: null, rate: null, holds: () => true, opens: () => true }

/** Whoever opens the store itself owns it. */
export const OWNERS_GUARD: Guard = { check: () => ADMITTED }

/** Whether a request may have what it asks for. One for each listener, over the same tokens. */
export function createGuard({ tokens, isLocal, isInsecure, rate }: GuardOptions): Guard {
  return {
    check(asker, scope) {
      const { authorization, host } = asker.headers
      const presented = authorization === undefined ? '' : bearerOf(authorization)
      const held = presented === '' ? undefined : tokens.find(presented)
      const isValid = held !== undefined && refusalOf(held) === null
      // A token has its own allowance, wherever it is used; who has none shares that of the address.
      const standing = rate.take(isValid ? held.id : ownerOf(asker.address))
      const may = (scope: Scope | null): Refusal | null => {
        if (scope === null) return null
        if (!tokens.exist() && (isLocal || isInsecure)) return withoutTokens(asker, scope)
        if (authorization === undefined) return MISSING
        return held === undefined ? INVALID : (refusalOf(held) ?? scopeRefusal(held, scope))
      }
      const admit = () => (standing.allowed ? may(scope) : LIMITED)
      const refusal = isLocal && !isLoopbackHost(host) ? ELSEWHERE : admit()
      if (refusal === null && isValid) held.lastUsedMs = Date.now()
      return {
        refusal,
        rate: standing,
        holds: () => may(scope) === null,
        opens: (other) => may(other) === null,
      }
    },
  }
}

/**
 * While there are no tokens, whoever is served may read and send. Making the first one, and whatever else takes an
 * admin, is for this machine alone: not for those that a proxy on it speaks for, and not for a page that its browser
 * happens to show, which may send what it likes as long as it need not read the answer.
 */
const withoutTokens = (asker: Asker, scope: Scope): Refusal | null =>
  scope !== 'admin' || isOfThisMachine(asker) ? null : FIRST_IS_LOCAL

const isOfThisMachine = ({ address, headers }: Asker): boolean =>
  isLoopbackAddress(address) &&
  isLoopbackHost(headers.host) &&
  !isForwarded(headers) &&
  !isOfForeignPage(headers)

function refusalOf({ isRevoked, expiresAtMs }: Held): Refusal | null {
  // Whether it ever was one is nobody's business.
  if (isRevoked) return INVALID
  return expiresAtMs <= Date.now() ? EXPIRED : null
}

const scopeRefusal = ({ scopes }: Held, scope: Scope): Refusal | null =>
  scopes.has(scope) || scopes.has('admin') ? null : OUT_OF_SCOPE[scope]

// Made once: refusing has to be cheaper than asking.

const ELSEWHERE: Refusal = {
  code: 'host_not_allowed',
  message: 'This instance answers on localhost only; the Host header names something else.',
}
const MAKE_ONE = '`telltale token create` makes one'
const MISSING: Refusal = {
  code: 'token_missing',
  message: `A token is needed here: send \`Authorization: Bearer tt_…\`; ${MAKE_ONE}.`,
}
const INVALID: Refusal = {
  code: 'token_invalid',
  message: `This token is not valid, or not any longer; ${MAKE_ONE}.`,
}
const EXPIRED: Refusal = { code: 'token_expired', message: `This token has expired; ${MAKE_ONE}.` }
const LIMITED: Refusal = {
  code: 'rate_limited',
  message: 'Too many requests in a minute. Wait as long as Retry-After says.',
}
const FIRST_IS_LOCAL: Refusal = {
  code: 'token_missing',
  message:
    'This takes a token, and there is none yet; the first is made on the machine that telltale runs on: `telltale token create --scope admin`.',
}
const OUT_OF_SCOPE = Object.fromEntries(
  SCOPES.map((scope): [Scope, Refusal] => [
    scope,
    {
      code: 'scope_missing',
      message: `This needs a token with the scope ${scope}; the one that was sent has another.`,
    },
  ]),
) as Record<Scope, Refusal>
