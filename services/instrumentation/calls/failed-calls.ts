/** What the next send of the same request has to know of a call that failed. */
export interface FailedCall {
  id: string | null
  number: number
  /** Bytes that were sent, where that is known: another body is another call. */
  length: number | null
}

interface Entry extends FailedCall {
  until: number
}

/** Beyond this nobody calls it "right after"; a wait that the API asks for is added. */
const RIGHT_AFTER_MS = 60_000
const LONGEST_WAIT_MS = 600_000
const MOST = 1000

/** Calls that failed and may be sent again, by what is sent and in which scope. Bounded: the oldest goes. */
export class FailedCalls {
  private readonly calls = new Map<string, Entry>()

  get isEmpty(): boolean {
    return this.calls.size === 0
  }

  remember(key: string, call: FailedCall, now: number, waitMs = 0): void {
    this.calls.delete(key)
    if (this.calls.size >= MOST) this.calls.delete(this.calls.keys().next().value!)
    this.calls.set(key, { ...call, until: now + RIGHT_AFTER_MS + Math.min(waitMs, LONGEST_WAIT_MS) })
  }

  forget(key: string): void {
    this.calls.delete(key)
  }

  /** The call that this send repeats. One failure is followed by one: it is taken out. */
  take(key: string, length: number | null, now: number): FailedCall | null {
    const call = this.calls.get(key)
    if (call === undefined) return null
    if (call.length !== null && length !== null && call.length !== length) return null
    this.calls.delete(key)
    return call.until >= now ? call : null
  }
}
