// What an error code may look like, and what only looks like one.

export type Habit =
  | 'snake'
  | 'kebab'
  | 'pascal'
  | 'camel'
  | 'dotted'
  | 'path'
  | 'prefixed'
  | 'numeric'
  | 'upper'
  | 'word'

const LONGEST = 128

const HABITS: readonly (readonly [Habit, RegExp])[] = [
  ['numeric', /^-?\d{1,9}(?:[_-]\d{1,6})*$/],
  ['prefixed', /^[A-Za-z]{1,8}[-_]?\d{2,9}$/],
  ['snake', /^[\p{L}\d]+(?:_+[\p{L}\d]+)+\+?$/u],
  ['kebab', /^[\p{L}][\p{L}\d]*(?:-[\p{L}\d]+)+$/u],
  ['upper', /^\p{Lu}{2,}$/u],
  ['word', /^\p{Ll}{2,}$/u],
  ['camel', /^\p{Ll}[\p{Ll}\d]*(?:\p{Lu}[\p{L}\d]*)+$/u],
  ['pascal', /^\p{Lu}[\p{L}\d]*$/u],
  ['dotted', /^[\p{L}\d_-]+(?:\.[\p{L}\d_-]+)+$/u],
  ['path', /^[\p{L}][\p{L}\d_.-]*(?:(?:\/|::?|#)[\p{L}\d_.-]+)+$/u],
]

export function habitOf(token: string): Habit | null {
  if (token.length > LONGEST || token.length < 2)
    return token.length === 1 && /\d/.test(token) ? 'numeric' : null
  for (const [habit, shape] of HABITS) if (shape.test(token)) return habit
  return null
}

/** Two humps at least: NotFound, APIKeyInvalid; not Error, not GET. */
export const isHumped = (token: string): boolean =>
  /[\p{Ll}\d]\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u.test(token) && !/^\p{Lu}+s$/u.test(token)

/** Looks like a code wherever it stands, not only in a column of codes. */
export function isStrong(token: string): boolean {
  const habit = habitOf(token)
  if (habit === 'pascal' || habit === 'camel') return isHumped(token) && !BRANDS.has(token.toLowerCase())
  return habit === 'snake' || habit === 'prefixed'
}

const BRANDS = new Set(
  'javascript typescript github gitlab graphql oauth openapi youtube paypal postgresql mysql mongodb dynamodb ios iphone macos nodejs webhook webhooks websocket websockets openai linkedin whatsapp wordpress bigquery cloudflare devops saas apis urls ids json'.split(
    ' ',
  ),
)

const HEADER_HEADS =
  /^(?:x|retry|content|accept|user|cache|www|set|if|rate|ratelimit|idempotency|request|correlation|stripe|last|proxy|access|transfer|location|date|host|cf|amz)-/i
const METHODS = new Set('GET POST PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT'.split(' '))
const ABBREVIATIONS = new Set(
  'MUST SHOULD MAY SHALL REQUIRED RECOMMENDED HTTP HTTPS API APIS URL URLS URI JSON XML HTML CSV YAML SDK CLI UI UTC ISO RFC TLS SSL JWT SQL DNS IP ID IDS UUID GUID TTL SSE REST SOAP CORS CSRF PDF SMS OK NOTE TIP WARNING IMPORTANT TODO FAQ SELECT INSERT UPDATE FROM WHERE JOIN NULL TRUE FALSE AND OR NOT USD EUR GBP JPY PIN OTP KYC SAML SSO MFA IAM AWS GCP CPU GB MB KB TB US EU UTF ASCII MD HMAC RSA AES'.split(
    ' ',
  ),
)
const ENVELOPE_WORDS = new Set(
  'success data error errors code message messages details detail meta request_id requestid trace_id status type title instance params param field reason error_code errorcode error_message errormessage error_description error_type error_uri documentation_url doc_url retry_after retryable idempotency_key api_key access_token refresh_token client_id client_secret grant_type correlation_id timestamp path value resource more_info charge decline_code api_version response_code status_code http_status user_agent'.split(
    ' ',
  ),
)
const PLACEHOLDER =
  /machine[_-]?readable|^(?:your|my|some|sample|example)[_-]|^(?:string|error_?code|error_?name|code|text|value|foo|bar|null|none|true|false|xxx+|n\/a|int(?:eger)?|number|object|array|boolean|optional|required|uuid|ok|success)$|placeholder|^(?:c[oó]digo_d[eo]_err(?:o|or)|code_d?_?erreur|codice_(?:d_?)?errore|fehler_?code|kod_b[lł][eę]du|код_ошибки)$|(?:code|error)[_-]here$|(?:^|[/.:-])(?:string|error|your|some)[-_]?code$|^lorem/i
/** What icons leave behind where a page is copied. */
const ICONS = new Set(
  'bookmark_border content_copy expand_more expand_less chevron_right chevron_left open_in_new more_vert arrow_back arrow_forward arrow_drop_down keyboard_arrow_down keyboard_arrow_right file_copy thumb_up thumb_down error_outline check_circle info_outline light_mode dark_mode account_circle'.split(
    ' ',
  ),
)
const FILE_OR_HOST =
  /(?:^www\.|\.(?:com|org|net|io|dev|app|example|test|js|ts|mjs|json|ya?ml|md|html?|py|go|rb|php|java|txt|csv|sh|png|svg|jpg)$)/i
const FIELD_PATH = /^(?:data|meta|body|response|request|res|req|err|e|ex|this|self|event|json|result)[.[]/i
/** `error.code`, not `error.throttled`. */
const ERROR_PATH = /^errors?(?:\[|(?:\.\w+)*\.(\w+)$)/i

/** How programs spell what headers of tables say: httpStatus, ErrorCode, error_code. */
const FIELD_NAME =
  /^(?:(?:error|err|http|status|response|api|is|can|sub|result|return|fault) ){0,2}(?:code|status|message|msg|description|desc|name|type|id|text|number|reason|details?|retryable|retriable|retry|action|meaning)$/

/** A field's name in a table's header or a body, whatever its spelling. */
export const isFieldName = (token: string): boolean =>
  isStrong(token) &&
  FIELD_NAME.test(
    token
      .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
      .replace(/[_-]+/g, ' ')
      .toLowerCase(),
  )

/** Why a token of a fitting shape is no code, or null. */
export function notACode(token: string): string | null {
  if (METHODS.has(token)) return 'an HTTP method'
  if (ABBREVIATIONS.has(token)) return 'an abbreviation'
  if (ENVELOPE_WORDS.has(token.toLowerCase()) || isFieldName(token)) return 'a field of the error body'
  if (/^HTTP\//i.test(token)) return 'a protocol'
  if (/^--/.test(token)) return 'a flag of a command'
  if (/^[1-5]xx$/i.test(token)) return 'a range of statuses'
  if (FIELD_PATH.test(token) || isErrorPath(token)) return 'the place of a field'
  if (HEADER_HEADS.test(token) && isHeaderName(token) && token !== 'rate-limit') return 'a header name'
  if (/^v?\d+(?:\.\d+){2,}$/i.test(token)) return 'a version'
  if (PLACEHOLDER.test(token)) return 'a placeholder'
  if (ICONS.has(token)) return 'the name of an icon'
  if (FILE_OR_HOST.test(token)) return 'a file or a host'
  return null
}

/** `rate-limit-exceeded` begins as a header does and ends as none. */
const isHeaderName = (token: string): boolean => /^(?:[xX]-|\p{Lu})/u.test(token) || HEADER_ENDS.test(token)
const HEADER_ENDS =
  /-(?:ids?|key|type|length|encoding|language|charset|ranges?|after|limit|remaining|reset|policy|control|agent|match|since|version|token|signature|authenticate|authorization|cookie|modified|ray|date|timestamp|host|name|count|event|origins?|methods?|headers|credentials|age)$/i

function isErrorPath(token: string): boolean {
  const found = ERROR_PATH.exec(token)
  if (!found) return false
  const [, last = ''] = found
  return last === '' || ENVELOPE_WORDS.has(last.toLowerCase()) || FIELD_NAME.test(last)
}

/** A token as it stands in a text, without quotes, markup and footnote marks around it. */
export const bareToken = (text: string): string =>
  text
    .trim()
    .replace(/^["'“”‘’«»`*([{<=~]+/, '')
    .replace(/(?:["'“”‘’«»`*)\]}>=~,;:.!?†‡§⁰¹²³⁴-⁹]|\[\^?\w{1,3}\])+$/, '')
