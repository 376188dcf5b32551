import { type CodeKey, codeKey, SHAPE } from './code-keys.ts'
import type { MomentUnit } from './moment.ts'
import { waitUnit } from './wait-keys.ts'

// What the name of a field says about its value. Names are compared without case and separators, so that error_code,
// errorCode, ErrorCode and error-code are one. A cost says how sure a name is: the lowest wins.

export type Container =
  /** an error, or a list of them */
  | 'error'
  /** says more about the error around it */
  | 'inner'
  /** only an envelope around what counts */
  | 'wrapper'

export interface KeyMeaning {
  code: CodeKey | null
  message: number | null
  requestId: number | null
  wait: MomentUnit | null
  /** A boolean that says whether to send the request again. */
  retry: boolean
  container: Container | null
  /** 0 for details as such, more for what may stand for them. */
  details: number | null
  /** Whatever stands here, unless empty, the call failed. */
  sign: boolean
}

const MESSAGES = costs([
  ['message errormessage msg errmsg errormsg faultstring errordescription exceptionmessage longmessage', 0],
  ['detail diagnostics developermessage errordetail details errorsummary usermessage retmsg resultmsg', 1],
  ['statusmessage errormessages debugmessage exceptiontext messages', 1],
  ['description detailedmessage internalmessage displaymessage errortext', 2],
  ['error err reason errorreason text', 3],
  ['title summary cause explanation hint phrase info errors fault', 4],
])

const REQUEST_IDS = costs([
  ['requestid reqid requestuuid requestguid requestidentifier rid requestref queryid apiid', 0],
  ['amznrequestid amzrequestid serverrequestid gatewayrequestid apirequestid', 1],
  ['clientrequestid correlationid debugid fbtraceid logid activityid transactionid transactionuuid tid', 2],
  ['flowid interactionid', 2],
  ['traceid trackingid trackid operationid invocationid rayid cfray trackingnumber', 3],
  ['incidentid supportid supportreference referenceid errorreference errorref ticketid eventid erroruuid', 4],
  ['errorinstanceid logref refid', 4],
])

const DETAILS = costs([
  ['details errordetails', 0],
  ['invalidparams fielderrors fielderror validationerrors violations constraintviolations', 1],
  ['fields parameters params context', 1],
  ['extensions errors issues metadata', 2],
  ['data', 3],
])

const ERROR =
  /(?:error|errors|exception|exceptions|fault|faults|failure|failures|err|errs|error(?:response|result|details?|info))$/
const ERRORS_TOO = words(
  'issue issues problem problems operationoutcome responsestatus status errorlist reasons',
)
const INNER = words(
  `detail details data context parameters innererror innerexception cause causes causedby rootcause additionalinfo info
  violations invalidparams subcode code reason metadata lasterror`,
)
const WRAPPERS = words(
  `response responses body envelope result results extensions payload return meta header headers request trace root
  message messages`,
)
const SIGN =
  /^(?:error|errors|err|fault|exception|error(?:response|code|message|msg|type)|err(?:code|no|msg)|service(?:fault|exception)|ecode|retcode)$/
const RETRY = words(
  'retryable isretryable retriable isretriable canretry shouldretry retry istransient transient xshouldretry retryallowed',
)

function costs(rows: [keys: string, cost: number][]): Map<string, number> {
  return new Map(rows.flatMap(([keys, cost]) => keys.split(' ').map((key) => [key, cost] as const)))
}

function words(list: string): Set<string> {
  return new Set(list.split(/\s+/))
}

/** Names that were seen; they are few, and whoever sends more makes them up. */
const seen = new Map<string, KeyMeaning>()
const MOST_SEEN = 4096
const LONGEST = 64

const NONE: KeyMeaning = {
  code: null,
  message: null,
  requestId: null,
  wait: null,
  retry: false,
  container: null,
  details: null,
  sign: false,
}

export function meaningOf(key: string): KeyMeaning {
  const known = seen.get(key)
  if (known !== undefined) return known
  if (key.length > LONGEST) return NONE
  if (seen.size >= MOST_SEEN) seen.clear()
  const meaning = meaningOfName(key)
  seen.set(key, meaning)
  return meaning
}

function meaningOfName(key: string): KeyMeaning {
  if (key === '__type') return { ...NONE, code: SHAPE }
  const name = key
    .slice(key.lastIndexOf(':') + 1)
    .toLowerCase()
    .replace(/[_\-\s.$]/g, '')
  return {
    code: codeKey(name),
    message: MESSAGES.get(name) ?? null,
    requestId: REQUEST_IDS.get(name) ?? (name.endsWith('requestid') ? 1 : null),
    wait: waitUnit(name),
    retry: RETRY.has(name),
    container: containerOf(name),
    details: DETAILS.get(name) ?? null,
    sign: SIGN.test(name),
  }
}

function containerOf(name: string): Container | null {
  if (INNER.has(name)) return 'inner'
  if (WRAPPERS.has(name)) return 'wrapper'
  return ERROR.test(name) || ERRORS_TOO.has(name) ? 'error' : null
}
