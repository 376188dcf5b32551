import type { ApiErrorCode } from '../contract/errors.ts'

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
])
/** ClickHouse: too many queries at once, its network, memory as a whole. */
const BUSY = new Set(['202', '209', '210'])
/** ClickHouse: too much time, too slow, too much memory for one query. */
const HEAVY = new Set(['159', '160', '241'])

/** A failed query that is the store's condition rather than a mistake of ours, and when to try again. */
export function storeFailure(error: Error): { code: ApiErrorCode; retryAfterSeconds: number } | null {
  const code = String((error as { code?: unknown }).code ?? '')
  if (UNREACHABLE.has(code) || BUSY.has(code)) return { code: 'store_unavailable', retryAfterSeconds: 2 }
  if (HEAVY.has(code)) return { code: 'query_too_heavy', retryAfterSeconds: 5 }
  return null
}
