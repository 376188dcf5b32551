import { type CompiledCatalogs, retryOf } from '../catalogs.ts'
import type { Provider } from '../provider.ts'
import type { ReadError } from '../read-error.ts'

/** What clients send again by themselves when they know nothing of the API. */
const BY_STATUS = new Set([408, 413, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529])

/** May a program send it again by itself? The catalog's word, else the server's, else its status. */
export function mayBeSentAgain(
  status: number,
  error: ReadError | null,
  provider: Provider | null,
  catalogs: CompiledCatalogs | null,
): boolean {
  const catalog = provider?.catalog ?? null
  const retry = catalog === null ? null : retryOf(catalog, error?.code ?? null, status)
  if (retry !== null && retry !== 'unknown') return catalogs?.retryable.includes(retry) === true
  return error?.shouldRetry ?? BY_STATUS.has(status)
}
