/** What became of a question to a running instance. */
export type Answer<T> =
  | { status: 'answered'; data: T }
  /** It said no, and why. */
  | { status: 'refused'; code: string; message: string }
  /** Nobody listens there. */
  | { status: 'absent' }
  | { status: 'failed'; message: string }

const PATIENCE_MS = 30_000

export async function ask<T>(url: string, path: string, token?: string): Promise<Answer<T>> {
  let response: Response
  let body: unknown
  const headers = headersWith(token)
  // What a library would say of it has the token in it.
  if (headers === null)
    return { status: 'failed', message: 'the token has characters that cannot be sent; look how it is set.' }
  try {
    response = await fetch(new URL(path, url), {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    body = await response.json().catch(() => null)
  } catch (error) {
    if (isRefusedConnection(error)) return { status: 'absent' }
    return { status: 'failed', message: `${url} does not answer: ${reason(error)}` }
  }
  if (!isEnvelope(body)) {
    return { status: 'failed', message: `${url} answers, but it is no telltale (HTTP ${response.status}).` }
  }
  if (body.success) return { status: 'answered', data: body.data as T }
  return { status: 'refused', code: String(body.error?.code), message: String(body.error?.message) }
}

function headersWith(token: string | undefined): Headers | null {
  try {
    return new Headers({ accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) })
  } catch {
    return null
  }
}

interface Envelope {
  success: boolean
  data: unknown
  error: { code: unknown; message: unknown } | null
}
const isEnvelope = (body: unknown): body is Envelope =>
  typeof body === 'object' && body !== null && 'success' in body && 'data' in body && 'error' in body

/** fetch hides what happened to the socket in `cause`, which may be several failures, one an address. */
function isRefusedConnection(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string; errors?: { code?: string }[] } }
  return [cause, ...(cause?.errors ?? [])].some((one) => one?.code === 'ECONNREFUSED')
}

function reason(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error && cause.message ? cause.message : message
}
