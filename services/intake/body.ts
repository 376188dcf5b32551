import type { IncomingMessage } from 'node:http'
import type { Asked } from './asked.ts'
import type { Hold } from './memory.ts'

/** 'gone': the client went away in the middle of it. */
export type Body = { status: 'whole'; bytes: Buffer } | { status: 'too_large' | 'no_room' | 'gone' }

/** A request that node:http has parsed. `received` hears how many bytes its body had. */
export function askedOf(request: IncomingMessage, received: (bytes: number) => void): Asked {
  const { method, url, headers, socket } = request
  const announced =
    headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined
  return {
    method,
    url,
    headers,
    address: socket.remoteAddress ?? '',
    announced,
    body: async (limit, hold) => {
      const body = await readBody(request, announced, limit, hold)
      if (body.status === 'whole') received(body.bytes.length)
      return body
    },
    isGone: () => socket.destroyed,
  }
}

/** What comes after a refusal is for `discard`. */
function readBody(
  request: IncomingMessage,
  announced: number | undefined,
  limit: number,
  hold: Hold,
): Promise<Body> {
  const parts: Buffer[] = []
  let whole: Buffer | undefined
  let length = 0
  return new Promise((resolve) => {
    const finish = (body: Body) => {
      request.off('data', gather).off('end', end).off('close', gone)
      resolve(body)
    }
    const gather = (part: Buffer) => {
      if (length + part.length > limit) return finish({ status: 'too_large' })
      if (!hold.take(part.length)) return finish({ status: 'no_room' })
      if (announced === undefined || part.length === announced) parts.push(part)
      else {
        // The parser lets no more through than was announced, so this always fits.
        whole = hold.buffer(length + part.length, length, announced)
        whole.set(part, length)
      }
      length += part.length
    }
    const end = () => {
      const bytes =
        whole?.subarray(0, length) ?? (parts.length === 1 ? parts[0] : Buffer.concat(parts, length))
      finish({ status: 'whole', bytes })
    }
    const gone = () => finish({ status: 'gone' })
    request.on('data', gather).on('end', end).on('close', gone)
  })
}

/**
 * Reads on without keeping anything, so that a client that only listens once it has sent everything gets its answer
 * and can use the connection again; one that sends without end is cut off.
 */
export function discard(request: IncomingMessage, atMost: number): void {
  if (request.complete) return
  let left = atMost
  request.on('data', (part: Buffer) => {
    left -= part.length
    if (left < 0) request.socket.destroy()
  })
  request.resume()
}
