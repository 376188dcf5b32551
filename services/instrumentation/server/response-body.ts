import type { ServerResponse } from 'node:http'
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
const restores = new Map<object, () => void>()

/**
 * Sees what every node:http server sends, as it is handed to `write` and `end`. The first that asks has these two
 * wrapped, the last that stops has them put back. Node has its module loaded by then: a server or a framework is there.
 */
export function watchResponses(): () => void {
  if (users++ === 0) watch(process.getBuiltinModule('node:http').ServerResponse.prototype, false)
  let isStopped = false
  return () => {
    if (isStopped) return
    isStopped = true
    if (--users > 0) return
    for (const restore of restores.values()) restore()
    restores.clear()
  }
}

/** HTTP/2's responses are of a class that Node shows nowhere: it is known with the first of them. */
export function watchHttp2(response: ServerResponse): void {
  if (response.req?.httpVersionMajor !== 2 || users === 0) return
  const prototype: object = Object.getPrototypeOf(response)
  if (!restores.has(prototype)) watch(prototype, true)
}

/** `endWrites`: its `end` hands what it is given to its `write`. */
function watch(watched: object, endWrites: boolean): void {
  const prototype = watched as Record<'write' | 'end', Write>
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
      if (!call.hasReported && !endWrites) see(call, given[0], given[1])
      const result = originals.end.apply(this, given)
      ended(call)
      return result
    },
  }
  prototype.write = wrapped.write as Write
  prototype.end = wrapped.end as Write

  restores.set(watched, () => {
    for (const name of ['write', 'end'] as const) {
      // Who wrapped ours keeps it; it finds no call to look at any more.
      if (prototype[name] !== wrapped[name]) continue
      const own = before[name]
      if (own === undefined) delete (prototype as Partial<typeof prototype>)[name]
      else Object.defineProperty(prototype, name, own)
    }
  })
}
