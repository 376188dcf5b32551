import { type Announced, mayAnnounce, NOTHING_ANNOUNCED, readAnnouncing } from '../calls/sent-headers.ts'

/** undici's request, as far as its diagnostics channels show it; what may differ by version is optional. */
export interface UndiciRequest {
  method: string
  origin: unknown
  path: string
  /** A flat list; before undici 6 the lines of the head. */
  headers: unknown
  contentLength?: number | null
  addHeader?(name: string, value: string): unknown
}

export function readSentHeaders({ headers }: UndiciRequest): Announced {
  if (!Array.isArray(headers)) return NOTHING_ANNOUNCED
  let announced = NOTHING_ANNOUNCED
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name: unknown = headers[i]
    if (typeof name !== 'string' || !mayAnnounce(name)) continue
    if (announced === NOTHING_ANNOUNCED) announced = { ...NOTHING_ANNOUNCED }
    readAnnouncing(name, String(headers[i + 1]), announced)
  }
  return announced
}

/**
 * Who gets the answer. A RetryAgent stays the same object through all attempts of a call, and sends the later ones from
 * wherever it is told of the failure, so that nothing else connects them.
 */
export function senderOf(request: UndiciRequest): object | null {
  const fields = request as unknown as Record<symbol, unknown>
  for (const symbol of handlerSymbols) {
    const handler = fields[symbol]
    if (handler !== undefined) return asObject(handler)
  }
  for (const symbol of Object.getOwnPropertySymbols(request)) {
    if (symbol.description !== 'handler') continue
    if (handlerSymbols.length < MOST_COPIES) handlerSymbols.push(symbol)
    return asObject(fields[symbol])
  }
  return null
}

const asObject = (handler: unknown): object | null => (typeof handler === 'object' ? handler : null)

/** Each copy of undici has its own: the one in Node, and those that are installed. */
const handlerSymbols: symbol[] = []
const MOST_COPIES = 4
