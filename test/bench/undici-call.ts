import { createRequire } from 'node:module'

// One call by undici's own request, with everything of undici's but the network.

interface Request {
  onRequestStart(abort: () => void, context: object): void
  onResponseStart(status: number, headers: Buffer[], resume: () => void, text: string): unknown
  onResponseData(chunk: Buffer): unknown
  onResponseEnd(trailers: Buffer[]): unknown
}
type RequestClass = new (origin: string, options: object, handler: object) => Request
const Request = createRequire(import.meta.url)('undici/lib/core/request.js') as RequestClass

let bytesRead = 0
/** The application, which reads what comes and keeps none of it. */
const handler = {
  onRequestStart() {},
  onResponseStart() {},
  onResponseData(_: unknown, chunk: Buffer) {
    bytesRead += chunk.length
  },
  onResponseEnd() {},
  onResponseError() {},
}
export const pairs = (headers: Record<string, string>) =>
  Object.entries(headers).flatMap(([name, value]) => [Buffer.from(name), Buffer.from(value)])

export interface UndiciAnswer {
  status: number
  headers: Buffer[]
  chunks: Buffer[]
}

/** Answers how much of the body reached the application. */
export function undiciCall({ status, headers, chunks }: UndiciAnswer, sent: Record<string, string>): number {
  const options = { path: '/v1/orders', method: 'POST', headers: { accept: 'application/json', ...sent } }
  const request = new Request('https://api.session.example', options, handler)
  bytesRead = 0
  request.onRequestStart(() => {}, {})
  request.onResponseStart(status, headers, () => {}, '')
  for (const chunk of chunks) request.onResponseData(chunk)
  request.onResponseEnd([])
  return bytesRead
}
