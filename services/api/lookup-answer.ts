import { z } from 'zod'
import type { Catalogs } from '../catalog/classify.ts'
import { replyTo } from '../catalog/reply.ts'
import { storedId } from '../contract/stored-id.ts'
import { CLASSES, RETRIES, STANDINGS } from '../contract/vocabulary.ts'
import { type AttemptRow, attemptRow, lookup } from '../store/queries/lookup.ts'
import type { Query } from '../store/queries/query.ts'
import { candidate, candidatesOf, ID_KINDS } from './candidates.ts'
import { retryAdviceOf } from './retry-advice.ts'

/** What the last failure means; of a call that never failed, only that. */
const lookupVerdict = z.object({
  ended: z
    .enum(['failed', 'succeeded'])
    .describe('succeeded: whatever failed was followed by a try of the same call that did not.'),
  provider: z.string(),
  code: z.string().nullable(),
  status: z.number().nullable(),
  retry: z.enum(RETRIES).nullable(),
  retryable: z.boolean().nullable(),
  standing: z.enum(STANDINGS).nullable(),
  has_catalog: z.boolean().describe('Whether there is a catalog of this provider at all.'),
  class: z.enum(CLASSES).nullable(),
  meaning: z.string(),
  action: z.string().nullable(),
  retry_advice: z.string().describe('Whether to send it again, in a person’s words.'),
  reply: z.string().describe('What to tell the customer.'),
  docs: z.string().nullable().describe('Where the publisher documents the code.'),
})
type LookupVerdict = z.output<typeof lookupVerdict>

export const lookupAnswer = z.object({
  request_id: z.string().describe('As it is stored: of a longer one the first 256 bytes.'),
  first_seen: z.string(),
  last_seen: z.string(),
  matched: z.array(z.enum(ID_KINDS)).describe('What kinds of id it is.'),
  candidates: z
    .array(candidate.extend({ verdict: lookupVerdict.describe('Of the last failure of this one.') }))
    .describe('The different things that have this id, oldest first; more than one: look which is meant.'),
  verdict: lookupVerdict.describe('Of the last failure among all of them.'),
  attempts: z.array(attemptRow).describe('Oldest first.'),
})
export type LookupAnswer = z.output<typeof lookupAnswer>

/** Everything about one id, with the verdict in a person's words; null if nothing is stored about it. */
export async function answerLookup(
  query: Query,
  catalogs: Catalogs,
  asked: string,
): Promise<LookupAnswer | null> {
  const id = storedId(asked)
  const attempts = await lookup(query, id)
  const [first] = attempts
  if (first === undefined) return null
  const candidates = candidatesOf(id, attempts).map((one) => ({
    ...one,
    verdict: verdictOf(
      one.positions.map((at) => attempts[at]!),
      catalogs,
    ),
  }))
  return {
    request_id: id,
    matched: ID_KINDS.filter((kind) => candidates.some(({ matched }) => matched.includes(kind))),
    candidates,
    first_seen: first.ts,
    last_seen: attempts.at(-1)!.ts,
    verdict: verdictOf(attempts, catalogs),
    attempts,
  }
}

function verdictOf(attempts: AttemptRow[], catalogs: Catalogs): LookupVerdict {
  const failures = attempts.filter((row): row is FailedRow => !row.succeeded)
  const lastingFailure = failures.findLast((failure) => successAfter(failure, attempts) === undefined)
  if (lastingFailure) return { ended: 'failed', ...judge(lastingFailure, catalogs) }

  const failure = failures.at(-1)
  const success = failure ? successAfter(failure, attempts)! : attempts.at(-1)!
  const reply = `The call went through in the end, on retry ${success.attempt}. Nothing needs to be sent again.`
  const notNeeded = { ended: 'succeeded' as const, retry_advice: 'Not needed: a later try succeeded.', reply }
  if (failure) return { ...judge(failure, catalogs), ...notNeeded }
  return {
    ...notNeeded,
    provider: success.provider,
    code: null,
    status: success.status,
    retry: null,
    retryable: null,
    standing: null,
    has_catalog: catalogs.has(success.provider),
    class: null,
    meaning: 'Nothing failed under this id: it is of the retry that succeeded.',
    action: null,
    docs: null,
  }
}

/** What only failures have is not null in them. */
type FailedRow = AttemptRow & {
  [Name in 'code' | 'retry' | 'retryable' | 'standing' | 'class' | 'message']: NonNullable<AttemptRow[Name]>
}

function judge(row: FailedRow, catalogs: Catalogs): Omit<LookupVerdict, 'ended'> {
  const { provider, code, status, retry, retryable, standing, message, retry_after_ms: retryAfterMs } = row
  const entry = catalogs.explain(provider, code, status)
  const hasCatalog = catalogs.has(provider)
  return {
    provider,
    code,
    status,
    retry,
    retryable,
    standing,
    has_catalog: hasCatalog,
    class: row.class,
    ...replyTo({ entry, hasCatalog, code, status, retry, standing, message, retryAfterMs }),
    retry_advice: retryAdviceOf({ retry, retryAfterMs }),
    docs: entry?.docs ?? null,
  }
}

const successAfter = (failure: AttemptRow, attempts: AttemptRow[]): AttemptRow | undefined =>
  attempts.find((row) => row.succeeded && row.attempt > failure.attempt && isSameCall(row, failure))

/** Of two rows found under one id: a trace may hold calls of many kinds. */
const isSameCall = (a: AttemptRow, b: AttemptRow): boolean =>
  a.provider === b.provider &&
  a.side === b.side &&
  (a.call_id !== '' && b.call_id !== ''
    ? a.call_id === b.call_id
    : a.service === b.service && a.method === b.method && a.route === b.route)
