import type { Said } from '../statement.ts'
import { LANGUAGES } from './languages.ts'
import { inAny, REFUSED } from './retry-languages.ts'

// What a text says about sending the request again. Two questions: a cell under "Retryable?" answers yes or no; a
// sentence must speak of retrying itself, or of what only a person can do.

export interface Words {
  said: Said
  /** In so many words ("retry", "do not retry"), not by an action that implies it ("contact support"). */
  explicit: boolean
}

/** Writing without spaces has no end of a word to wait for. */
const JOINED = [LANGUAGES.ja, LANGUAGES.zh, LANGUAGES.ko]
const SPACED = Object.values(LANGUAGES).filter((words) => !JOINED.includes(words))

const begins = (english: string, what: 'yes' | 'no' | 'maybe') =>
  new RegExp(
    `^(?:${english}|(?:${SPACED.map((words) => words[what]).join('|')})(?!\\p{L})|${JOINED.map((words) => words[what]).join('|')})`,
    'iu',
  )
const NO = begins(
  "(?:no|nope|never|not|none|false|n|x|do(?:n['’]?t| not)|must not|non-?(?:retr(?:y|i)able|recoverable|transient)|un(?:recoverable|retr(?:y|i)able)|terminal|cannot|can['’]?t|client error|permanent|fatal|won['’]?t|not? recommended|hard|unsafe|manual(?:ly)?|pointless|useless|futile|hopeless|senseless|in vain|impossible|forbidden|prohibited|discouraged|stop|abort|give up|drop|escalate|fix|correct|change|(?:only )?(?:after|once) (?:you |it is |being )?(?:fix|correct|chang|repair|edit|adjust)(?:ed|ing|ion|es|s)?|(?:the )?(?:client|caller|user|customer|merchant) (?:must|has to|needs to|should)|[0f]$)(?![\\p{L}\\d])|✗|✘|❌|✖|🚫|⛔|×",
  'no',
)
const YES = begins(
  '(?:yes|y|true|ok|auto|automatic|automatically|immediate(?:ly)?|directly|at once|right away|straight away|retr(?:y|iable|yable|ied|ies)|always|safe|safely|repeat|transient|temporary|recoverable|recommended|with|after|wait|later|once|only once|back(?:off)?|exponential|allowed|permitted|fine|go ahead|soft|required|encouraged|tomorrow|next day|in \\d+|up to \\d+|\\d+ ?(?:x|times|s|sec|seconds?|min|minutes?|h|hours?)|[1t]$)(?!\\p{L})|✓|✔|✅|☑|👍|[+●○◯]$',
  'yes',
)
const MAYBE = begins(
  'conditional|maybe|sometimes|depends|limited|partial|possibl|only (?:if|when|for|after|with|the same)|if\\b|idempotent|yes,? (?:but )?only if idempotent',
  'maybe',
)
const SILENT = /^(?:[-–—?.]*|n\/?a|not applicable|does not apply|tbd|unknown|unspecified)$/i

/** What calls errors by whether they pass. */
export const PASSES_OR_NOT =
  /^(?:(?:non-?)?(?:transient|retr(?:y|i)able|recoverable)|temporary|permanent|terminal|fatal|unrecoverable)(?: (?:error|failure))?$/i

/** "Permanent: yes" is what "Retryable: no" is. */
const TURNED =
  /^\W*(?:is[\s_]?)?(?:permanent|fatal|terminal|unrecoverable|non-?(?:retr(?:y|i)able|transient))\W*$/i
const YES_OR_NO = /^(?:yes|no|true|false|y|n|[01]|[✓✔✅☑✗✘❌✖×x])$/iu

/** A cell of a column about retrying, or of one about the opposite. */
export function retryUnder(header: string, cell: string, more = ''): Said | null {
  const said = retryOfCell(cell, more)
  if (said === null || !TURNED.test(header) || !YES_OR_NO.test(cell.trim())) return said
  return said === 'never' ? 'yes' : 'never'
}

/** A cell of a column about retrying. */
export function retryOfCell(cell: string, more = ''): Said | null {
  const text = cell.trim().replace(/^[,;:\s]+/, '')
  if (SILENT.test(text)) return null
  if (NO.test(text) || /\bnot automatically\b/i.test(text))
    return NEW_KEY.test(text) || NEW_KEY_ABROAD.test(text) ? 'new_idempotency_key' : 'never'
  if (MAYBE.test(text)) return 'conditional'
  const manner = mannerOf(text)
  if (IDEMPOTENCY.test(text) && /\b(?:new|another|different|fresh|unique)\b/i.test(text))
    return 'new_idempotency_key'
  if (YES.test(text)) {
    if (manner === 'backoff' && ONCE.test(more) && AGAIN.test(more)) return 'once'
    return manner ?? mannerOf(more) ?? 'yes'
  }
  const words = retryOfText(text)
  return words?.said ?? null
}

