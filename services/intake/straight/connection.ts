import type { Socket } from 'node:net'
import { type Answer, headText } from '../answer.ts'
import type { Asked } from '../asked.ts'
import { type Gathering, gather } from './gather.ts'
import { type Head, readHead } from './head.ts'
import type { LaneOptions } from './lane.ts'

interface ConnectionOptions extends LaneOptions {
  /** From now on each answer is a connection's last. */
  isClosing: () => boolean
  /** Gives the connection to node:http for good. */
  toNode: () => void
}

export interface Connection {
  /** Bytes that must be looked at or copied at once. False: no more for now. */
  came(bytes: Buffer): boolean
  checkTime(now: number): void
  endIfIdle(): void
  cut(): void
}

/** Who is told of 120 s may send in the last of them; node:http waits as much longer. */
const LATE_MS = 1_000

/** One request after the other, each answered before the next is looked at. */
export function openConnection(socket: Socket, options: ConnectionOptions): Connection {
  const { serve, broken, discardBytes, isClosing, toNode } = options
  const { headersMs, requestMs, keepAliveMs } = options.timeouts
  const address = socket.remoteAddress ?? ''
  const keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n`
  let phase: 'silent' | 'idle' | 'asked' | 'answered' | 'over' | "node's" = 'silent'
  /** When this phase began, or the request, while there is one. */
  let since = performance.now()
  /** Of the request's body, still to come. */
  let left = 0
  let gathering: Gathering | null = null
  let discarded = 0
  /** What came while a request was not answered yet. */
  let ahead: Buffer | null = null

  const isGone = () => socket.destroyed || socket.writableEnded

  function came(bytes: Buffer): boolean {
    let at = 0
    while (at < bytes.length) {
      // Upgraded or the like, which node:http has no other memory for.
      if (phase === "node's") return socket.push(Buffer.from(bytes.subarray(at)))
      if (phase === 'over') return true
      if (left > 0) at += takeBody(bytes.subarray(at, at + left))
      else if (phase === 'asked' || phase === 'answered') {
        ahead = Buffer.from(bytes.subarray(at))
        return false
      } else {
        const head = readHead(bytes, at)
        if (head === null) return handOver(Buffer.from(bytes.subarray(at)))
        at = head.end
        begin(head)
      }
    }
    return true
  }

  function handOver(bytes: Buffer): true {
    phase = "node's"
    socket.off('end', ended).off('close', closed).off('error', failed).resume()
    toNode()
    socket.push(bytes)
    return true
  }

  function begin({ url, headers, length }: Head): void {
    phase = 'asked'
    since = performance.now()
    left = length
    discarded = 0
    const asked: Asked = {
      method: 'POST',
      url,
      headers,
      address,
      announced: length,
      // What is announced is not more than the limit, or it would have been refused.
      body: (_limit, hold) =>
        new Promise((resolve) => {
          gathering = gather(length, hold, (body) => {
            gathering = null
            resolve(body)
          })
          if (left === 0) gathering.whole()
        }),
      isGone,
    }
    serve(asked, { isGone, send: answer })
  }

  /** Answers how many bytes that were. */
  function takeBody(part: Buffer): number {
    left -= part.length
    if (gathering !== null) gathering.part(part)
    else {
      discarded += part.length
      if (discarded > discardBytes) cut()
    }
    if (left === 0) {
      gathering?.whole()
      if (phase === 'answered') rest()
    }
    return part.length
  }

  function answer(content: Answer): void {
    const isLast = isClosing()
    const date = `Date: ${new Date().toUTCString()}\r\n`
    const head = headText(content, date + (isLast ? 'Connection: close\r\n' : keepAlive))
    socket.cork()
    socket.write(head, 'latin1')
    if (content.body.length > 0) socket.write(content.body)
    socket.uncork()
    phase = 'answered'
    if (isLast) finish()
    else if (left === 0) rest()
  }

  /** The request is over: the next one, if the client has read enough of the answer. */
  function rest(): void {
    if (socket.writableNeedDrain) socket.once('drain', rest)
    else if (isClosing()) finish()
    else {
      phase = 'idle'
      since = performance.now()
      if (ahead === null) return
      const bytes = ahead
      ahead = null
      if (came(bytes)) socket.resume()
    }
  }

  function ended(): void {
    if (left > 0 && phase === 'asked') {
      phase = 'over'
      broken(socket, 'HPE_INVALID_EOF_STATE')
    } else if (left > 0) cut()
    else socket.end()
  }
  function finish(): void {
    phase = 'over'
    socket.destroySoon()
  }
  function cut(): void {
    phase = 'over'
    socket.destroy()
  }
  function closed(): void {
    gathering?.gone()
  }
  // What broke is closed next.
  function failed(): void {}
  socket.on('end', ended).on('close', closed).on('error', failed)

  const isLate = (now: number) => {
    if (phase === 'silent') return now - since > headersMs
    if (phase === 'idle') return now - since > keepAliveMs + LATE_MS
    return left > 0 && now - since > requestMs
  }

  return {
    came,
    checkTime(now) {
      if (!isLate(now) || phase === 'over') return
      if (phase === 'silent' || phase === 'asked') {
        phase = 'over'
        broken(socket, 'ERR_HTTP_REQUEST_TIMEOUT')
      } else cut()
    },
    endIfIdle() {
      if (phase === 'silent' || phase === 'idle') cut()
    },
    cut,
  }
}
