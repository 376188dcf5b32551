import { type CompiledCatalog, type CompiledCatalogs, catalogFinder, retryOf } from './catalogs.ts'
import { isNetworkCode } from './report-error/own-code.ts'
import { type ReadException, readException } from './report-error/read-exception.ts'
import { deriveRetry } from './retry-policy/derive-retry.ts'
import type { Retry } from './retry-policy/words.ts'

export interface RetryAdvice {
  /** May a program send the same request again, if it has what the advice `needs`? */
  retry: boolean
  /** To be waited before that. What the server asks for, else drawn from a range that doubles with every attempt. */
  afterMs: number
  /** For logs: the word, and who says so. */
  reason: string
  /**
   * `idempotency_key`: the call may have been carried out, so send it again only if it is idempotent or carries a key; and
   * where `retry` is false, it needs a new one. `reauth`: renew the credentials first.
   */
  needs: 'nothing' | 'idempotency_key' | 'reauth'
}

export interface RetryAdviceOptions {
  /** Whose API it is, where the error does not tell. */
  provider?: string
  host?: string
  catalogs?: CompiledCatalogs
  /** How often it was sent before; 0 for the first failure. */
  attempt?: number
  /** 0 to 1; default: Math.random. */
  random?: () => number
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** Maintenance is over in minutes, if it does not say when. */
const LATER_MS = 60_000

const NO: RetryAdvice = { retry: false, afterMs: 0, reason: 'no failure of an API', needs: 'nothing' }

/**
 * Whether to send a call again: by its code in the catalog, the catalog's word on the status, what the server itself says,
 * and last by the policy that catalogs are derived with. Takes what readError, readException or reportError answered, an
 * exception, or a response ({ status, headers, body }). Never throws.
 */
export function retryAdvice(error: unknown, options: RetryAdviceOptions = {}): RetryAdvice {
  try {
    const read = isRead(error) ? error : readException(error, options)
    return read === null ? NO : adviceOn(read, options)
  } catch {
    return NO
  }
}

const isRead = (error: unknown): error is ReadException =>
  typeof error === 'object' && error !== null && 'rateLimits' in error && 'shouldRetry' in error

function adviceOn(read: ReadException, options: RetryAdviceOptions): RetryAdvice {
  const { word, by } = wordOn(read, options)
  const code = read.code ?? `HTTP ${read.status ?? '-'}`
  const advice: RetryAdvice = { retry: true, afterMs: 0, reason: `${word}: ${code}, ${by}`, needs: 'nothing' }
  switch (word) {
    case 'never':
    case 'unknown':
      return { ...advice, retry: false }
    case 'new_idempotency_key':
      return { ...advice, retry: false, needs: 'idempotency_key' }
    case 'after_reauth':
      return { ...advice, needs: 'reauth' }
    case 'once':
      if ((options.attempt ?? 0) > 0) return { ...advice, retry: false }
  }
  advice.afterMs = waitOf(read, word, options)
  if (mayHaveHappened(read)) advice.needs = 'idempotency_key'
  return advice
}

function wordOn(read: ReadException, options: RetryAdviceOptions): { word: Retry; by: string } {
  const { code, status, shouldRetry, message } = read
  const catalog = catalogOf(read, options)
  const stated = catalog === null ? null : retryOf(catalog, code, status ?? 0)
  if (stated !== null && stated !== 'unknown')
    return { word: stated as Retry, by: `catalog of ${catalog!.provider}` }
  if (shouldRetry !== null) return { word: shouldRetry ? 'backoff' : 'never', by: 'the server says so' }
  if (status === null && isNetworkCode(code ?? '')) return { word: onNetwork(code!), by: 'no answer' }
  const described = { code: code ?? '', http: status === null ? [] : [status], words: message ?? '' }
  return { word: deriveRetry(described).retry, by: 'by the general rules' }
}

function catalogOf(
  read: ReadException,
  { catalogs, provider, host }: RetryAdviceOptions,
): CompiledCatalog | null {
  if (catalogs === undefined) return null
  const name = provider ?? read.provider
  const at = host ?? read.host
  const named = catalogs.catalogs.find((catalog) => catalog.provider === name)
  return named ?? (at == null ? null : catalogFinder(catalogs)(at))
}

/** A certificate or a protocol does not get right by itself. */
const onNetwork = (code: string): Retry =>
  /CERT|SELF_SIGNED|UNABLE_TO|^HPE_|^ERR_(?:TLS|SSL)/.test(code) ? 'never' : 'backoff'

/** These say that the request never went out. */
const NOT_SENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/
const MAY_HAVE_HAPPENED = new Set([408, 500, 502, 504])

const mayHaveHappened = ({ status, code }: ReadException): boolean =>
  status === null ? !NOT_SENT.test(code ?? '') : MAY_HAVE_HAPPENED.has(status)

/** What the server asks for is waited in full; what is drawn is drawn from the whole range, so that crowds disperse. */
function waitOf(
  read: ReadException,
  word: Retry,
  { attempt = 0, random = Math.random }: RetryAdviceOptions,
): number {
  if (read.retryAfterMs !== null) return read.retryAfterMs
  if (word === 'later') return LATER_MS
  const used = read.rateLimits.filter(({ remaining, resetMs }) => remaining === 0 && resetMs !== null)
  if (word === 'after_wait' && used.length > 0) return Math.max(...used.map(({ resetMs }) => resetMs!))
  return Math.round(random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10)))
}
