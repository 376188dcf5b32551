import { once } from 'node:events'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { request as requestHttp } from '../../contract/node-http.ts'
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
  const hasBody = body !== undefined
  return answered(url, token, async (headers) => {
    const response = await send(new URL(path, url), {
      method: method ?? (hasBody ? 'POST' : 'GET'),
      headers: { ...headers, ...(hasBody && { 'content-type': 'application/json' }) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(hasBody ? LONG_PATIENCE_MS : PATIENCE_MS),
    })
    return readAnswer(await text(response), response.statusCode!, url)
  })
}

/** A file that a running instance makes: its bytes as they come, however long it takes. */
export async function askForFile(
  url: string,
  path: string,
  token?: string,
): Promise<Answer<Readable> | { status: 'absent' }> {
  return answered(url, token, async (headers) => {
    const response = await send(new URL(path, url), { method: 'GET', headers })
    if (response.statusCode !== 200) return readAnswer(await text(response), response.statusCode!, url)
    return { status: 'answered', data: response, meta: {} }
  })
}

async function answered<T>(
  url: string,
  token: string | undefined,
  question: (headers: OutgoingHttpHeaders) => Promise<Answer<T>>,
): Promise<Answer<T> | { status: 'absent' }> {
  try {
    return await question({ accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ECONNREFUSED') return { status: 'absent' }
    // What Node would say of it has the token in it.
    if (code === 'ERR_INVALID_CHAR')
      return {
        status: 'failed',
        message: 'the token has characters that cannot be sent; look how it is set.',
      }
    return { status: 'failed', message: `${url} does not answer: ${reason(error)}` }
  }
}

interface Sent {
  method: string
  headers: OutgoingHttpHeaders
  body?: string
  signal?: AbortSignal
}

/** Not by `fetch`: to load it is a third of what a short command costs. */
async function send(to: URL, { body, ...options }: Sent): Promise<IncomingMessage> {
  // Loaded by who needs it, for it brings all of TLS.
  const request = to.protocol === 'https:' ? (await import('node:https')).request : requestHttp
  const sent = request(to, options)
  const response = once(sent, 'response')
  sent.end(body)
  const [message] = (await response) as [IncomingMessage]
  // From here on, who reads the answer hears of it.
  sent.on('error', () => {})
  return message
}

/** Why it was given up, or what became of the last address of a name that has several. */
function reason(error: unknown): string {
  const { message, cause, errors } = error as Error & { errors?: Error[] }
  if (cause instanceof Error && cause.message) return cause.message
  return message || (errors?.at(-1)?.message ?? String(error))
}
