// What may be a code. A code is one word or number that a program can compare: an HTTP status that the body repeats is
// none, a reason phrase is none, a sentence is none.

const LONGEST = 128
/** Words that stand where codes stand and only say that this is an error, or what kind of thing it is. */
const SAYS_NOTHING = new Set(
  `any api array body client data default detail details doc docs err error error.list error_list error_response
  errorlist errorresponse errors exception exceptions fail failed failure fault false generic http https json list
  message none null object problem problems reason receiver reference response result root sender server service status
  string system text title true type undefined user warning xml n/a na`.split(/\s+/),
)
/** Where an API writes that all is well in the place of a code. */
const SUCCESS = new Set(
  'ok success succeeded successful successfully true none null no_error noerror normal'.split(' '),
)

/** HTTP's reason phrases, as servers write them; `unauthorized` in small letters is somebody's code. */
const PHRASES = new Set(
  `Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Not Acceptable|Proxy Authentication
  Required|Request Timeout|Request Time-out|Conflict|Gone|Length Required|Precondition Failed|Payload Too Large|Content
  Too Large|Request Entity Too Large|URI Too Long|Request-URI Too Long|Unsupported Media Type|Range Not
  Satisfiable|Expectation Failed|I'm a teapot|Misdirected Request|Unprocessable Entity|Unprocessable
  Content|Locked|Failed Dependency|Too Early|Upgrade Required|Precondition Required|Too Many Requests|Request Header
  Fields Too Large|Unavailable For Legal Reasons|Internal Server Error|Not Implemented|Bad Gateway|Service
  Unavailable|Service Temporarily Unavailable|Gateway Timeout|Gateway Time-out|HTTP Version Not Supported|Insufficient
  Storage|Loop Detected|Not Extended|Network Authentication Required`
    .replace(/\s+/g, ' ')
    .split('|'),
)

/** The statuses of HTTP errors that exist, the unofficial ones of well-known servers included. */
const isKnownStatus = (number: number): boolean =>
  (number >= 400 && number <= 431) ||
  number === 451 ||
  number === 499 ||
  (number >= 500 && number <= 511) ||
  (number >= 520 && number <= 530)

export const isPhrase = (text: string): boolean => PHRASES.has(text)

/** Does a number only repeat the response's status, or another one of HTTP? */
export const repeatsStatus = (number: number, status: number): boolean =>
  number === status || isKnownStatus(number)

/** `ns#Name:http://…` → `Name`, as AWS qualifies its codes; other texts stay. */
export function unqualified(text: string): string {
  const name = text.slice(text.indexOf('#') + 1)
  const uri = name.search(/:https?:\/\//)
  return uri > 0 ? name.slice(0, uri) : name
}

/** Is it one word of code style: letters and digits with inner `_ - . : / #`, and does it say something? */
export function isWord(text: string): boolean {
  if (text.length < 2 || text.length > LONGEST) return false
  return /^[A-Za-z][\w.:/#-]*$/.test(text) && !SAYS_NOTHING.has(text.toLowerCase()) && !text.includes('//')
}

const UPPER_SNAKE = /^[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+$/
const LOWER_SNAKE = /^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+$/
const CAMEL =
  /^(?:[A-Z][a-z0-9]+){2,8}$|^[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+){1,8}$|^[A-Z][A-Za-z0-9]*(?:Error|Exception|Fault)$/

export const isUpper = (text: string): boolean => /^[A-Z][A-Z0-9]*$/.test(text) || UPPER_SNAKE.test(text)
export const isUpperSnake = (text: string): boolean => UPPER_SNAKE.test(text)
export const isSnake = (text: string): boolean => UPPER_SNAKE.test(text) || LOWER_SNAKE.test(text)
export const isCamel = (text: string): boolean => CAMEL.test(text)

export const isSuccessWord = (text: string): boolean => SUCCESS.has(text.toLowerCase())

/** A value at a place that is made for a code: any number or short text but success; a repeated status is judged apart. */
export function explicitCode(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) && value !== 0 ? String(value) : null
  if (typeof value !== 'string' || value.length > 2 * LONGEST) return null
  const text = unqualified(value.trim())
  if (text === '' || text === '0' || text.length > LONGEST || isSuccessWord(text)) return null
  if (SAYS_NOTHING.has(text.toLowerCase())) return null
  if (text.includes('://')) return null
  // A few words are a code that somebody wrote with spaces; more are a sentence.
  const words = text.split(/\s+/, 6).length
  return words <= 5 && !/[.!?]$|[\n\r]|, /.test(text) && (words <= 3 || text.length <= 40) ? text : null
}
