import { errorMonitor } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { guarded } from '../guard.ts'
import type { ClientCall, ClientCalls } from './client-calls.ts'

/**
 * Sees the body of one answer pass by on its way into the stream: a listener for its data would start the flow. All is
 * read before the stream says that it ended, for then spans are closed.
 */
export function observeAnswer(
  request: ClientRequest,
  response: IncomingMessage,
  call: ClientCall,
  calls: ClientCalls,
): void {
  const done = guarded(() => {
    delete (response as { push?: unknown }).push
    request.removeListener('close', done)
    response.removeListener(errorMonitor, done)
    calls.read(call)
  })
  const onChunk = guarded((chunk: unknown) => {
    if (chunk === null) {
      done()
      return
    }
    call.body?.add(chunk)
    if (call.body?.isFull) done()
  })
  const { push } = response
  Object.defineProperty(response, 'push', {
    value(this: IncomingMessage, chunk: unknown, encoding?: BufferEncoding): boolean {
      onChunk(chunk)
      return push.call(this, chunk, encoding)
    },
    configurable: true,
    writable: true,
  })
  // Broken off, or thrown away by the application: before anybody else hears of it.
  request.prependListener('close', done)
  response.prependListener(errorMonitor, done)
}
