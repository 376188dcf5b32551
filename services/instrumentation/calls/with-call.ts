import { AsyncLocalStorage } from 'node:async_hooks'

/** A logical call that the application itself marks. */
export interface MarkedCall {
  id: string
  /** How often each method and URL was sent in it. */
  sent: Map<string, number>
}

const marked = new AsyncLocalStorage<MarkedCall>()

export const markedCall = (): MarkedCall | undefined => marked.getStore()

/**
 * Whatever is sent while `call` runs belongs to one logical call of that id: sending the same method and URL again in it
 * is the next attempt. For retry loops that nothing else can tell from separate calls.
 */
export function withCall<Result>(id: string, call: () => Result): Result {
  return marked.run({ id: String(id).slice(0, 256), sent: new Map() }, call)
}
