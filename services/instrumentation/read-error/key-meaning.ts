import type { MomentUnit } from './moment.ts'

// What the name of a field says about its value. Names are compared without case and separators, so that error_code,
// errorCode, ErrorCode and error-code are one. A cost says how sure a name is: the lowest wins.

/** How a value must look to be a code at that place. */
export type CodeForm =
  /** made for codes: any number or short text */
  | 'explicit'
  /** a number, or a word in code style, else an id of this very error */
  | 'id'
  /** one word */
  | 'word'
  /** one word or the address of a problem type */
  | 'type'
  /** one word, no reason phrase */
  | 'error'
  /** a word in capitals, or several joined by _ */
  | 'status'
  /** several words joined by _ */
  | 'snake'
  /** as snake, or two or more words in camel case */
  | 'name'
  /** as snake, in capitals */
  | 'capitals'
  /** SOAP's: of little worth where it says only whose fault it was */
  | 'fault'
  /** a path like path/not_found/.. */
  | 'path'

export type Container =
  /** an error, or a list of them */
  | 'error'
  /** says more about the error around it */
  | 'inner'
  /** only an envelope around what counts */
  | 'wrapper'

export interface KeyMeaning {
  code: { cost: number; form: CodeForm } | null
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

type CodeRow = [keys: string, cost: number, form: CodeForm]
const CODE_ROWS: CodeRow[] = [
  [
    'errorcode errcode errorcodename errorcodestring exceptioncode faultcodename awserrorcode codename',
    0,
    'explicit',
  ],
  ['code', 1, 'explicit'],
  [
    'errornumber errornum errno errnum errorno retcode rtncode returncode resultcode subcodename messagecode msgcode errornr',
    1,
    'explicit',
  ],
  [
    'internalcode appcode applicationcode customcode codestr businesscode apicode symboliccode',
    1,
    'explicit',
  ],
  ['errorid', 2, 'id'],
  ['errorkey errorname errorslug errorsymbol errorstatus errorconstant', 3, 'word'],
  ['faultcode', 3, 'fault'],
  ['errortype exceptiontype errtype', 4, 'word'],
  ['errorsummary', 4, 'path'],
  ['status', 4, 'status'],
  ['type', 5, 'type'],
  ['error', 5, 'error'],
  ['err errors exception fault', 6, 'error'],
  ['reason errorreason reasoncode', 6, 'error'],
  ['tag', 7, 'word'],
  ['message errormessage msg errmsg', 7, 'capitals'],
  ['category errorcategory messageid messagekey', 8, 'word'],
  ['name', 8, 'name'],
  ['kind key id slug identifier classification issue subtype shortname', 9, 'snake'],
  ['detail description title result response errordescription', 10, 'capitals'],
]

const MESSAGE_ROWS: [keys: string, cost: number][] = [
  ['message errormessage msg errmsg errormsg faultstring errordescription exceptionmessage longmessage', 0],
  ['detail diagnostics developermessage errordetail details errorsummary usermessage retmsg resultmsg', 1],
  ['description detailedmessage internalmessage displaymessage errortext', 2],
  ['error err reason errorreason text', 3],
  ['title summary cause explanation hint phrase info errors fault', 4],
]

const REQUEST_ID_ROWS: [keys: string, cost: number][] = [
  ['requestid reqid xrequestid requestuuid requestguid requestidentifier rid apirequestid requestref', 0],
  ['amznrequestid xamznrequestid amzrequestid clientrequestid serverrequestid gatewayrequestid', 1],
  ['correlationid xcorrelationid debugid fbtraceid logid activityid transactionid transactionuuid tid', 2],
  ['traceid xtraceid trackingid trackid operationid invocationid rayid cfray trackingnumber', 3],
  [
    'incidentid supportid supportreference referenceid errorreference errorref ticketid eventid erroruuid errorinstanceid logref',
    4,
  ],
]

const DETAILS = new Map([
  ['details', 0],
  ['errordetails', 0],
  ['invalidparams', 1],
  ['fielderrors', 1],
  ['fielderror', 1],
  ['validationerrors', 1],
  ['violations', 1],
  ['constraintviolations', 1],
  ['fields', 1],
  ['parameters', 1],
  ['params', 1],
  ['context', 1],
  ['extensions', 2],
  ['errors', 2],
  ['issues', 2],
  ['metadata', 2],
  ['data', 3],
])

const ERROR_CONTAINER =
  /(?:error|errors|exception|exceptions|fault|faults|failure|failures|err|errs|errorresponse|errorresult|errordetail|errordetails|errorinfo)$/
const ERRORS_TOO = new Set([
  'issue',
  'issues',
  'problem',
  'problems',
  'operationoutcome',
  'responsestatus',
  'status',
  'errorlist',
  'validationerrors',
])
/** Not an error of its own, though its name ends like one. */
const INNER = new Set(
  `detail details data context parameters innererror innerexception cause causes causedby rootcause additionalinfo info
  violations invalidparams subcode code reason metadata lasterror`.split(/\s+/),
)
const WRAPPERS = new Set(
  `response responses body envelope result results extensions payload return meta header headers request trace root
  apierror message messages error_response`.split(/\s+/),
)

const CODES = new Map(
  CODE_ROWS.flatMap(([keys, cost, form]) => keys.split(' ').map((key) => [key, { cost, form }])),
)
const MESSAGES = costs(MESSAGE_ROWS)
const REQUEST_IDS = costs(REQUEST_ID_ROWS)

function costs(rows: [keys: string, cost: number][]): Map<string, number> {
  return new Map(rows.flatMap(([keys, cost]) => keys.split(' ').map((key) => [key, cost] as const)))
}

const WAIT =
  /^(?:x|google|suggested|recommended|min|minimum|estimated)?(?:retryafter|retryin|retrydelay|retrywait|retryinterval|tryagainin|tryagainafter|waittime|waitfor|wait|backoff|cooldown|secondstowait|secondsuntilretry|millisecondstowait|mstowait|retryat|nextretry|nextretryat|resetsin|resetin|resetafter|canretryafter|availablein)(ms|msecs?|millis|milliseconds?|ins?seconds?|inms|inmilliseconds|s|secs?|seconds?|minutes?|mins?|date|time|timestamp|at|utc|until)?$/
const SIGN =
  /^(?:error|errors|err|fault|exception|error(?:response|code|message|msg|type)|err(?:code|no|msg)|servicefault|serviceexception|retcode)$/
const RETRY = new Set(
  'retryable isretryable retriable isretriable canretry shouldretry retry istransient transient xshouldretry retryallowed'.split(
    ' ',
  ),
)

function waitUnit(key: string): MomentUnit | null {
  const found = WAIT.exec(key)
  if (found === null) return null
  const unit = found[1] ?? ''
  if (/^(?:in)?m(?:s|illi)/.test(unit) || /^(?:milliseconds|ms)towait/.test(key)) return 'ms'
  return unit.startsWith('min') ? 'min' : 'auto'
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
  // `__type` is how AWS names a shape; `@type` is the type of a message, never a code.
  if (key === '__type') return { ...NONE, code: { cost: 0, form: 'explicit' } }
  const name = key
    .slice(key.lastIndexOf(':') + 1)
    .toLowerCase()
    .replace(/[_\-\s.$]/g, '')
  return {
    code:
      CODES.get(name) ??
      (/(?:error|err|fault|exception)code$/.test(name) ? { cost: 0, form: 'explicit' } : null),
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
  return ERROR_CONTAINER.test(name) || ERRORS_TOO.has(name) ? 'error' : null
}
