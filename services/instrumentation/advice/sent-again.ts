const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'QUERY'])

/** What decides whether a fetch can be sent again as it was. */
export interface Sent {
  url: string
  /** The call does the same however often it is carried out, by its method or its key. */
  isSafe: boolean
  isReplayable: boolean
  signal: AbortSignal | null
}

export function sentOf(input: string | URL | Request, init: RequestInit | undefined): Sent {
  const request = input instanceof Request ? input : null
  const headers = new Headers(init?.headers ?? request?.headers)
  const method = (init?.method ?? request?.method ?? 'GET').toUpperCase()
  return {
    url: request?.url ?? String(input),
    isSafe: IDEMPOTENT.has(method) || headers.has('idempotency-key'),
    isReplayable: init?.body == null ? request?.body == null : isReplayable(init.body),
    signal: init?.signal ?? request?.signal ?? null,
  }
}

/** A stream or an iterator is gone once it was sent. */
const isReplayable = (body: NonNullable<RequestInit['body']>): boolean =>
  typeof body === 'string' ||
  body instanceof ArrayBuffer ||
  ArrayBuffer.isView(body) ||
  body instanceof Blob ||
  body instanceof FormData ||
  body instanceof URLSearchParams