const AGAIN =
  /\bretr(?:y|ying|ied|ies|iable|yable)\b|\btry(?:ing)? (?:it |the \w+ |your \w+ |this \w+ )?again\b|\bre-?sen[dt]\b|\b(?:send|sent|call|submit|run|make|made|try|attempt)(?:ing)? (?:(?!not |no )[\w`]+ ){0,4}again\b|\b(?:try|attempt|send|upload|submit|post|call|run|make|issue|place|ask)\b[^.;,]{0,30}?\bonce more\b|\b(?:request|fetch|invoke|ask(?: for)?|poll) (?:it|the \w+|this \w+|them) again\b|\b(?:second|next) attempt\b|\b(?:be|then|and|safely) repeat(?:ed)?\b|\bre-?run (?:the|this|your|it)\b|\battempted again\b|\bre-?submit(?:ted)?\b|\brepeat (?:the|this|your|it)\b|\brepeats (?:the|this|your|its) (?:\w+ ){0,2}(?:request|call|operation)\b|\bre-?attempt|\bre-?issue the (?:request|call)|\bback ?-?off\b|\bbacking off\b/i
/** "Repeating the enquiry is not permitted", "sending it again gives the same error", "a retry is pointless". */
const IN_VAIN =
  /\b(?:retry|retries|retrying|repeating|re-?sending|re-?submitting|(?:send|call|try|submitt)ing (?:\w+ ){0,4}again)\b(?:(?! but\b)[^.;]){0,60}?(?:\b(?:has|have|makes?|is|are|be|does|do|will|would|can|must|may|should|gives?|brings?|get|returns?) ?(?:not|n['’]t|no|never)\b|\b(?:won['’]t|cannot|can['’]t|doesn['’]t|don['’]t)\b|\b(?:will|would|always|only) (?:\w+ )?fail\b|\bfails? again\b|\b(?:pointless|useless|futile|fruitless|in vain|(?:of )?no (?:use|sense|good|avail|help|point)|forbidden|prohibited|chang(?:e|es) nothing|the same (?:error|result|answer|response|reply))\b)/i
/** "Do not send the same request again." */
const NOT_SENT_AGAIN =
  /(?:\bnot|n['’]t|\bnever|\bno use|no sense|senseless|no point|pointless|useless|in vain)\b[^.;,]{0,30}?\b(?:(?:sent|made|called|tried|submitted|posted|issued|(?:send|call|try|submit|post|ask|run|issue|attempt|make)(?:ing)?)\b[^.;,]{0,40}?\bagain\b|repeat(?:ed|ing)?\b|re-?(?:send|submit|tr(?:y|ied))(?:ing)?\b)/i
/** "The same request will always fail", "this is permanent". */
const FOR_GOOD =
  /\b(?:same|identical|unchanged) (?:request|call|body|message)s? (?:will|would|always|can(?:not|['’]t))\b[^.;]{0,30}\b(?:fail|rejected|refused|succeed)|\b(?:is|are) permanent\b|\b(?:doesn['’]t|does not|won['’]t|will not|never) (?:go(?:es)? away|clear(?:s|ed)?|recovers?|resolves?|heals?|fix(?:es)?|pass(?:es)?)(?: (?:by|on) (?:itself|its own|themselves|their own)|\b(?= (?:until|unless|without)))|\bpermanent (?:error|failure|fault)|\b(?:will not|won['’]t|cannot|can['’]t) (?:succeed|work|pass) (?:until|unless|before)\b|\b(?:keeps?|continues?|goes on) (?:to )?fail(?:ing)? (?:until|unless)\b|\bunchanged (?:retry|retries|request|call)s? (?:will )?fails?\b|\b(?:further|more|repeated|additional|later) (?:attempts|tries|retries) (?:will|would|are) (?:\w+ )?(?:rejected|refused|fail|useless|pointless|futile|blocked|ignored)\b(?![^.]*\buntil\b)|^(?:please |just )?give up\b|^retry(?:able|ing)?\s*[:：]\s*(?:no|never|not)\b/i
/** Retries that happened, or are only spoken of. */
const SPOKEN_OF =
  /\b(?:number of|maximum|max\.?|too many|section on|about|policy (?:on|for)) retr(?:ies|ying)\b|\b(?:we|have|has|been|was|were) (?:already )?retried\b|\ba retry of\b|\b(?:see|read|our|the) (?:\w+ ){0,2}retry (?:guide|policy|section|page|docs?|documentation|guidance)\b/gi
const NOT_AGAIN =
  /\b(?:do not|don['’]?t|never|should ?n[o']t|must ?n[o']t|cannot|can['’]?t|not(?: be)?|without|no|stop|avoid|refrain from|not worth|not safe to|rather than|instead of)\s+(?:be |being |to |attempt(?:ing)? to |automatic(?:ally)? |simply |just |blindly |safely )*(?:re-?(?:tr(?:y|ying|ied|ies|yable|iable)|send|sending|sent|submit|attempt)|retriable|try(?:ing)? again)|\bnon-?re?tr(?:y|i)able|\bretr(?:y|ying|ies) (?:\w+ ){0,6}?(?:will not|won['’]?t|does not|doesn['’]?t|do not|cannot|can['’]?t|never|is (?:pointless|useless|futile|not))|won['’]?t change on retry|no point in retrying/i
/** "Use a lower amount and try again": another request, which a person makes. */
const CHANGED =
  /(?<!\b(?:without|without any|no|the|a|this|that|current|pending|any|ongoing|running|last|under) )\b(?:fix|correct|change|update|lower|higher|different|(?:with|use|using|try|choose|pick|select|enter|ask for|supply) another|(?:a|the) valid|verify|check|provide|reduce the|shorten|split|remove|add|adjust|modify|make sure|ensure|review|specify|supply|supplying|rename|use an?|with (?:the|an?) (?!\d|same|status|http|code|error|response|backoff|back-off|exponential|delay|short|longer|increasing|jitter|pause|brief|random|wait|(?:fresh|new|latest|current|updated) (?:\w+ )?(?:nonce|version|etag|revision|cursor|timestamp|sequence|state|copy)))\b/i
const BEFORE_AGAIN =
  /\b(?:before|prior to) (?:you |it |they |the client )?(?:re-?tr(?:y|ies)|trying again|re-?send|repeat(?:ing|s)?\b|attempting|(?:send|call|submitt)ing (?:\w+ ){0,3}again|(?:send|call|submit)s? (?:\w+ ){1,3}again)/i
/** What must be put right, not only looked at, before. */
const FIXED = /\b(?:fix|correct|repair|change|remove|shorten|split|rename)\b/i
const WAIT =
  /retry-after|x-ratelimit-reset|ratelimit-reset|\breset(?:s|ted|ting)?\b(?! (?:your|the|allowance|password))|honou?r|\bsleep\b|\bwait (?:for |until )?(?:the )?(?:time|window|limit|period|number|\d+|as long)|\bhow (?:long|many seconds)\b.{0,40}\bwait\b|window|bucket (?:has )?refill|\bafter \d+ ?s\b|\bafter the (?:time|number|seconds|period|wait|delay)/i
const REAUTH =
  /\b(?:refresh|renew)(?:ed|ing)?\b.{0,30}\b(?:token|session|credential|jwt)|\bre-?auth|\b(?:log|sign) ?in again|\b(?:new|fresh) (?:\w+ )?(?:token|jwt|session)\b|refreshing (?:the|your) token/i
const NEW_KEY = /\b(?:new|another|different|unique|fresh|change)\b.{0,25}\bkey\b/i
const IDEMPOTENCY = /idempot/i
const ONCE =
  /\b(?:once|one more time|one time|a single time|single retry)\b|\beinmal\b|\bune fois\b|\buna vez\b|один раз|一次|一度/i
const LATER =
  /\blater\b|\bshortly\b|\bin a (?:few|moment|while|couple)|\bpoll\b|\bstatus page\b.{0,20}restor|\bfor restoration/i
const BACKOFF =
  /back ?-?(?:ing )?off|exponential|jitter|delay|increasing|growing|higher level|wachsend|croissant|creciente|crescente|задержк|退避|指数|バックオフ/i

const A_PERSON =
  /(?:^|[.;,!—–:-]\s*|\b(?:and|or|please|then|must|should|to)\s+)(?:contact|call|reach out to|get in touch with|write to|ask)\s+(?:us|(?:the )?support|your|our|the (?:site|account|shop|owner|admin|support|vendor|provider|operator)|customer|technical|support|sales|the (?:user|customer|seller|merchant|sender|holder) to|an? admin|\w+ support)|\bspeak to\b|\b(?:generate|create|obtain|get|issue|use|request) (?:a |an |your )?(?:(?:new|current|another) )?(?:api |secret |access )?keys?\b|\b(?:generate|create|issue|make) (?:a |an )?(?:new|another|fresh) (?:\w+ )?(?:tokens?|pairs?|one|credentials?|secret)\b|\bbuy (?:a|an|some|one|it)\b|\bthe (?:user|customer|seller|merchant|owner|holder|administrator|admin) (?:must|has to|needs to|should)\b(?! (?:be|have|complete|finish|pass|go through)\b)|\b(?:must|has to|needs to) be [^.;]{0,40}\bby (?:an?|the|your) admin|\brequest an increase\b|\benable billing\b|\b(?:update|change|add) (?:the|your|a) (?:payment|billing) (?:method|details|card)|\b(?:pay|settle)\b(?! (?:request|call)s?\b)[^.;]{0,25}?\b(?:invoices?|balance|bills?|dues?|it)\b|\braise (?:the|your) (?:cap|limit|quota)\b|\brequest (?:additional|more) quota\b|\bobtain (?:your|a|an) (?:\w+ ){0,2}keys?\b|\btop[- ]?up\b|\brecharge\b|\bupgrade (?:your |the |to |plan|for)|\bbuy (?:more|credits|additional)|\b(?:add|deposit) (?:more )?(?:credits?|funds|money|collateral)|\bincrease your (?:limit|quota|plan)|\breset allowance/i
/** "If it persists, contact support" says nothing on the first failure. */
const PERSISTS =
  /(?:[^.;!?\s]|\.(?=\S)|\s){0,60}\b(?:if (?:it|this|the (?:problem|issue|error)|the \w+|problems?|issues?|errors?)? ?(?:persists?|continues?|goes on|still|keeps|recurs?|happens again)|if persistent|when contacting|include (?:the|your))\b[^.;!?]{0,120}/gi

/** So many seconds, or politely. */
const A_TIME =
  /\d|retry-after|sek|sec|seg|min|reset|秒|分|초|сек|мин|espere|aguarde|attendez|подождите|待ってください|请等待/i
const AGAIN_ABROAD = inAny(({ again }) => again)
const NEW_KEY_ABROAD = inAny(({ newKey }) => newKey)
/** The header keeps its English name: "com uma nova `Idempotency-Key`". */
const NEW_HEADER_ABROAD =
  /(?<!\p{L})(?:nov[ao]|outr[ao]|nuev[ao]|otr[ao]|nouvelle|autre|neue[mnrs]?|andere[mnrs]?|nuov[ao]|altr[ao]|nieuwe|now(?:y|ym|ego)|inny|nowa|ny|nytt|uusi|uudella|yeni|нов(?:ый|ым)|друг(?:ой|им)|新しい|別の|新的?|새(?:로운)?)[ ]?[^.;,]{0,12}idempotency-?key/iu
const CHANGED_ABROAD = inAny(({ changed }) => changed)
const WAIT_ABROAD = inAny(({ wait }) => wait)
const LATER_ABROAD = inAny(({ later }) => later)
const REAUTH_ABROAD = inAny(({ reauth }) => reauth)
const PERSON_ABROAD = inAny(({ person }) => person)

/** How to send again, where the words say; null when they say only that. */
function mannerOf(text: string): Said | null {
  if (REAUTH.test(text) || REAUTH_ABROAD.test(text)) return 'after_reauth'
  if (ONCE.test(text) && AGAIN.test(text)) return 'once'
  if (/retry-after/i.test(text)) return 'after_wait'
  if (LATER.test(text) || LATER_ABROAD.test(text)) return 'later'
  if (WAIT.test(text) || WAIT_ABROAD.test(text)) return 'after_wait'
  if (BACKOFF.test(text)) return 'backoff'
  return null
}

const SENTENCE = /(?<=[.!?。！？；])\s+|(?<=[。！？；])/u

/** What a description, an action or advice says; null where it is silent. */
export function retryOfText(text: string): Words | null {
  if (text === '' || text.length > 4000) return null
  if (PASSES_OR_NOT.test(text.trim().replace(/\.$/, '')))
    return { said: NO.test(text.trim()) ? 'never' : 'yes', explicit: true }
  const sentences = text.split(SENTENCE)
  let again: Words | null = null
  for (let index = 0; index < sentences.length; index++) {
    // The advice may lean on the sentence before: "Retry-After is also present. Use it before retrying."
    const words = retryOfSentence(sentences[index], index > 0 ? sentences[index - 1] : '')
    if (words?.said === 'never') return words
    again ??= words
  }
  if (again) return again
  const lasting = text.replace(PERSISTS, ' ')
  if (/\bunique key\b|\bnew (?:idempotency[- ]?)?key\b/i.test(text) && IDEMPOTENCY.test(text)) {
    return { said: 'new_idempotency_key', explicit: false }
  }
  if (
    /\b(?:refresh|renew)(?:ing|ed)? (?:your|the|its|this|that|an?|access|expired|oauth|bearer)\b.{0,15}\btoken\b|^(?:refresh|renew) token\b(?! (?:is|was|has|not|expired|invalid))|\brequest a new token\b|\bre-?authenticate\b/i.test(
      text,
    )
  ) {
    return { said: 'after_reauth', explicit: false }
  }
  if (A_PERSON.test(lasting) || PERSON_ABROAD.test(lasting)) return { said: 'never', explicit: false }
  if (/\bwait (?:until|till|for)\b/i.test(text)) return { said: 'after_wait', explicit: false }
  return null
}

function retryOfSentence(sentence: string, before: string): Words | null {
  if (
    FOR_GOOD.test(sentence) ||
    NOT_AGAIN.test(sentence) ||
    IN_VAIN.test(sentence) ||
    NOT_SENT_AGAIN.test(sentence)
  ) {
    const said = /\bkey\b/i.test(sentence) && NEW_KEY.test(sentence) ? 'new_idempotency_key' : 'never'
    return { said, explicit: true }
  }
  if (
    /\buse (?:a )?new (?:idempotency[- ])?key\b|\b(?:new|different|fresh|unique|another) (?:idempotency[- ]?key|(?:\w+-)?request-id)\b/i.test(
      sentence,
    ) &&
    !/\bapi key/i.test(sentence)
  ) {
    return { said: 'new_idempotency_key', explicit: true }
  }
  if (BEFORE_AGAIN.test(sentence)) {
    if (WAIT.test(sentence) || /\bwait\b/i.test(sentence) || /retry-after/i.test(before))
      return { said: 'after_wait', explicit: true }
    if (BACKOFF.test(sentence)) return { said: 'backoff', explicit: true }
    if (REAUTH.test(sentence)) return { said: 'after_reauth', explicit: true }
    return A_PERSON.test(sentence) || FIXED.test(sentence) ? { said: 'never', explicit: true } : null
  }
  if (AGAIN.test(sentence.replace(SPOKEN_OF, ' '))) {
    if (
      /\bif (?:persistent|it persists|the problem persists)\b/i.test(sentence) &&
      !/\bretry\b/i.test(sentence)
    )
      return null
    const manner = mannerOf(sentence) ?? (/retry-after/i.test(before) ? 'after_wait' : null)
    if (manner === null && CHANGED.test(sentence.replace(PERSISTS, ' '))) return null
    if (
      manner !== null &&
      manner !== 'after_reauth' &&
      /^(?:fix|correct|change|use a (?:different|lower|valid))\b/i.test(sentence)
    ) {
      return null
    }
    return { said: manner ?? 'yes', explicit: true }
  }
  if (/retry-after/i.test(sentence) && !/\bincluded?\b|\bheader is\b|\bpresent\b/i.test(sentence)) {
    return { said: 'after_wait', explicit: true }
  }
  if (/\bpoll\b|\b(?:keep|continue) polling\b|\bwait until\b.{0,40}\breset/i.test(sentence)) {
    return { said: /\bpoll(?:ing)?\b/i.test(sentence) ? 'later' : 'after_wait', explicit: true }
  }
  if (/\b(?:is|are) (?:a |usually |often |always )?transient\b/i.test(sentence))
    return { said: 'yes', explicit: true }
  if (/\bautomatically (?:retried|fails? over)\b/i.test(sentence)) return { said: 'backoff', explicit: true }
  if (/\bthe call is retried\b/i.test(sentence)) return { said: 'backoff', explicit: true }
  return retryAbroad(sentence)
}

/** The same in another language. */
function retryAbroad(sentence: string): Words | null {
  if (NEW_KEY_ABROAD.test(sentence) || NEW_HEADER_ABROAD.test(sentence))
    return { said: 'new_idempotency_key', explicit: true }
  if (!AGAIN_ABROAD.test(sentence))
    return WAIT_ABROAD.test(sentence) && A_TIME.test(sentence) ? { said: 'after_wait', explicit: true } : null
  if (REFUSED.test(sentence)) return { said: 'never', explicit: true }
  const manner = mannerOf(sentence)
  if (manner === null && CHANGED_ABROAD.test(sentence)) return null
  return { said: manner ?? 'yes', explicit: true }
}
