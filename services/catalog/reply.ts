import type { ErrorClass, Retry, Standing } from '../contract/vocabulary.ts'
import { classOfStatus } from '../instrumentation/retry-policy/status-default.ts'
import type { Explanation } from './classify.ts'
import { isNoAnswer } from './no-answer.ts'

/** An error as it was stored, and what its catalog says about it (null: nothing). */
export interface Judged {
  entry: Explanation | null
  /** Nothing can be said of a code of an API that has no catalog yet; that is no fault of the code's. */
  hasCatalog: boolean
  code: string
  status: number
  retry: Retry
  standing: Standing
  /** What the API itself said, scrubbed; may be empty. */
  message: string
  /** When it said to come again. */
  retryAfterMs: number | null
}

export interface Reply {
  meaning: string
  action: string
  /** One or two plain sentences to tell the customer. */
  reply: string
}

/** The verdict in a person's words. The publisher's own words where it has any, ours by class and retry otherwise. */
export function replyTo(error: Judged): Reply {
  const class_ = error.entry?.class ?? classOfStatus(error.status)
  return {
    meaning: meaningOf(error, class_),
    action: error.entry?.action || actionOf(error, class_),
    reply: `${happened(error, class_)} ${advice(error, class_)}`,
  }
}

function actionOf({ code, status, retry, retryAfterMs }: Judged, class_: ErrorClass): string {
  if (retry === 'never') return BEFORE_RETRYING[class_]
  if (retry === 'unknown' && retryAfterMs !== null) return `Send it again after ${seconds(retryAfterMs)}.`
  if (retry === 'unknown' && isNoAnswer(code, status))
    return 'Check the network to the API, and whether it is up.'
  return ACTION[retry]
}

function meaningOf(error: Judged, class_: ErrorClass): string {
  const { entry, hasCatalog, code, status } = error
  const words = entry?.meaning || `The API ${HAPPENED[class_]}.`
  if (code === '') return words
  if (entry?.of !== 'code' && isNoAnswer(code, status)) return `No answer came from the API: ${code}.`
  if (!hasCatalog)
    return `There is no catalog for this API yet, so what the code ${code} means is not known here.`
  if (entry?.of !== 'code') {
    const inGeneral = entry?.meaning ? ` HTTP ${status} there stands for: ${sentence(entry.meaning)}` : ''
    return `The code ${code} is in no catalog of this API, so what it means is not documented.${inGeneral}`
  }
  const notes = [sentence(words)]
  if (error.standing === 'mismatched') {
    notes.push(`Documented for HTTP ${entry.http.join(', ')}, but it came with HTTP ${status}.`)
  }
  if (error.standing === 'deprecated' && entry.deprecated) {
    const { on, instead } = entry.deprecated
    notes.push(`Deprecated since ${on}${instead ? `; ${instead} takes its place` : ''}.`)
  }
  return notes.length > 1 ? notes.join(' ') : words
}

function happened({ entry, hasCatalog, code, status, message }: Judged, class_: ErrorClass): string {
  const said = message === '' ? '' : `, saying “${clip(message)}”`
  if (code === '') {
    return status === 0
      ? `The call failed without an HTTP status or an error code${said}.`
      : `The API answered HTTP ${status} without an error code${said}.`
  }
  if (entry?.of !== 'code' && isNoAnswer(code, status)) return `No answer came from the API (${code})${said}.`
  if (entry?.of !== 'code') {
    const answered = status === 0 ? 'answered' : `answered HTTP ${status}`
    const unlisted = hasCatalog ? ', which no catalog of this API lists' : ''
    return `The API ${answered} with the code ${code}${unlisted}${said}.`
  }
  const why = withoutAction(entry)
  if (why === '') return `The API ${HAPPENED[class_]}.`
  return `The API ${ITS_OWN_FAULT.has(class_) ? 'could not carry out' : 'refused'} the call: ${sentence(why)}`
}

