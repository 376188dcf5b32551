const CANNOT_LOCK = '76'

/** ClickHouse's number of an error, whichever way it came; empty when it is none of ClickHouse's. */
export function errorCodeOf(error: unknown): string {
  const { code, clickhouseCode } = (error ?? {}) as { code?: unknown; clickhouseCode?: unknown }
  const found = clickhouseCode ?? code
  return /^\d+$/.test(String(found)) ? String(found) : ''
}

/** A failure to open the store, for a person. */
export function storeProblem(error: unknown, path: string): Error {
  const cause = error instanceof Error ? error : new Error(String(error))
  if (errorCodeOf(error) === CANNOT_LOCK || /^Code: 76\b|\bCode: 76\./.test(cause.message))
    return new Error(`another process has ${path} open; stop it, or give this one a directory of its own`, {
      cause,
    })
  return cause
}
