import { codeKey } from '../../../instrumentation/read-error/code-keys.ts'
import { problemCode } from '../../../instrumentation/read-error/problem-type.ts'
import { habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { isReason, reasonStatus } from '../words/status-text.ts'

// Which field of an error body holds its code, and which its status and words.

/** Of what is not made for codes, the surest first. */
export const OTHER_KEYS = [
  'error_type',
  '__type',
  'reason',
  'errorType',
  'error',
  'status',
  'type',
  'name',
  'id',
]

/** `kod`, `codigo`, `エラーコード`. */
const CODE_ABROAD =
  /^(?!.*(?:http|status|statut|стат))(?:.*[\s_])?(?:k[oó]d|codigo|código|codice|fehlercode|felkod|fejlkode|feilkode|virhekoodi|hata_?kodu|code_?(?:d_?)?erreur)(?:[\s_].*)?$|コード|错误码|錯誤碼|错误代码|(?:^|_)код|코드/i

/** `error_label`, `errorSlug`. */
const NAMING_KEY = /^(?:error|err|fault)[_-]?(?:label|slug|symbol|identifier|constant)$/i

export const WORDS_KEYS =
  /^(?:message|msg|err_?msg|err|error_?message|mensagem|mensaje|messaggio|meldung|nachricht|melding|beskrivning|besked|komunikat|описание|сообщение|メッセージ|错误信息|메시지|error_?description|detail|description|title|errorMessage|Message|error_msg|text|display_?message|user_?message|hint|explanation|meaning|info|details?|cause)$/i

export const STATUS_KEYS = /^(?:status|status_?code|http_?status|http_?code|http_?status_?code|http|code)$/i

export const ERROR_PLACE = /^(?:errors?|fault|exception|problem|failures?)$/i

/** `least`: a listing of codes may have some that come with a success. */
export const statusOf = (value: unknown, least = 400): number[] => {
  const number = Number(value)
  return Number.isInteger(number) && number >= least && number <= 599 ? [number] : []
}

const saysStatus = (object: Record<string, unknown>): boolean =>
  Object.entries(object).some(([key, each]) => STATUS_KEYS.test(key) && statusOf(each).length > 0)

/** `"code": 403, "error": "Forbidden"`: HTTP's own words for the status beside. */
const isOwnReason = (token: string, object: Record<string, unknown>): boolean =>
  /^\p{Lu}\p{Ll}/u.test(token) &&
  isReason(token) &&
  Object.entries(object).some(
    ([key, each]) => STATUS_KEYS.test(key) && statusOf(each)[0] === reasonStatus(token.toLowerCase()),
  )

/** `EOrder:Insufficient funds`: a name for a family, and words. */
const isWorded = (token: string): boolean => {
  const [family, words] = token.split(':', 2)
  return isStrong(family) && words !== undefined && /^\p{L}[\p{L}\d' -]{1,80}$/u.test(words)
}

/** A name made for codes; `statusCode` is HTTP's. */
export const isCodeKey = (key: string): boolean =>
  (costOf(key) <= 2 && !/^status/i.test(key)) || NAMING_KEY.test(key) || CODE_ABROAD.test(key)

/** Names without case and separators, as they are compared in responses. */
const costOf = (key: string): number => {
  const found = codeKey(key.toLowerCase().replace(/[_\-\s.]/g, ''))
  return found?.form === 'explicit' || found?.form === 'id' ? found.cost : 3
}

export function codeOf(object: Record<string, unknown>, place: string): string | null {
  const keys = Object.keys(object)
  const inError = place !== ''
  const isError =
    inError ||
    object.success === false ||
    object.ok === false ||
    keys.some((key) => isCodeKey(key) && !/^code$/i.test(key)) ||
    keys.some((key) => WORDS_KEYS.test(key))
  if (!isError) return null
  // What holds errors only wraps them: `"type": "error.list"`.
  const wraps = keys.some(
    (key) => ERROR_PLACE.test(key) && typeof object[key] === 'object' && object[key] !== null,
  )
  const named = keys.filter(isCodeKey).sort((a, b) => costOf(a) - costOf(b))
  for (const key of wraps ? named : [...named, ...OTHER_KEYS]) {
    const value = object[key]
    if (typeof value === 'number') {
      const isCode = key !== 'status' && Number.isInteger(value) && (Math.abs(value) >= 1000 || value < 0)
      if (isCode) return String(value)
      continue
    }
    if (typeof value !== 'string' || value.length > 128) continue
    const address = key === 'type' && /^(?:https?:|urn:|\/)/.test(value) ? problemCode(value) : null
    const token = address ?? (key === '__type' ? (value.split('#').pop() as string) : value)
    const habit = habitOf(token) ?? (key === 'code' && isWorded(token) ? 'path' : null)
    if (habit === null || notACode(token) !== null || /^0+$/.test(token) || isOwnReason(token, object))
      continue
    if (
      key === 'type' &&
      address === null &&
      (token === 'error' || !/error|invalid|_|[a-z][A-Z]/.test(token))
    )
      continue
    if (key === 'status' && !/^[A-Z_]{4,}$/.test(token) && !(inError && /^[a-z]+(?:_[a-z]+)+$/.test(token)))
      continue
    // An error's identifier, not a thing's.
    const isNamed =
      /^[a-z]+(?:[_-][a-z]+)+$/i.test(token) || (/^[A-Z]{3,}$/.test(token) && saysStatus(object))
    if (key === 'id' && (!inError || !isNamed)) continue
    if (key === 'name' && !/error|exception|[A-Z_]{4,}/i.test(token)) continue
    if (habit === 'numeric' && statusOf(token).length > 0) continue
    return token
  }
  return null
}
