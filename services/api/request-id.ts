import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Short, and of characters that are safe in a log line, a header and a shell. */
const SANE = /^[A-Za-z0-9._:-]{1,128}$/

/** The caller's own id where it gives a sane one, so that their logs and ours can be joined. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && SANE.test(given) ? given : newRequestId()
}

export const newRequestId = (): string => `req_${randomBytes(10).toString('hex')}`
