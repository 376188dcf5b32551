/** What became of a question to the API. */
export type Answer<T> =
  | { status: 'answered'; data: T; meta: Record<string, unknown> }
  /** It said no, and why. */
  | { status: 'refused'; code: string; message: string }
  | { status: 'failed'; message: string }

/** What a command can only report. */
export type NoAnswer = Exclude<Answer<unknown>, { status: 'answered' }>

export type Method = 'GET' | 'POST' | 'DELETE'

/** A path of the API; posted when it has a body, unless it says how. */
export type Ask = <T>(path: string, body?: unknown, method?: Method) => Promise<Answer<T>>

/** Reads what `from` answered. */
export function readAnswer<T>(text: string, httpStatus: number, from: string): Answer<T> {
  const body = parsed(text)
  if (!isEnvelope(body))
    return { status: 'failed', message: `${from} answers, but it is no telltale (HTTP ${httpStatus}).` }
  if (body.success) return { status: 'answered', data: body.data as T, meta: body.meta ?? {} }
  return { status: 'refused', code: String(body.error?.code), message: String(body.error?.message) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

interface Envelope {
  success: boolean
  data: unknown
  error: { code: unknown; message: unknown } | null
  meta?: Record<string, unknown>
}
const isEnvelope = (body: unknown): body is Envelope =>
  typeof body === 'object' && body !== null && 'success' in body && 'data' in body && 'error' in body
