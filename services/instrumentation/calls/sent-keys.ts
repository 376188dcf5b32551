/** Vendors keep a key for a day; who sends that many more calls in a day knows its attempts by other means. */
const AT_LEAST = 5000
/** Of a hash: two among so many never share them, and short texts are quicker to look up and to forget. */
const CHARACTERS = 12

/**
 * How often each call id was sent. Bounded: those that were not sent for longest go, a generation at a time, for a Map
 * that loses its first entry with every new one is slow.
 */
export class SentKeys {
  private recent = new Map<string, number>()
  private earlier = new Map<string, number>()

  /** The attempt that this send is, 0 for the first. */
  next(id: string): number {
    const key = id.slice(0, CHARACTERS)
    const attempt = this.recent.get(key) ?? this.earlier.get(key) ?? 0
    if (this.recent.size >= AT_LEAST) {
      this.earlier = this.recent
      this.recent = new Map()
    }
    this.recent.set(key, attempt + 1)
    return attempt
  }

  /** A redirect or an auth challenge came back: sending it once more is no retry. */
  takeBack(id: string): void {
    const key = id.slice(0, CHARACTERS)
    const sent = this.recent.get(key) ?? this.earlier.get(key)
    if (sent !== undefined && sent > 0) this.recent.set(key, sent - 1)
  }
}
