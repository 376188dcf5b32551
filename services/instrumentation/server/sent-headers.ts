import type { ServerResponse } from 'node:http'

/**
 * The headers as they were sent, in readHeaders' flat form. `getHeaders` does not have those that were given to
 * writeHead alone, so the head as Node wrote it is read; where a Node has it no more, getHeaders must do.
 */
export function sentHeaders(response: ServerResponse): unknown {
  const head = (response as { _header?: unknown })._header
  if (typeof head !== 'string') return response.getHeaders()
  const headers: string[] = []
  // The first line is the status, the last is empty.
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.push(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return headers
}
