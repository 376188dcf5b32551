import { ServerResponse } from 'node:http'
import { guarded } from '../guard.ts'
import { mine, type ServedCall } from './served-call.ts'
import { answered } from './served-calls.ts'

/** An error is said at the beginning; more of it is never looked at. */
const MOST_BYTES = 8192

type Write = (this: ServerResponse, ...given: unknown[]) => unknown

const see = guarded((call: ServedCall, chunk: unknown, encoding: unknown) => {
  const { response, request, bodyLength } = call
  if (response.statusCode < 400 || request.method === 'HEAD' || bodyLength >= MOST_BYTES) return
  const room = MOST_BYTES - bodyLength
  // A copy: whose buffer it is may fill it anew before the answer has ended.
  if (typeof chunk === 'string') {
    const text = chunk.slice(0, room)
    const bytes = Buffer.from(text, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
    add(call, bytes.subarray(0, room))
  } else if (chunk instanceof Uint8Array) add(call, Buffer.from(chunk.subarray(0, room)))
})

function add(call: ServedCall, bytes: Buffer): void {
  if (bytes.length === 0) return
  call.body.push(bytes)
  call.bodyLength += bytes.length
}

const ended = guarded(answered)

let users = 0
let restore: (() => void) | null = null

/**
 * Sees what every node:http server sends, as it is handed to `write` and `end`. The first that asks has these two
 * wrapped, the last that stops has them put back.
 */
export function watchResponses(): () => void {
  if (users++ === 0) restore = wrap()
  let isStopped = false
  return () => {
    if (isStopped) return
    isStopped = true
    if (--users > 0) return
    restore?.()
    restore = null
  }
}

function wrap(): () => void {
  const prototype = ServerResponse.prototype as unknown as Record<'write' | 'end', Write>
  const before = {
    write: Object.getOwnPropertyDescriptor(prototype, 'write'),
    end: Object.getOwnPropertyDescriptor(prototype, 'end'),
  }
  const originals = { write: prototype.write, end: prototype.end }

  const wrapped = {
    write: function write(this: ServerResponse, ...given: unknown[]) {
      const call = mine(this)
      if (call !== undefined) see(call, given[0], given[1])
      return originals.write.apply(this, given)
    },
    end: function end(this: ServerResponse, ...given: unknown[]) {
      const call = mine(this)
      if (call === undefined) return originals.end.apply(this, given)
      if (!call.hasReported) see(call, given[0], given[1])
      const result = originals.end.apply(this, given)
      ended(call)
      return result
    },
  }
  prototype.write = wrapped.write as Write
  prototype.end = wrapped.end as Write

  return () => {
    for (const name of ['write', 'end'] as const) {
      // Who wrapped ours keeps it; it finds no call to look at any more.
      if (prototype[name] !== wrapped[name]) continue
      const own = before[name]
      if (own === undefined) delete (prototype as Partial<typeof prototype>)[name]
      else Object.defineProperty(prototype, name, own)
    }
  }
}
