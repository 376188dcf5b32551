import { Readable } from 'node:stream'
import { type Answer, type Method, readAnswer } from './answer.ts'

/** Erasing or backing up a large store takes its minutes; everything else answers in seconds or not at all. */
const PATIENCE_MS = 30_000
const LONG_PATIENCE_MS = 30 * 60_000

/** A question to a running instance: a path of its API, posted when it has a body. `absent`: nobody listens there. */
export async function ask<T>(
  url: string,
  path: string,
  { token, body, method }: { token?: string; body?: unknown; method?: Method } = {},
): Promise<Answer<T> | { status: 'absent' }> {
  const headers = headersWith(token)
  // What a library would say of it has the token in it.
  if (headers === null)
    return { status: 'failed', message: 'the token has characters that cannot be sent; look how it is set.' }
  if (body !== undefined) headers.set('content-type', 'application/json')
  try {
    const response = await fetch(new URL(path, url), {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      body: body === undefined ? undefined : JSON.stringify(body),
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(body === undefined ? PATIENCE_MS : LONG_PATIENCE_MS),
    })
    return readAnswer(await response.text(), response.status, url)
  } catch (error) {
    if (isRefusedConnection(error)) return { status: 'absent' }
    return { status: 'failed', message: `${url} does not answer: ${reason(error)}` }
  }
}

/** A file that a running instance makes: its bytes as they come, however long it takes. */
export async function askForFile(
  url: string,
  path: string,
  token?: string,
): Promise<Answer<Readable> | { status: 'absent' }> {
  const headers = headersWith(token)
  if (headers === null) return ask(url, path, { token })
  try {
    const response = await fetch(new URL(path, url), { headers, redirect: 'error' })
    if (!response.ok || response.body === null) return readAnswer(await response.text(), response.status, url)
    return { status: 'answered', data: Readable.fromWeb(response.body), meta: {} }
  } catch (error) {
    if (isRefusedConnection(error)) return { status: 'absent' }
    return { status: 'failed', message: `${url} does not answer: ${reason(error)}` }
  }
}

function headersWith(token: string | undefined): Headers | null {
  try {
    return new Headers({ accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) })
  } catch {
    return null
  }
}

/** fetch hides what happened to the socket in `cause`, which may be several failures, one an address. */
function isRefusedConnection(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string; errors?: { code?: string }[] } }
  return [cause, ...(cause?.errors ?? [])].some((one) => one?.code === 'ECONNREFUSED')
}

function reason(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error && cause.message ? cause.message : message
}
