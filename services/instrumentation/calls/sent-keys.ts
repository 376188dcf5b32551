/** Vendors keep a key for a day; who sends that many more calls in a day knows its attempts by other means. */
const MOST = 10_000

/** How often each call id was sent. Bounded: the one that was not sent for longest goes. */
export class SentKeys {
  private readonly sent = new Map<string, number>()

  /** The attempt that this send is, 0 for the first. */
  next(id: string): number {
    const attempt = this.sent.get(id) ?? 0
    this.sent.delete(id)
    if (this.sent.size >= MOST) this.sent.delete(this.sent.keys().next().value!)
    this.sent.set(id, attempt + 1)
    return attempt
  }

  /** A redirect or an auth challenge came back: sending it once more is no retry. */
  takeBack(id: string): void {
    const sent = this.sent.get(id)
    if (sent !== undefined && sent > 0) this.sent.set(id, sent - 1)
  }
}
