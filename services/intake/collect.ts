import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Few beside the heap, so that it seldom is marked for their sake; a collection of the young takes half a millisecond. */
const EVERY_BYTES = 4 * 1024 * 1024

/**
 * Node gives out what a socket receives, and what it unpacks, in pieces of memory outside the heap, each with a small
 * object that owns it.
 * They are garbage at once, but the heap hardly grows by them, so nothing collects the young objects; instead the
 * engine sees a lot of outside memory in use and marks the whole heap, many times a second, at more cost than decoding
 * the spans. So collect the young objects now and then, by the bytes that came in.
 */
export function createCollect(): (received: number) => void {
  setFlagsFromString('--expose-gc')
  const collect: (options: { type: 'minor'; execution: 'sync' }) => void = runInNewContext('gc')
  let since = 0
  return (received) => {
    since += received
    if (since < EVERY_BYTES) return
    since = 0
    collect({ type: 'minor', execution: 'sync' })
  }
}
