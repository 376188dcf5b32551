import type { Judged } from '../catalog/reply.ts'
import type { Retry } from '../contract/vocabulary.ts'

/** May it be sent again? In a person's words. */
const RETRY_ADVICE: Record<Retry, string> = {
  never: 'No. Sending it again as it is cannot succeed.',
  after_wait: 'Yes, after the wait that the API asks for.',
  backoff: 'Yes, with growing pauses between the tries.',
  once: 'Once. If it fails again, a person must look at it.',
  after_reauth: 'Yes, after a new sign-in (with a fresh token).',
  new_idempotency_key: 'Not as it is: another operation needs its own idempotency key.',
  later: 'Yes, but later.',
  unknown: 'Unknown. Nobody has documented whether sending it again helps.',
}

/** Where nobody has documented it, the answer itself may have told. */
export const retryAdviceOf = ({ retry, retryAfterMs }: Pick<Judged, 'retry' | 'retryAfterMs'>): string =>
  retry === 'unknown' && retryAfterMs !== null
    ? `Yes, after ${Math.ceil(retryAfterMs / 1000)} s, as the answer told.`
    : RETRY_ADVICE[retry]
