/** What became of a request's payload, as the intake has to answer it. */
export type Accepted =
  | { status: 'done'; rejectedSpans: number; message?: string }
  /** Not kept; the client may send it again after that time. */
  | { status: 'retry'; error: Error; retryAfterSeconds: number }
  /** Not kept and never will be: the bytes are not what they claim to be. */
  | { status: 'reject'; error: Error }

/** What became of a record handed to the transport. */
export type Appended =
  /** Durable; `duplicate`: it had been before, and is not kept twice. */
  { status: 'done'; duplicate: boolean } | { status: 'retry'; error: Error }
