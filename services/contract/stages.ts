/** What became of something handed to the next stage. Errors between stages are values; a throw is a bug. */
export type Outcome =
  | { status: 'done' }
  /** Nothing was kept; the same thing may succeed later. */
  | { status: 'retry'; error: Error }
  /** Nothing was kept and nothing ever will be. */
  | { status: 'reject'; error: Error }

export const DONE: Outcome = Object.freeze({ status: 'done' })

/** Where a run of records comes from: one journal, or one partition of one topic in one of its lives. */
export interface Range {
  origin: string
  /** First offset in the range. */
  first: number
  /** One past the last. */
  end: number
}
