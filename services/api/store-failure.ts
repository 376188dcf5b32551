import type { ApiErrorCode } from '../contract/errors.ts'
import { DISK_FULL, STORE_BUSY } from '../store/queries/query.ts'

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])
/** ClickHouse: too many queries at once; its network. */
const BUSY = new Set(['202', '209', '210'])
/** The disk is full, as ClickHouse and Node say it. Room is made by a person: no use in asking every second. */
const FULL = new Set(['243', 'ENOSPC'])
/** ClickHouse: too much time, too slow, too much memory. */
const HEAVY = new Set(['159', '160', '241'])

/** A failed query that is the store's condition rather than a mistake of ours, and when to try again. */
export function storeFailure(
  error: Error,
): { code: ApiErrorCode; retryAfterSeconds: number; message?: string } | null {
  // The embedded engine has codes of its own and ClickHouse's beside them.
  const { code, clickhouseCode } = error as { code?: unknown; clickhouseCode?: unknown }
  const found = String(clickhouseCode ?? code ?? '')
  if (UNREACHABLE.has(found) || BUSY.has(found)) return { code: 'store_unavailable', retryAfterSeconds: 2 }
  if (found === DISK_FULL) return { code: 'disk_full', retryAfterSeconds: 30, message: error.message }
  if (FULL.has(found)) return { code: 'disk_full', retryAfterSeconds: 30 }
  if (found === STORE_BUSY) return { code: 'overloaded', retryAfterSeconds: 1 }
  if (HEAVY.has(found)) return { code: 'query_too_heavy', retryAfterSeconds: 5 }
  return null
}
