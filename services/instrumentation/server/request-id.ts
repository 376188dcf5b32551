import type { ServerResponse } from 'node:http'

const HEADER = 'X-Request-Id'

/** Gives the response a request id, before the application's handlers run: they may use it, or set their own. */
export function giveRequestId(response: ServerResponse): void {
  if (response.headersSent || response.hasHeader(HEADER)) return
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  response.setHeader(HEADER, `req_${randomBytes(12).toString('hex')}`)
}
