/** One payload's worth of rows, encoded, as the transport keeps it. */
export interface SourceRecord {
  offset: number
  /** Wall clock (ms) when it was accepted. */
  arrival: number
  record: Buffer
}

/** Durable records in order, with consecutive offsets: the journal, or one partition of a topic. */
export interface Source {
  /** Names these offsets: a journal, or a partition of a topic, in one of its lives. */
  readonly origin: string
  /**
   * The next records from `from` on: at least one if there is any, none otherwise. About `maxBytes` at most, and
   * often fewer: ask again from where the answer ends. The buffers are good until something behind them is asked for.
   */
  read(from: number, maxBytes: number): Promise<SourceRecord[]>
  /** Resolves when there is something to read from `from` on, when `signal` aborts, or when the source closes. */
  wait(from: number, signal?: AbortSignal): Promise<void>
  /**
   * For sources that make their records as they are read: a block begins. `decided` is what an intent says, when the
   * same records are wanted again.
   */
  begin?(decided: Record<string, unknown> | null): void
  /** What besides the offsets has decided the records since then; it goes into the intent. */
  decided?(): Record<string, unknown>
  /** There was more to be read than has come in so far. A source that has all of it at hand need not say. */
  isBehind?(): boolean
  /** Records below `offset` are stored for good; the source may forget them. */
  release(offset: number): Promise<void>
}
