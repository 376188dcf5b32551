import type { Duplex } from 'node:stream'
import { type Answer, asText, failure, tryAgain } from './answer.ts'
import { countAnswer, type IntakeCounters } from './counters.ts'

/** How long a client that broke the protocol has to read why. */
const LINGER_MS = 1_000

/** Says what is wrong where there is no request to answer, and ends the connection. */
export function endBroken(socket: Duplex, code: string | undefined, counters: IntakeCounters): void {
  const content = protocolAnswer(code)
  countAnswer(counters, undefined, content.status)
  socket.end(asText(content))
  // Closing at once, with bytes of the client's unread, would take the answer back.
  socket.resume()
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

function protocolAnswer(code: string | undefined): Answer {
  if (code === 'HPE_HEADER_OVERFLOW') return failure(undefined, 431, 'the headers are too large')
  // 408 would be the word, but OTLP clients give up on it, and a slow network is a reason to try again.
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tryAgain(undefined, 'the request took too long', 1)
  return failure(undefined, 400, 'this is not a valid HTTP request')
}