function advice({ entry, code, status, retry, retryAfterMs }: Judged, class_: ErrorClass): string {
  if (retry === 'never' && entry?.action) {
    return `Sending it again will not help; the documentation says: “${entry.action}”`
  }
  if (retry === 'never') return `Sending it again will not help; ${lowerFirst(BEFORE_RETRYING[class_])}`
  if (retry === 'unknown' && retryAfterMs !== null)
    return `It can be sent again after ${seconds(retryAfterMs)}, as the answer told.`
  if (retry === 'unknown' && isNoAnswer(code, status))
    return 'Whether it was carried out nobody can tell: send it again if it may be carried out twice.'
  if (retry === 'unknown' && code !== '' && entry?.of !== 'code') {
    return 'What it means, and whether sending it again helps, is not documented.'
  }
  return ADVICE[retry]
}

/** What a class of errors is about, after "The API …". */
const HAPPENED: Record<ErrorClass, string> = {
  auth: 'did not accept the credentials of the call',
  permission: 'does not allow these credentials to do this',
  validation: 'found something in the request that is not valid',
  not_found: 'does not have what the call asked for',
  conflict: 'refused the call because it conflicts with the present state of things',
  rate_limit: 'received too many calls in a short time',
  quota: 'refused the call because the allowance is used up',
  billing: 'refused the call because of the balance, the plan or a spending limit',
  concurrency: 'refused the call because too many are running at the same time',
  upstream: 'got no good answer from a system behind it',
  maintenance: 'is switched off for the moment, or this part of it',
  internal: 'failed on its own side',
  other: 'reported an error',
}

const BEFORE_RETRYING: Record<ErrorClass, string> = {
  auth: 'Check the key or token.',
  permission: 'Ask for the permission, or use credentials that have it.',
  validation: 'Correct the request.',
  not_found: 'Check what the call asks for.',
  conflict: 'Look at the present state, then decide.',
  rate_limit: 'Send fewer calls.',
  quota: 'Raise the allowance, or wait for the next period.',
  billing: 'Settle the balance, the plan or the spending limit.',
  concurrency: 'Run fewer at the same time.',
  upstream: 'Contact the support of the API.',
  maintenance: 'Ask the operator of the API when it will be back.',
  internal: 'Contact the support of the API.',
  other: 'Contact the support of the API.',
}

/** Failures that the caller did nothing to bring about. */
const ITS_OWN_FAULT: ReadonlySet<ErrorClass> = new Set(['upstream', 'maintenance', 'internal', 'other'])

type Hopeful = Exclude<Retry, 'never'>

const ACTION: Record<Hopeful, string> = {
  unknown: 'Ask the publisher of the API before sending it again.',
  after_wait: 'Send it again after the time in Retry-After, or when the limit has reset.',
  backoff: 'Send it again, with growing pauses between the tries.',
  once: 'Send it once more; if it fails again, contact support with the request id.',
  after_reauth: 'Get a new token, then send it again.',
  new_idempotency_key: 'Use a new idempotency key for a different operation.',
  later: 'Try again later.',
}

const ADVICE: Record<Hopeful, string> = {
  unknown: 'Whether sending it again helps is not documented.',
  after_wait: 'It can be sent again after the wait that the API asks for.',
  backoff: 'It can be sent again, with growing pauses between the tries.',
  once: 'It can be sent once more; if it fails again, support needs the request id.',
  after_reauth: 'It can be sent again with a new token.',
  new_idempotency_key:
    'Sending it again as it is will not help; another operation needs its own idempotency key.',
  later: 'It can be sent again later.',
}

/** Pages often put the advice into the meaning; the reply gives it once. */
function withoutAction({ meaning, action }: Explanation): string {
  const at = action === '' ? -1 : meaning.toLowerCase().indexOf(action.toLowerCase())
  return at === -1 ? meaning : meaning.slice(0, at).replace(/[\s;,]+$/, '')
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`)

const lowerFirst = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1)

/** Enough of a message to recognise it, on one line. */
function clip(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim()
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`
}
