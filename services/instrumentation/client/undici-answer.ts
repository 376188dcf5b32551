import { guarded } from '../guard.ts'
import type { ClientCall, ClientCalls } from './client-calls.ts'
import type { UndiciRequest } from './undici-request.ts'

/** What undici calls on a request while its answer comes, by version: 6 and 7, then 8. */
const DATA = ['onData', 'onResponseData']
const END = ['onComplete', 'onResponseEnd']
const BROKE = ['onError', 'onResponseError']

type Methods = Record<string, ((...given: unknown[]) => unknown) | undefined>

/**
 * Sees the body of one answer pass by. The channels tell of its end only after some have closed their spans, and older
 * versions do not tell of chunks, so for a failed call, and for that object alone, its methods are heard.
 */
export function observeAnswer(request: UndiciRequest, call: ClientCall, calls: ClientCalls): void {
  const methods = request as unknown as Methods
  const heard: string[] = []

  const done = guarded(() => {
    for (const name of heard) delete methods[name]
    heard.length = 0
    calls.read(call)
  })
  const hear = (names: string[], tell: (argument: unknown) => void): void => {
    for (const name of names) {
      const original = methods[name]
      if (typeof original !== 'function') continue
      heard.push(name)
      methods[name] = function (this: unknown, ...given) {
        tell(given[0])
        return original.apply(this, given)
      }
    }
  }

  const onChunk = guarded((chunk: unknown) => {
    call.body?.add(chunk)
    if (call.body?.isFull) done()
  })
  hear(DATA, onChunk)
  hear(END, done)
  hear(BROKE, done)
}
