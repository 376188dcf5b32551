import { inAllLanguages, type Vocabulary } from './languages.ts'

// What the header of a column says it holds, in the languages pages are written in. A hint: the cells decide.

export type Role = 'code' | 'type' | 'status' | 'retry' | 'meaning' | 'action' | 'foreign'

const words = (what: keyof Vocabulary, english: RegExp): RegExp =>
  new RegExp(`${english.source}|${inAllLanguages(what)}`, 'u')

/** Checked in order: "Retry code" is about retrying, "Header name" about headers. */
const ROLES: readonly (readonly [Role, RegExp])[] = [
  [
    'retry',
    words(
      'retry',
      /retr(?:y|ie[sd]?|iable|yable)|safe to re|try again|re-?send|re-?submi|re-?issue|send again|^repeat|^repetition|repeat(?:able)?\??$|^again|^transient$|^temporary$|^(?:is )?(?:permanent|fatal|terminal|unrecoverable)\??$|^rep\.?$|^retr?\.?$|^can re|idempotent\?/,
    ),
  ],
  [
    'status',
    words(
      'status',
      /https?$|^https?\b|\bhttp[- ]?(?:status|code|response)|(?:http|response)[- ]?status|status ?codes?$|^status$|^statuses$|^response code$/,
    ),
  ],
  [
    'foreign',
    words(
      'foreign',
      /(?:close|exit|currency|country|language|locale|region|postal|zip|promo|discount|coupon|voucher|area|dial|swift|bank|airline|airport|avs|cvv|cvc|product) codes?$|header|parameter|^params?$|argument|attribute|propert(?:y|ies)|^fields?$|field name|variable|^events?$|event (?:type|name)|scope|permission|^methods?$|endpoint|^path$|route|currency|country|region|locale|language|media type|^option|environment|^plan$|^tiers?$|categor|warning|^models?$|feature|^roles?$|webhook|^limits?$|required$|default|enum|^value$|operation|^key$|flag|setting|format|^unit|resource/,
    ),
  ],
  [
    'code',
    words(
      'code',
      /^(?:\S+ ){0,3}codes?$|^codes?\b|^errors?(?: ?(?:name|id|key|string|constant|slug|identifier))?$|error ?code|^reasons?$|^issues?$|^problems?$|^exceptions?(?: (?:name|class))?$|^faults?(?: ?(?:codes?|names?))?$|^symbol|^constant|^names?$|^identifier|^(?:error )?id$|^slug$|^err(?:or)?[ -]?(?:no|num|number)\.?$|rpc|canonical/,
    ),
  ],
  ['type', /^(?:error )?types?$|^class$|^kind$|^typ$|fehlertyp/],
  [
    'action',
    words(
      'action',
      /action|solution|resol|what to do|how to|^fix|remed|handling|recommend|advice|next step|suggest|mitigat|troubleshoot/,
    ),
  ],
  [
    'meaning',
    words(
      'meaning',
      /descri|meaning|message|msg$|detail|explan|^informa[ct]i[oó]n|notes?$|comment|cause|what it means|summary|^text$|title|when (?:does )?(?:it|this|that) (?:happens?|occurs?)|^when\b.{0,20}$|occurs when|^why$|conditions?$/,
    ),
  ],
]

/** Pages repeat their headers, and every line is tried as one. */
const remembered = new Map<string, Role | null>()
const MOST_REMEMBERED = 5000

export function roleOf(header: string): Role | null {
  if (header.length > 80) return null
  let role = remembered.get(header)
  if (role === undefined) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    role = judge(header)
    remembered.set(header, role)
  }
  return role
}

/** A header is no sentence. */
const SENTENCE = /^\S+(?: \S+){3,}\.\s*$|\p{Ll}\.\s+\p{Lu}/u

function judge(header: string): Role | null {
  if (SENTENCE.test(header)) return null
  // `errorCode` and `error_code` are "error code".
  const spaced = header
    .replace(/(\p{Ll})(?=\p{Lu}\p{Ll})/gu, '$1 ')
    .toLowerCase()
    .replace(/[*`_"'“”?:：？¿!]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (spaced === '' || spaced.length > 60) return null
  return ROLES.find(([, pattern]) => pattern.test(spaced))?.[0] ?? null
}

const ERRORS =
  /error|fail|exception|fault|problem|declin|reject|troubleshoot|went wrong|fehler|erreur|errore|erro\b|erros\b|エラー|错误|錯誤|异常|ошиб|помил|오류|에러|fout|b[łl][ęeą]d|hata|chyb|felkod|fejl|feil/i

/** Does a heading or a sentence speak of errors, in any of these languages? */
export const isAboutErrors = (text: string): boolean => ERRORS.test(text)

const FOREIGN_TOPIC =
  /\b(?:headers?|parameters?|arguments?|attributes|fields|properties|events?|webhooks?|scopes?|environment|variables?|currenc(?:y|ies)|countr(?:y|ies)|enums?|media types?|locales?|regions?|plans?|models?|test cards?|glossary|states?|types?|values?|object types?|quick ?start|changelog|permissions?|endpoints?|methods?|options?|settings?|warnings?|categories|(?:close|exit|currency|country|language|postal|zip|avs|cvv|cvc) codes)\s*$|^(?:request|query|body|path|rate limit) (?:headers?|parameters?|fields?)|^headers?\b|^(?:events?|webhooks?|scopes?|permissions?|states?|fields?|values?|parameters?)\b|\bvalues (?:of|for)\b|^(?:\w+ )?(?:events?|webhooks?|scopes?|permissions?) (?:types?|names?|list|reference)$|^(?:order|payment|job|transaction|delivery|message|delivery report) status(?:es|(?: and \w+)? codes?)?$|^(?:kopfzeilen|en-t[eê]tes|cabeceras|cabe[cç]alhos|ヘッダー|リクエストヘッダー|请求头|参数|заголовки|[eé]v[eé]nements|eventos|ereignisse)/i

/** "Unknown option" is an error, not a list of options. */
const AT_FAULT =
  /\b(?:unknown|invalid|missing|unsupported|illegal|wrong|bad|malformed|duplicate|conflicting|unexpected|unrecognized|insufficient|denied|forbidden|exceeded|not allowed|too (?:many|long|large|short))\b/i

const FAULT =
  /\b(?:exceeded|expired|exists|mismatch|unauthori[sz]ed|unavailable|not (?:found|supported|exist|permitted|allowed)|conflict|timeout|timed out|revoked|limit|cannot|unable)\b/

/** Is a name that of something that went wrong? `ResourceNotFound`, `KEY_INVALID`. */
export function isFault(name: string): boolean {
  const words = name
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .replace(/[_.:/-]+/g, ' ')
    .toLowerCase()
  return AT_FAULT.test(words) || FAULT.test(words) || isAboutErrors(words)
}

/** A heading over something that has names of its own and is not about errors. */
export const isForeignTopic = (heading: string): boolean =>
  FOREIGN_TOPIC.test(heading.trim()) &&
  !AT_FAULT.test(heading) &&
  !/error (?:codes?|types?|names?|reasons?|values|states?|categor(?:y|ies)|classes|kinds|keys|conditions)|errors?$/i.test(
    heading,
  )
