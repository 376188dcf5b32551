// HTTP statuses in the words of a page: "401", "502, 504", "500–599", "5xx", "Forbidden (403)", "Not Found".

export interface Statuses {
  exact: number[]
  /** 5 for 5xx. */
  hundreds: number[]
}

const REASONS = new Map<string, number>(
  Object.entries({
    'bad request': 400,
    unauthorized: 401,
    'payment required': 402,
    forbidden: 403,
    'not found': 404,
    'method not allowed': 405,
    'not acceptable': 406,
    'request timeout': 408,
    conflict: 409,
    gone: 410,
    'length required': 411,
    'precondition failed': 412,
    'payload too large': 413,
    'content too large': 413,
    'request entity too large': 413,
    'uri too long': 414,
    'unsupported media type': 415,
    'range not satisfiable': 416,
    'requested range not satisfiable': 416,
    'expectation failed': 417,
    'misdirected request': 421,
    'unprocessable entity': 422,
    'unprocessable content': 422,
    locked: 423,
    'failed dependency': 424,
    'too early': 425,
    'upgrade required': 426,
    'precondition required': 428,
    'too many requests': 429,
    'request header fields too large': 431,
    'unavailable for legal reasons': 451,
    'internal server error': 500,
    'not implemented': 501,
    'bad gateway': 502,
    'service unavailable': 503,
    'gateway timeout': 504,
    'http version not supported': 505,
    'insufficient storage': 507,
    'loop detected': 508,
  }),
)

const RANGE = /(?<![\w.-])([1-5]\d\d)\s?(?:-|–|—|\.\.\.?|…|to|bis|à|a)\s?([1-5]\d\d)(?![\w-])/g
const HUNDRED = /(?<![\w.])([1-5])(?:xx|XX|\*\*|00s|yz)(?!\w)/g
/** "500 or more". */
const AND_MORE = /(?<![\w.-])([45])00 (?:or|and) (?:more|above|higher|greater|up|over)\b/gi
const EXACT =
  /(?<![\w.,$€£#%/-]|\d )([1-5]\d\d)(?![\w%]|[.,]\d|-\w| ?(?:ms|kb|mb|gb|seconds|characters|requests|points|items|bytes|days)\b)/gi
/** HTTP/1.1 429. */
const PROTOCOL = /\bhttp\/[1-3](?:\.\d)?(?=\s)/gi
/** 401/403, 429,500. */
const RUN = /(?<![\d.,])([1-5]\d\d)[,/](?=[1-5](?:\d\d|xx)(?!\d|\.\d))/g
/** A range names the statuses that exist, not a hundred numbers. */
const REGISTERED = [
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423,
  424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
]
/** A wider range is a hundred, as 500–599. */
const WIDE = 20

export const isRegistered = (status: number): boolean => REGISTERED.includes(status)

const SOME = /[1-5](?:\d\d|xx|\*\*|yz)/i

/** The statuses a text names by number. Numbers that measure something are none. */
export function statusesIn(text: string): Statuses {
  if (!SOME.test(text)) return { exact: [], hundreds: [] }
  const exact = new Set<number>()
  const hundreds = new Set<number>()
  const rest = text
    .replace(PROTOCOL, ' ')
    .replace(RUN, '$1, ')
    .replace(RANGE, (all, from: string, to: string) => {
      const [low, high] = [Number(from), Number(to)]
      if (high <= low) return all
      if (high - low > WIDE) hundreds.add(Math.floor(low / 100))
      else for (const status of REGISTERED) if (status >= low && status <= high) exact.add(status)
      return ' '
    })
    .replace(AND_MORE, (_, digit: string) => {
      hundreds.add(Number(digit))
      return ' '
    })
    .replace(HUNDRED, (_, digit: string) => {
      hundreds.add(Number(digit))
      return ' '
    })
  for (const [, status] of rest.matchAll(EXACT)) exact.add(Number(status))
  return { exact: [...exact], hundreds: [...hundreds] }
}

/** A cell or a label's value: by number, else by HTTP's own words. */
export function statusesOfCell(text: string): Statuses {
  const found = statusesIn(text)
  if (found.exact.length > 0 || found.hundreds.length > 0) return found
  const named = REASONS.get(
    text
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ')
      .trim(),
  )
  return { exact: named === undefined ? [] : [named], hundreds: [] }
}

/** Of HTTP's own words: "not found". */
export const reasonStatus = (words: string): number | null => REASONS.get(words) ?? null

export const isReason = (text: string): boolean => REASONS.has(text.toLowerCase().trim())

/** "406", "406 Not Acceptable" and nothing else. */
export function statusAlone(text: string): number[] {
  const [, status, reason = ''] = /^(?:HTTP\s+)?([45]\d\d)(?:\s+(\S.{2,40}))?$/i.exec(text) ?? []
  return status !== undefined && (reason === '' || isReason(reason)) ? [Number(status)] : []
}

const NOT_IN_A_STATUS_CELL = /[a-z]{3,}/gi

/** Does a cell hold statuses and little else? */
export function isStatusCell(text: string): boolean {
  if (!/\d/.test(text)) return isReason(text)
  const { exact, hundreds } = statusesOfCell(text)
  if (exact.length === 0 && hundreds.length === 0) return false
  return (text.match(NOT_IN_A_STATUS_CELL) ?? []).length <= 6 && text.length <= 80
}

const LABELLED =
  /(?:http(?:[\s/-]*(?:1\.1|2))?[\s-]*(?:response[\s-]*)?(?:status|error|response)?[\s-]*(?:code|mapping)?|(?:response[\s-]*)?status(?:[\s-]*code)?|statut|estado|статус|ステータス(?:コード)?|状态码)\s*(?:[:=：]|is|of|will be)?\s*[`*"(]*\s*([1-5](?:\d\d|xx)\b[^.;\n]{0,60})/gi

/** Statuses that a running text labels as such: "HTTP status: 400", "(HTTP 402)", "returns a 401". */
export function labelledStatuses(text: string): Statuses {
  const exact = new Set<number>()
  const hundreds = new Set<number>()
  for (const [, value] of text.matchAll(LABELLED)) {
    // What follows is no unit: "status=503 bytes=0".
    const found = statusesIn(value.replace(/^(\d{3}) (?=\w+=)/, '$1, '))
    for (const status of found.exact) exact.add(status)
    for (const hundred of found.hundreds) hundreds.add(hundred)
  }
  for (const [, status] of text.includes('·') ? text.matchAll(SET_OFF) : []) exact.add(Number(status))
  return { exact: [...exact], hundreds: [...hundreds] }
}

/** "The quote has lapsed · 410". */
const SET_OFF = /\s·\s*([45]\d\d)(?=\s*(?:·|$|\n|\.(?:\s|$)))/g
