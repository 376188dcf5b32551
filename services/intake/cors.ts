import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'

const PREFLIGHT: Answer = {
  status: 204,
  headers: {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'Authorization, Content-Encoding, Content-Type',
    'access-control-max-age': '600',
  },
  body: Buffer.alloc(0),
}

/** Lets pages of these sites send spans. Gives the answer to a browser's question whether it may, if it is that. */
export function createCors(origins: string[]) {
  const allowed = new Set(origins)
  return ({ headers, method }: IncomingMessage, response: ServerResponse): Answer | undefined => {
    const { origin } = headers
    if (origin === undefined || !allowed.has(origin)) return undefined
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-expose-headers', 'Retry-After')
    response.setHeader('vary', 'Origin')
    const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
    return isPreflight ? PREFLIGHT : undefined
  }
}
