/** A range that is about to be inserted, and everything besides its records that shapes the block made of it. */
export interface Intent {
  /** First offset in the range. */
  first: number
  /** One past the last. */
  end: number
  /** Small and JSON; at most about 3 KB. */
  shape?: Record<string, unknown>
}

/** How far a consumer has come with one source, in a place that survives it. */
export interface Ledger {
  /** Everything before `position` is stored; `intent` (which starts there) may be, wholly, partly or not at all. */
  read(): { position: number; intent: Intent | null }
  /** Durable when it resolves. Only from the position on, and only one at a time. Fails when it cannot be written. */
  intend(intent: Intent): Promise<void>
  /**
   * The intended range is stored (or, without an intent, there was nothing in it to store). Need not be durable: a
   * crash then merely finds the intent again, and to deliver an intended range again changes nothing.
   */
  advance(end: number): Promise<void>
}
