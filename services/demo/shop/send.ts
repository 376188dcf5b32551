import { Agent, request } from 'node:http'
import { context } from '@opentelemetry/api'
import { pause } from '../told-time.ts'
import { toldIn } from './in-told-time.ts'

/** As much of an answer as the shop's services look at. */
export interface Answer {
  status: number
  code: string | null
  retryAfterMs: number | null
}

export interface Order {
  method: string
  url: string
  headers?: Record<string, string>
  body?: unknown
}

/** How a caller goes on after a failure. */
export interface Patience {
  /** Sends at most so often in all. */
  most: number
  again: (answer: Answer) => boolean
  waitMs: (answer: Answer, attempt: number) => number
}

const MAY_HELP = new Set([429, 502, 503, 504])

/** As one should: a wait that doubles, or the one that is asked for. */
export const POLITE: Patience = {
  most: 3,
  again: ({ status }) => MAY_HELP.has(status),
  waitMs: ({ retryAfterMs }, attempt) => retryAfterMs ?? 250 * 2 ** attempt,
}
/** What makes a storm: at once, many times. */
export const HASTY: Patience = { most: 8, again: ({ status }) => status >= 500, waitMs: () => 40 }
/** Knows better than Retry-After. */
export const IMPATIENT: Patience = { most: 3, again: ({ status }) => status === 429, waitMs: () => 900 }
/** Hopes that a "no" is not meant. */
export const STUBBORN: Patience = { most: 4, again: ({ status }) => status >= 400, waitMs: () => 600 }

/** The last answer to what is sent again and again as long as patience lasts. */
export async function patiently(send: () => Promise<Answer>, patience: Patience): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await send()
    if (attempt + 1 >= patience.most || answer.status < 400 || !patience.again(answer)) return answer
    await pause(toldIn(context.active()), patience.waitMs(answer, attempt))
  }
}

export async function viaFetch({ method, url, headers, body }: Order): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return answerOf(response.status, response.headers.get('retry-after'), await response.text())
}

const agent = new Agent({ keepAlive: true })

export function viaHttp({ method, url, headers, body }: Order): Promise<Answer> {
  const bytes = body === undefined ? '' : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      method,
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(bytes) },
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve(answerOf(response.statusCode!, response.headers['retry-after'] ?? null, text)),
      )
    })
    sent.end(bytes)
  })
}

function answerOf(status: number, retryAfter: string | null, text: string): Answer {
  let code: string | null = null
  if (status >= 400)
    try {
      code = (JSON.parse(text) as { error: { code: string } }).error.code
    } catch {
      // A proxy's page.
    }
  return { status, code, retryAfterMs: retryAfter === null ? null : Number(retryAfter) * 1000 }
}
